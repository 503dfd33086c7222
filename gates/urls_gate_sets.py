"""Addresses of gate sets and precedents, in the namespace of this room."""

from django.urls import path

from gates.views import gate_draft, gate_set, precedent, round_move

_SET = "settings/gate-sets/<int:version>/"
_GATE = f"{_SET}gates/<slug:gate>/"
_CRITERION = f"{_GATE}criteria/<slug:criterion>/"
_ASSESSED = "pilots/<str:code>/gates/<slug:gate>/criteria/<slug:criterion>/"
urlpatterns = [
    path("settings/gate-sets/", gate_set.gate_set_list, name="gate-set-list"),
    path("settings/gate-sets/begin/", gate_set.gate_set_begin, name="gate-set-begin"),
    path(_SET, gate_set.gate_set_detail, name="gate-set-detail"),
    path(f"{_SET}difference/", gate_set.gate_set_difference, name="gate-set-difference"),
    path(f"{_SET}publish/", gate_set.gate_set_publish, name="gate-set-publish"),
    path(f"{_SET}discard/", gate_set.gate_set_discard, name="gate-set-discard"),
    path(_GATE, gate_draft.gate_edit, name="gate-edit"),
    path(f"{_GATE}add/", gate_draft.criterion_create, name="criterion-create"),
    path(_CRITERION, gate_draft.criterion_edit, name="criterion-edit"),
    path(f"{_CRITERION}move/", gate_draft.criterion_move, name="criterion-move"),
    path(f"{_CRITERION}retire/", gate_draft.criterion_retire, name="criterion-retire"),
    path(f"{_CRITERION}bring-back/", gate_draft.criterion_bring_back, name="criterion-bring-back"),
    path("pilots/<str:code>/gates/move/", round_move.round_move, name="round-move"),
    path("precedents/", precedent.precedent_list, name="precedent-list"),
    path(f"{_ASSESSED}precedent/", precedent.precedent_create, name="precedent-create"),
    path("pilots/<str:code>/precedents/<int:pk>/withdraw/", precedent.precedent_withdraw, name="precedent-withdraw"),
]
