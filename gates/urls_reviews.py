"""Addresses of gate reviews, in the namespace of this room."""

from django.urls import path

from gates.views import concluding, preparing, review, review_queue

_GATE = "pilots/<str:code>/gates/<slug:gate>/"
_CRITERION = f"{_GATE}criteria/<slug:criterion>/"
urlpatterns = [
    path("reviews/", review_queue.review_queue, name="review-queue"),
    path(_GATE, review.review_detail, name="review-detail"),
    path(f"{_GATE}prepare/", preparing.review_prepare, name="review-prepare"),
    path(f"{_GATE}submit/", preparing.review_submit, name="review-submit"),
    path(f"{_GATE}conclude/", concluding.review_conclude, name="review-conclude"),
    path(f"{_GATE}return/", concluding.review_return, name="review-return"),
    path(f"{_GATE}reopen/", concluding.review_reopen, name="review-reopen"),
    path(_CRITERION, review.criterion_assess, name="criterion-assess"),
    path(f"{_CRITERION}claim/", preparing.claim_save, name="claim-save"),
    path(f"{_CRITERION}comments/", review.comment_add, name="comment-add"),
]
