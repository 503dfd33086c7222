from django.urls import path

from gates import urls_drift
from gates.views import review

app_name = "gates"
_GATE = "pilots/<str:code>/gates/<slug:gate>/"
urlpatterns = [
    path("reviews/", review.review_queue, name="review-queue"),
    path(_GATE, review.review_detail, name="review-detail"),
    path(f"{_GATE}criteria/<slug:criterion>/", review.criterion_assess, name="criterion-assess"),
    path(f"{_GATE}conclude/", review.review_conclude, name="review-conclude"),
    *urls_drift.urlpatterns,
]
