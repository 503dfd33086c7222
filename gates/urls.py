from django.urls import path, re_path

from gates import urls_clinic, urls_drift, urls_evidence, urls_gate_sets, urls_meetings, urls_reviews
from gates.views import committee, decision, decision_correction, decision_log, deferral, digest, my_work, proposal

app_name = "gates"
_PROPOSAL = "pilots/<str:code>/proposals/<int:pk>/"
_COMMITTEE = "settings/committees/<slug:slug>/"
urlpatterns = [
    *urls_gate_sets.urlpatterns,  # before the gates of a pilot: "move" is none of them
    path("", my_work.my_work, name="my-work"),
    path("pilots/<str:code>/decide/", decision.decision_create, name="decision-create"),
    path("pilots/<str:code>/decided-before/", decision_correction.decision_afterwards, name="decision-afterwards"),
    path("pilots/<str:code>/defer/", deferral.deferral_create, name="deferral-create"),
    path(_PROPOSAL, proposal.proposal_detail, name="proposal-detail"),
    path(f"{_PROPOSAL}vote/", proposal.vote_cast, name="vote-cast"),
    path(f"{_PROPOSAL}recuse/", proposal.vote_recuse, name="vote-recuse"),
    path(f"{_PROPOSAL}close/", proposal.vote_close, name="vote-close"),
    path(f"{_PROPOSAL}call-in/", proposal.proposal_call_in, name="proposal-call-in"),
    path(f"{_PROPOSAL}withdraw/", proposal.proposal_withdraw, name="proposal-withdraw"),
    path(f"{_PROPOSAL}record/", proposal.proposal_record, name="proposal-record"),
    path("decisions/", decision_log.decision_list, name="decision-list"),
    re_path(r"^decisions/decisions\.(?P<kind>csv|xlsx)$", decision_log.decision_export, name="decision-export"),
    path("decisions/<str:number>/", decision_log.decision_detail, name="decision-detail"),
    path("decisions/<str:number>/supersede/", decision_correction.decision_supersede, name="decision-supersede"),
    path("decisions/<str:number>/snapshot.json", decision_log.decision_snapshot, name="decision-snapshot"),
    path("committees/<slug:slug>/", committee.committee_detail, name="committee-detail"),
    path("settings/committees/", committee.committee_list, name="committee-list"),
    path("settings/committees/add/", committee.committee_create, name="committee-create"),
    path(_COMMITTEE, committee.committee_edit, name="committee-edit"),
    path(f"{_COMMITTEE}seats/", committee.seat_create, name="seat-create"),
    path(f"{_COMMITTEE}seats/<int:person>/end/", committee.seat_end, name="seat-end"),
    path("settings/reviewers/", committee.reviewer_list, name="reviewer-list"),
    path("settings/reviewers/<slug:function>/<int:person>/end/", committee.reviewer_end, name="reviewer-end"),
    path("account/digests/", digest.digest_list, name="digest-list"),
    path("account/digests/next/", digest.digest_next, name="digest-next"),
    path("account/digests/<int:pk>/", digest.digest_detail, name="digest-detail"),
    *urls_clinic.urlpatterns,
    *urls_drift.urlpatterns,
    *urls_evidence.urlpatterns,
    *urls_meetings.urlpatterns,
    *urls_reviews.urlpatterns,
]
