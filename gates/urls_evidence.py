"""Addresses of evidence, in the namespace of this room."""

from django.urls import path

from gates.views import evidence

_LIBRARY = "pilots/<str:code>/evidence/"
_PIECE = f"{_LIBRARY}<int:evidence>/"
urlpatterns = [
    path(_LIBRARY, evidence.evidence_list, name="evidence-list"),
    path(_PIECE, evidence.evidence_detail, name="evidence-detail"),
]
