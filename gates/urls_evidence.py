"""Addresses of evidence, in the namespace of this room."""

from django.urls import path

from gates.views import criterion_evidence, evidence, evidence_change

_LIBRARY = "pilots/<str:code>/evidence/"
_PIECE = f"{_LIBRARY}<int:evidence>/"
urlpatterns = [
    path(_LIBRARY, evidence.evidence_list, name="evidence-list"),
    path(f"{_LIBRARY}add/", evidence_change.evidence_add, name="evidence-add"),
    path(_PIECE, evidence.evidence_detail, name="evidence-detail"),
    path(f"{_PIECE}file", evidence.evidence_file, name="evidence-file"),
    path(f"{_PIECE}supports/", evidence_change.evidence_use, name="evidence-use"),
    path(f"{_PIECE}replace/", evidence_change.evidence_replace, name="evidence-replace"),
    path(f"{_PIECE}withdraw/", evidence_change.evidence_withdraw, name="evidence-withdraw"),
    path(
        "pilots/<str:code>/gates/<slug:gate>/criteria/<slug:criterion>/evidence/",
        criterion_evidence.criterion_evidence,
        name="criterion-evidence",
    ),
]
