"""The contract while a round is in draft: filling it in, and agreeing on success criteria."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from portfolio.agreement import ANSWERS, agreed_contracts, is_blank
from portfolio.criteria import TERMS, agreed_criteria
from portfolio.gap_kinds import CRITERIA
from portfolio.locking import locked_pilot, open_round
from portfolio.models import Contract, Pilot, Round, SuccessCriterion
from portfolio.questions import BY_SLUG, STEP_OF
from portfolio.standing import keep_facts
from portfolio.states import RoundState

#: Where to turn when the contract is frozen.
FROZEN = "The round has started, so what was agreed stands. Write an amendment."


@verb
def fill_in(*, actor: User | None, pilot: Pilot, seen: int | None, now: datetime, **answers: Any) -> Contract:
    """Write answers of the drafted round's contract; `seen` is 0 where there was none yet.

    `answers` are those of `ANSWERS`. StaleError when somebody else wrote since; refuses once the round has started.
    """
    pilot = locked_pilot(pilot)
    current = drafted(pilot)
    contract = Contract.objects.filter(round=current).first() or Contract(round=current, version=0)
    changed = {name: value for name, value in only(ANSWERS, answers).items() if getattr(contract, name) != value}
    if not changed:  # the same text twice is no conflict
        return contract
    compare_and_step(contract, seen)
    for name, value in changed.items():
        setattr(contract, name, value)
    contract.full_clean(exclude=["round"])
    contract.save()
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    said = {"about": about(changed), "fields": sorted(changed)}
    note(actor, "portfolio.contract.edited", contract, now=now, scope=pilot.scope, **said)
    return contract


@verb
def set_window(
    *,
    actor: User | None,
    pilot: Pilot,
    seen: int | None,
    now: datetime,
    starts_on: date | None,
    planned_end: date | None,
    decision_due: date | None,
) -> Round:
    """Plan the window of the drafted round (requirement 17): start, planned end, decision due."""
    pilot = locked_pilot(pilot)
    current = drafted(pilot)
    if (current.starts_on, current.planned_end, current.decision_due) == (starts_on, planned_end, decision_due):
        return current
    compare_and_step(current, seen)
    refuse_any(window_obstacles(starts_on, planned_end, decision_due))
    current.starts_on, current.planned_end, current.decision_due = starts_on, planned_end, decision_due
    current.save(update_fields=["starts_on", "planned_end", "decision_due", "version"])
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    window = {"starts_on": starts_on, "planned_end": planned_end, "decision_due": decision_due}
    note(actor, "portfolio.window.set", current, now=now, scope=pilot.scope, number=current.number, **window)
    return current


@verb
def add_criterion(*, actor: User | None, pilot: Pilot, now: datetime, **terms: Any) -> SuccessCriterion:
    """Agree on one more success criterion in the drafted round; `terms` are those of `TERMS`."""
    pilot = locked_pilot(pilot)
    current = drafted(pilot)
    criterion = new_criterion(current, terms)
    criterion.save(force_insert=True)
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    note(actor, "portfolio.criterion.added", criterion, now=now, scope=pilot.scope, **called(criterion))
    return criterion


@verb
def edit_criterion(
    *, actor: User | None, pilot: Pilot, number: int, seen: int | None, now: datetime, **terms: Any
) -> SuccessCriterion:
    """Change a success criterion of the drafted round. StaleError when somebody else did since `seen`."""
    pilot = locked_pilot(pilot)
    criterion = SuccessCriterion.objects.get(round=drafted(pilot), number=number)
    changed = {name: value for name, value in only(TERMS, terms).items() if getattr(criterion, name) != value}
    if not changed:  # the same text twice is no conflict
        return criterion
    compare_and_step(criterion, seen)
    for name, value in changed.items():
        setattr(criterion, name, value)
    check_terms(criterion)
    criterion.save()
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    said = {**called(criterion), "fields": sorted(changed)}
    note(actor, "portfolio.criterion.edited", criterion, now=now, scope=pilot.scope, **said)
    return criterion


@verb
def remove_criterion(*, actor: User | None, pilot: Pilot, number: int, seen: int | None, now: datetime) -> None:
    """Take a success criterion out of the drafted round; nothing was agreed on it yet."""
    pilot = locked_pilot(pilot)
    criterion = SuccessCriterion.objects.get(round=drafted(pilot), number=number)
    compare_and_step(criterion, seen)
    note(actor, "portfolio.criterion.removed", criterion, now=now, scope=pilot.scope, **called(criterion))
    criterion.delete()
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)


@verb
def take_over(*, actor: User | None, pilot: Pilot, source: Round, step: str, now: datetime) -> int:
    """Take what `source`, an earlier round, last held into the draft: a step's answers, or the criteria.

    Only what is still empty here; returns how many answers or criteria came. Criteria come without the day by which
    they were to be measured. What came can be changed like anything else in a draft.
    """
    pilot = locked_pilot(pilot)
    current = drafted(pilot)
    if step == CRITERIA:
        taken = [one.now for one in agreed_criteria([source.pk])[source.pk] if not one.withdrawn]
        for terms in taken if not SuccessCriterion.objects.filter(round=current).exists() else ():
            add_criterion(actor=actor, pilot=pilot, now=now, **{**vars(terms), "measured_by": None})
        return len(taken)
    agreed = agreed_contracts([source.pk, current.pk])
    answers = {
        question.name: agreed[source.pk].now[question.name]
        for question in BY_SLUG[step].questions
        if is_blank(agreed[current.pk].now[question.name]) and not is_blank(agreed[source.pk].now[question.name])
    }
    fill_in(actor=actor, pilot=pilot, seen=None, now=now, **answers)
    return len(answers)


def about(names: Iterable[str]) -> list[str]:
    """The steps to which some answers belong, by title: what the history says was written."""
    return list(dict.fromkeys(STEP_OF[name].title for name in sorted(names)))


def new_criterion(round_: Round, terms: dict[str, Any]) -> SuccessCriterion:
    """A criterion with the next number of its round, checked and not saved."""
    last = SuccessCriterion.objects.filter(round=round_).aggregate(last=Max("number"))["last"] or 0
    criterion = SuccessCriterion(round=round_, number=last + 1, **only(TERMS, terms))
    check_terms(criterion)
    return criterion


def check_terms(criterion: SuccessCriterion) -> None:
    """Refuse terms that no field takes, or that contradict each other."""
    criterion.full_clean(exclude=["round"], validate_constraints=False)
    if criterion.target is not None and criterion.baseline is not None:
        apart = criterion.target - criterion.baseline
        if apart == 0 or (apart > 0) != (criterion.direction == "higher"):
            better = "above" if criterion.direction == "higher" else "below"
            text = f"The target is to lie {better} the baseline, or the direction is the other one."
            raise ValidationError({"target": ValidationError(text, code="not_better")})


def called(criterion: SuccessCriterion) -> dict[str, Any]:
    """What the trail calls a criterion."""
    return {"number": criterion.number, "metric": criterion.metric}


def drafted(pilot: Pilot) -> Round:
    """The drafted round of a locked pilot; refuses once it has started."""
    current = open_round(pilot)
    if current.state != RoundState.DRAFT:
        refuse_any([Obstacle("frozen", FROZEN, "the owner, by an amendment", pilot.get_absolute_url())])
    return current


def window_obstacles(starts_on: date | None, planned_end: date | None, decision_due: date | None) -> list[Obstacle]:
    """What is wrong with a window, whole or half known."""
    obstacles = []
    if starts_on and planned_end and planned_end < starts_on:
        obstacles.append(Obstacle("planned_end", "The planned end is before the start."))
    if starts_on and decision_due and decision_due < starts_on:
        obstacles.append(Obstacle("decision_due", "The decision is due before the start."))
    return obstacles


def only(known: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """What was given, if it is all known."""
    strange = given.keys() - set(known)
    if strange:
        raise TypeError(f"not part of a contract: {', '.join(sorted(strange))}")
    return given
