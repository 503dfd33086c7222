"""Putting the record right: superseding a decision, and recording one that was taken before its pilot came here."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle
from accounts.posting import add_errors, once, redirect_to
from gates.afterwards import afterwards_obstacles, past_round, record_afterwards
from gates.correcting import Correction
from gates.deciding import supersede_decision
from gates.forms.decision import AfterwardsForm, SupersedeForm
from gates.forms.review_conditions import ConditionFormSet, condition_forms
from gates.models import Decision, Proposal
from gates.paths import hearing_obstacles, how_decided, manner_of
from gates.permissions import decision_obstacles
from gates.queries import committee_of, day_of, decisions_visible_to
from gates.states import DecisionManner, path_of
from gates.terms import Checked, Terms
from gates.voting import open_proposal
from portfolio.models import Pilot
from portfolio.states import Outcome
from portfolio.views.fetching import visible_pilot


@access(signed_in)
@once
def decision_supersede(request: SignedInRequest, number: str) -> HttpResponse:
    """Record a decision that supersedes this one, or put it before the committee where the pilot's path asks for it."""
    rows = decisions_visible_to(request.user).select_related("round__pilot__unit", "superseded_by").defer("snapshot")
    old = get_object_or_404(rows, number=number)
    pilot = old.round.pilot
    if any(one.code != "no_committee" for one in decision_obstacles(request.user, pilot)):
        raise PermissionDenied("to chair the pilot's committee, and no part in this pilot")
    known = [Checked(**one) for one in old.checklist]
    if request.method != "POST":
        return _supersede_page(request, old, SupersedeForm(initial=_said(old), proposed=known))
    form, conditions = SupersedeForm(request.POST, proposed=known), condition_forms(pilot, request.POST)
    if not (form.is_valid() and conditions.is_valid()):
        return _supersede_page(request, old, form, conditions, status=422)
    try:
        done = _superseded(request, old, form, conditions)
    except ValidationError as error:
        return _supersede_page(request, old, form, conditions, refusal=add_errors(form, error), status=422)
    if isinstance(done, Decision):
        messages.success(request, f"{done.number} is recorded, and supersedes {old.number}.")
    else:
        messages.success(request, "The correction is before the committee.")
    return redirect_to(request, done.get_absolute_url())


@access(signed_in)
@once
def decision_afterwards(request: SignedInRequest, code: str) -> HttpResponse:
    """Record what was decided of a round that was over before the pilot came here."""
    pilot = visible_pilot(request.user, code)
    round_ = past_round(pilot)
    obstacles = afterwards_obstacles(request.user, pilot, round_)
    if any(one.code == "not_recorder" for one in obstacles):
        raise PermissionDenied("to chair the pilot's committee, or to manage the portfolio")
    form, status, refusal = AfterwardsForm(request.POST or None), 200, obstacles
    if request.method == "POST" and round_:
        status = 422
        if form.is_valid():
            said, now = form.cleaned_data, timezone.now()
            try:
                decision = record_afterwards(
                    actor=request.user, pilot=pilot, outcome=Outcome(said["outcome"]), rationale=said["rationale"],
                    terms=form.terms(), decided_on=said["decided_on"], deciders=said["deciders"],
                    today=day_of(committee_of(pilot), now), now=now,
                )  # fmt: skip
            except ValidationError as error:
                refusal = add_errors(form, error)
            else:
                messages.success(request, f"{decision.number} is recorded, marked as taken before.")
                return redirect_to(request, decision.get_absolute_url())
    context = {"pilot": pilot, "round": round_, "form": form, "refusal": refusal}
    return render(request, "gates/decision_afterwards.html", context, status=status)


def _said(old: Decision) -> dict[str, Any]:
    """What the form begins with: all that the decision says."""
    return {name: getattr(old, name) for name in ("outcome", "rationale", *vars(Terms())) if name != "checklist"}


def _superseded(
    request: SignedInRequest, old: Decision, form: SupersedeForm, conditions: ConditionFormSet
) -> Decision | Proposal:
    now, said, pilot = timezone.now(), form.cleaned_data, old.round.pilot
    matter: dict[str, Any] = {
        "actor": request.user,
        "outcome": Outcome(said["outcome"]),
        "rationale": said["rationale"],
        "terms": form.terms(),
        "conditions": conditions.terms(),
        "today": day_of(committee_of(pilot), now),
        "now": now,
    }
    reason = said["supersedes_reason"]
    if _manner(pilot, old) is None:
        return supersede_decision(decision=old, reason=reason, **matter)
    vote = {name: said[name] for name in ("in_meeting", "closes_at", "hidden")}
    return open_proposal(pilot=pilot, corrects=Correction(old, reason), seen=None, **vote, **matter)


def _manner(pilot: Pilot, old: Decision) -> DecisionManner | None:
    committee = committee_of(pilot)
    return manner_of(pilot, old.round, committee) if committee else None


def _supersede_page(
    request: SignedInRequest,
    old: Decision,
    form: SupersedeForm,
    conditions: ConditionFormSet | None = None,
    *,
    refusal: list[Obstacle] | None = None,
    status: int = 200,
) -> HttpResponse:
    pilot, manner = old.round.pilot, _manner(old.round.pilot, old)
    committee = committee_of(pilot)
    unheard = hearing_obstacles(pilot, old.round, committee, timezone.now()) if committee and manner is None else []
    context = {
        "decision": old,
        "later": getattr(old, "superseded_by", None),
        "pilot": pilot,
        "form": form,
        "conditions": conditions or condition_forms(pilot),
        "open_conditions": list(old.conditions.open().select_related("owner")),
        "manner": manner,
        "notice": DecisionManner.CHAIR_ON_NOTICE,
        "path": path_of(pilot.risk_class),
        "how": how_decided(pilot, committee),
        "unheard": unheard,
        "refusal": refusal,
    }
    return render(request, "gates/decision_supersede.html", context, status=status)
