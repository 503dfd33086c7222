"""Addresses of gate reviews, in the namespace of this room."""

from django.urls import path

from gates.views import concluding, condition, pilot_reviewers, preparing, reuse, review, review_queue, review_times

_GATE = "pilots/<str:code>/gates/<slug:gate>/"
_CRITERION = f"{_GATE}criteria/<slug:criterion>/"
urlpatterns = [
    path("reviews/", review_queue.review_queue, name="review-queue"),
    path("reviews/times/", review_times.review_times, name="review-times"),
    path("reviews/substitutes/", review_queue.substitute_list, name="substitute-list"),
    path("reviews/substitutes/<int:pk>/end/", review_queue.substitute_end, name="substitute-end"),
    path("reviews/<int:pk>/take/", review_queue.request_take, name="request-take"),
    path("reviews/<int:pk>/hand-over/", review_queue.request_hand_over, name="request-hand-over"),
    path("pilots/<str:code>/reviewers/", pilot_reviewers.pilot_reviewers, name="pilot-reviewers"),
    path("pilots/<str:code>/conditions/<int:pk>/", condition.condition_detail, name="condition-detail"),
    path("pilots/<str:code>/conditions/<int:pk>/meet/", condition.condition_meet, name="condition-meet"),
    path("pilots/<str:code>/conditions/<int:pk>/accept/", condition.condition_accept, name="condition-accept"),
    path("pilots/<str:code>/conditions/<int:pk>/return/", condition.condition_return, name="condition-return"),
    path("pilots/<str:code>/conditions/<int:pk>/waive/", condition.condition_waive, name="condition-waive"),
    path(_GATE, review.review_detail, name="review-detail"),
    path(f"{_GATE}prepare/", preparing.review_prepare, name="review-prepare"),
    path(f"{_GATE}submit/", preparing.review_submit, name="review-submit"),
    path(f"{_GATE}conclude/", concluding.review_conclude, name="review-conclude"),
    path(f"{_GATE}return/", concluding.review_return, name="review-return"),
    path(f"{_GATE}reopen/", concluding.review_reopen, name="review-reopen"),
    path(_CRITERION, review.criterion_assess, name="criterion-assess"),
    path(f"{_CRITERION}claim/", preparing.claim_save, name="claim-save"),
    path(f"{_CRITERION}comments/", review.comment_add, name="comment-add"),
    path(f"{_CRITERION}reuse/", reuse.reuse_add, name="reuse-add"),
    path(f"{_CRITERION}reuse/<int:pk>/end/", reuse.reuse_end, name="reuse-end"),
]
