"""Deciding: what suffices to decide, and the form that records a decision or puts it before the committee."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.deciding import record_decision
from gates.decision_brief import Brief, decision_brief
from gates.forms.decision import DecisionForm
from gates.forms.review_conditions import ConditionFormSet, condition_forms
from gates.models import Decision, Proposal
from gates.queries import committee_of, day_of, session_seen_by
from gates.scale_checks import proposed_answers
from gates.states import DecisionManner
from gates.terms import Checked
from gates.views.late import TooLate
from gates.voting import open_proposal
from portfolio.models import Pilot
from portfolio.states import Outcome
from portfolio.views.fetching import visible_pilot

#: The button by which a chair who decides asks for the members' votes first.
HEAR = "hear"
#: What the form's button does, by how the pilot's path lets the decision be taken.
VERBS = {
    None: "Record the decision",
    DecisionManner.CHAIR_ON_NOTICE: "Give the members notice",
    DecisionManner.VOTE: "Put it to the vote",
    DecisionManner.VOTE_IN_MEETING: "Put it to the vote",
}


@access(signed_in)
@once
def decision_create(request: SignedInRequest, code: str) -> HttpResponse:
    """What suffices to decide, and the form that records the decision; others read why it is not theirs.

    Where the pilot's path asks for a notice or a vote, the same form puts the decision before the committee; so may a
    chair who decides after hearing.
    """
    pilot = visible_pilot(request.user, code)
    brief = _brief(request, pilot)
    if request.method != "POST":
        initial: dict[str, object] = (
            {"round": brief.round.number, "version": brief.round.version} if brief.round else {}
        )
        initial["in_meeting"] = session_seen_by(request.user, brief.committee) is not None
        if brief.window:
            initial["launch_on"] = brief.window.latest
        return _page(request, brief, DecisionForm(initial=initial, proposed=_proposed(brief)), condition_forms(pilot))
    form = DecisionForm(request.POST, proposed=_proposed(brief))
    conditions = condition_forms(pilot, request.POST)
    if brief.personal or not (form.is_valid() and conditions.is_valid()):
        return _page(request, brief, form, conditions, status=403 if brief.personal else 422)
    return _recorded(request, brief, form, conditions)


def _proposed(brief: Brief) -> Sequence[Checked]:
    return proposed_answers(brief.grounds) if brief.grounds else ()


def _recorded(request: SignedInRequest, brief: Brief, form: DecisionForm, conditions: ConditionFormSet) -> HttpResponse:
    pilot = brief.pilot
    try:
        done = _record(request, brief, form, conditions)
    except StaleError:
        return _stale(request, pilot, form)
    except ValidationError as error:
        first = _decided(pilot, form)
        if first:
            return _late(request, pilot, form, first)
        return _page(request, brief, form, conditions, refusal=add_errors(form, error), status=422)
    if isinstance(done, Decision):
        messages.success(request, f"{done.number} is recorded: {done.get_outcome_display().lower()}.")
    elif done.is_notice:
        messages.success(request, "The members have notice. In 48 hours you can record the decision.")
    else:
        messages.success(request, "The committee can vote.")
    return redirect_to(request, done.get_absolute_url())


def _brief(request: SignedInRequest, pilot: Pilot) -> Brief:
    now = timezone.now()
    return decision_brief(pilot=pilot, reader=request.user, today=day_of(committee_of(pilot), now), now=now)


def _record(
    request: SignedInRequest, brief: Brief, form: DecisionForm, conditions: ConditionFormSet
) -> Decision | Proposal:
    now, said, pilot = timezone.now(), form.cleaned_data, brief.pilot
    matter = {
        "actor": request.user,
        "pilot": pilot,
        "outcome": Outcome(said["outcome"]),
        "rationale": said["rationale"],
        "terms": form.terms(),
        "conditions": conditions.terms(),
        "seen": said["version"],
        "seen_round": said["round"],
        "today": day_of(committee_of(pilot), now),
        "now": now,
    }
    if brief.manner is None and HEAR not in request.POST:
        return record_decision(**matter)
    return open_proposal(in_meeting=said["in_meeting"], closes_at=said["closes_at"], hidden=said["hidden"], **matter)


def _page(
    request: SignedInRequest,
    brief: Brief,
    form: DecisionForm,
    conditions: ConditionFormSet | None = None,
    *,
    refusal: list[Obstacle] | None = None,
    late: TooLate | None = None,
    changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    session = session_seen_by(request.user, brief.committee)
    context = {
        "brief": brief,
        "pilot": brief.pilot,
        "form": form,
        "conditions": conditions or condition_forms(brief.pilot),
        "verb": VERBS[DecisionManner.VOTE if session and brief.manner else brief.manner],
        "session": session,
        "notice": DecisionManner.CHAIR_ON_NOTICE,
        "refusal": refusal,
        "late": late,
        "changed": changed,
        "hears": HEAR in request.POST,
        "clock": brief.clock,
    }
    return render(request, "gates/decision_create.html", context, status=status)


def _stale(request: SignedInRequest, pilot: Pilot, form: DecisionForm) -> HttpResponse:
    first = _decided(pilot, form)
    if first:
        return _late(request, pilot, form, first)
    pilot = visible_pilot(request.user, pilot.code)
    brief = _brief(request, pilot)
    seen = {"round": brief.round.number, "version": brief.round.version} if brief.round else {}
    again = request.POST.copy()
    for name, value in seen.items():
        again[name] = str(value)
    form = DecisionForm(again, proposed=_proposed(brief))
    return _page(request, brief, form, condition_forms(pilot, request.POST), changed=True, status=409)


def _decided(pilot: Pilot, form: DecisionForm) -> Decision | None:
    decisions = Decision.objects.filter(round__pilot=pilot, round__number=form.cleaned_data["round"])
    return decisions.select_related("recorded_by").order_by("-pk").first()


def _late(request: SignedInRequest, pilot: Pilot, form: DecisionForm, first: Decision) -> HttpResponse:
    pilot = visible_pilot(request.user, pilot.code)
    said = [
        (str(field.label), str(field.value()))
        for field in form
        if field.name not in {"outcome", "round", "version"} and field.value()
    ]
    late = TooLate(
        title="This round is decided already",
        by=str(first.recorded_by or "Somebody"),
        at=first.recorded_at,
        url=first.get_absolute_url(),
        label=f"Read {first.number}",
        theirs=[("Decision", first.get_outcome_display()), ("Why", first.rationale)],
        yours=[("Decision", Outcome(form.cleaned_data["outcome"]).label), *said],
    )
    return _page(request, _brief(request, pilot), form, late=late, status=409)
