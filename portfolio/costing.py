"""The business case: writing a version line by line, submitting it, beginning the next one as a copy."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, StaleError, refuse_any
from audit.recording import verb
from portfolio.case_checks import obstacles, out_of_order
from portfolio.case_sheet import draft_of, sheet_of
from portfolio.locking import locked_pilot
from portfolio.models import Assumption, BenefitLine, BusinessCase, CostLine, Pilot
from portfolio.models.business_case import FIGURES
from portfolio.states import CASE_STAGES, CaseState, CostKind

#: What is edited of the case itself, of a cost, of a benefit, of an assumption.
FRAME = (
    "horizon_years", "discount_rate", "confidence", "integration_plan", "adoption_plan", "accountability",
    "measurement", "build_explanation", "launch_answers",
)  # fmt: skip
COST = (*FIGURES, "reason")
BENEFIT = ("name", "kind", "starts_in", *FIGURES, "becomes")
ASSUMPTION = ("statement", "confidence", "what_changes_it", "checked_by", "check_by")

Row = BusinessCase | CostLine | BenefitLine | Assumption


@verb
def start_case(*, actor: User | None, pilot: Pilot, now: datetime) -> BusinessCase:
    """Begin a version: the first with eight empty cost lines, a later one as a copy of the one before.

    Refuses while a version is being written, and once the pilot has been launched or has ended.
    """
    pilot = locked_pilot(pilot)
    refuse_any(_stage_obstacles(pilot))
    last = BusinessCase.objects.filter(pilot=pilot).order_by("-number").first()
    if last and last.is_draft:
        refuse_any([Obstacle("draft_exists", f"Version {last.number} is being written already.", "its writers")])
    case = BusinessCase(pilot=pilot, number=last.number + 1 if last else 1, created_by=actor, created_at=now)
    if last:
        for name in FRAME:
            setattr(case, name, getattr(last, name))
    case.save(force_insert=True)
    _fill(case, last)
    note(actor, "portfolio.business_case.started", case, now=now, scope=pilot.scope, number=case.number)
    return case


@verb
def edit_frame(*, actor: User | None, pilot: Pilot, seen: int | None, now: datetime, **facts: Any) -> BusinessCase:
    """Change horizon, rate, plans, confidence or launch conditions. StaleError when another did since `seen`."""
    pilot, case = _draft(pilot)
    _edit(case, case, FRAME, facts, kind="portfolio.business_case.edited", actor=actor, seen=seen, now=now)
    return case


@verb
def edit_cost(
    *, actor: User | None, pilot: Pilot, kind: CostKind, seen: int | None, now: datetime, **facts: Any
) -> CostLine:
    """Change one of the eight cost lines. Refuses figures below zero or out of order; StaleError as elsewhere."""
    pilot, case = _draft(pilot)
    line = CostLine.objects.get(case=case, kind=kind)
    _edit(case, line, COST, facts, kind="portfolio.business_case.cost_edited", actor=actor, seen=seen, now=now)
    return line


@verb
def add_benefit(*, actor: User | None, pilot: Pilot, now: datetime, **facts: Any) -> BenefitLine:
    """Add a benefit. Refuses figures below zero or out of order."""
    pilot, case = _draft(pilot)
    line = BenefitLine(case=case, place=_next_place(BenefitLine, pilot), **_only(BENEFIT, facts))
    refuse_any(out_of_order(line))
    line.full_clean(exclude=["case"])
    line.save(force_insert=True)
    _step(case)
    note(actor, "portfolio.business_case.benefit_added", line, now=now, scope=pilot.scope, line=line.label)
    return line


@verb
def edit_benefit(
    *, actor: User | None, pilot: Pilot, place: int, seen: int | None, now: datetime, **facts: Any
) -> BenefitLine:
    """Change a benefit. Refuses as `add_benefit` does; StaleError as elsewhere."""
    pilot, case = _draft(pilot)
    line = BenefitLine.objects.get(case=case, place=place)
    _edit(case, line, BENEFIT, facts, kind="portfolio.business_case.benefit_edited", actor=actor, seen=seen, now=now)
    return line


@verb
def remove_benefit(*, actor: User | None, pilot: Pilot, place: int, now: datetime) -> None:
    """Take a benefit out of the draft. Doing it twice changes nothing more."""
    pilot, case = _draft(pilot)
    line = BenefitLine.objects.filter(case=case, place=place).first()
    if line is not None:
        note(actor, "portfolio.business_case.benefit_removed", line, now=now, scope=pilot.scope, line=line.label)
        line.delete()
        _step(case)


@verb
def add_assumption(*, actor: User | None, pilot: Pilot, now: datetime, **facts: Any) -> Assumption:
    """Write down an assumption."""
    pilot, case = _draft(pilot)
    line = Assumption(case=case, place=_next_place(Assumption, pilot), **_only(ASSUMPTION, facts))
    line.full_clean(exclude=["case"])
    line.save(force_insert=True)
    _step(case)
    note(actor, "portfolio.business_case.assumption_added", line, now=now, scope=pilot.scope, line=line.statement)
    return line


@verb
def edit_assumption(
    *, actor: User | None, pilot: Pilot, place: int, seen: int | None, now: datetime, **facts: Any
) -> Assumption:
    """Change an assumption; StaleError as elsewhere."""
    pilot, case = _draft(pilot)
    line = Assumption.objects.get(case=case, place=place)
    _edit(
        case, line, ASSUMPTION, facts, kind="portfolio.business_case.assumption_edited", actor=actor, seen=seen, now=now
    )
    return line


@verb
def remove_assumption(*, actor: User | None, pilot: Pilot, place: int, now: datetime) -> None:
    """Take an assumption out of the draft. Doing it twice changes nothing more."""
    pilot, case = _draft(pilot)
    line = Assumption.objects.filter(case=case, place=place).first()
    if line is not None:
        statement = line.statement
        note(actor, "portfolio.business_case.assumption_removed", line, now=now, scope=pilot.scope, line=statement)
        line.delete()
        _step(case)


@verb
def submit_case(*, actor: User | None, pilot: Pilot, seen: int | None, now: datetime) -> BusinessCase:
    """Submit the draft: it freezes as it is, with the pilot's cost and the timeline class of this moment.

    Refuses with everything that is missing. `seen` is the count of changes that the submitter has seen; StaleError
    when there are more.
    """
    pilot, case = _draft(pilot)
    if seen is not None and seen != case.changes:
        raise StaleError(seen=seen, current=case.changes)
    sheet = sheet_of(case)
    refuse_any(obstacles(sheet))
    case.launch_answers = {answer.condition: answer.holds for answer in sheet.answers if answer.holds is not None}
    case.pilot_cost, case.timeline_class = pilot.cost_so_far, sheet.timeline
    case.state, case.submitted_at, case.submitted_by = CaseState.SUBMITTED, now, actor
    case.save()
    note(
        actor,
        "portfolio.business_case.submitted",
        case,
        now=now,
        scope=pilot.scope,
        number=case.number,
        net_present_value=sheet.range.likely.net_present_value,
        timeline_class=case.timeline_class,
    )
    return case


def _stage_obstacles(pilot: Pilot) -> list[Obstacle]:
    if pilot.stage in CASE_STAGES:
        return []
    stage = pilot.get_stage_display().lower()
    return [Obstacle("wrong_stage", f"The pilot is {stage}: its business case stays as it was decided on.")]


def _draft(pilot: Pilot) -> tuple[Pilot, BusinessCase]:
    """Lock the pilot and return it with the version that is being written; refuses where there is none."""
    pilot = locked_pilot(pilot)
    refuse_any(_stage_obstacles(pilot))
    case = draft_of(pilot)
    if case is None:
        refuse_any([Obstacle("no_draft", "No version of the business case is being written.", "you: begin the next")])
        raise AssertionError  # never: refuse_any has raised
    case.pilot = pilot
    return pilot, case


def _fill(case: BusinessCase, last: BusinessCase | None) -> None:
    """Give a new version its lines: those of the one before, or eight empty costs."""
    if last is None:
        CostLine.objects.bulk_create([CostLine(case=case, kind=kind) for kind in CostKind])
        return
    sheet = sheet_of(last)
    CostLine.objects.bulk_create([CostLine(case=case, kind=line.kind, **_facts(line, COST)) for line in sheet.costs])
    BenefitLine.objects.bulk_create(
        [BenefitLine(case=case, place=line.place, **_facts(line, BENEFIT)) for line in sheet.benefits]
    )
    Assumption.objects.bulk_create(
        [Assumption(case=case, place=line.place, **_facts(line, ASSUMPTION)) for line in sheet.assumptions]
    )


def _edit(
    case: BusinessCase,
    row: Row,
    allowed: tuple[str, ...],
    facts: Mapping[str, Any],
    *,
    kind: str,
    actor: User | None,
    seen: int | None,
    now: datetime,
) -> None:
    """Change facts of a row of a draft. Saving what is there already changes nothing, whatever was seen."""
    changed = {name: value for name, value in _only(allowed, facts).items() if getattr(row, name) != value}
    if not changed:
        return
    compare_and_step(row, seen)
    before = {name: _plain(getattr(row, name)) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    if isinstance(row, CostLine | BenefitLine):
        refuse_any(out_of_order(row))
    row.full_clean(exclude=["case", "pilot"], validate_constraints=not isinstance(row, CostLine))
    row.save(update_fields=[*changed, "version"])
    _step(case)
    after = {name: _plain(value) for name, value in changed.items()}
    label = row.statement if isinstance(row, Assumption) else getattr(row, "label", "")
    note(actor, kind, row, now=now, scope=case.pilot.scope, line=label, before=before, after=after)


def _step(case: BusinessCase) -> None:
    case.changes += 1
    case.save(update_fields=["changes"])


def _next_place(model: type[BenefitLine] | type[Assumption], pilot: Pilot) -> int:
    """A place that no version has used, so that the same place is the same line in all of them."""
    last = model.objects.filter(case__pilot=pilot).order_by("-place").values_list("place", flat=True).first()
    return (last or 0) + 1


def _facts(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _only(allowed: tuple[str, ...], facts: Mapping[str, Any]) -> dict[str, Any]:
    strange = facts.keys() - set(allowed)
    if strange:
        raise TypeError(f"not facts of this line: {', '.join(sorted(strange))}")
    return dict(facts)


def _plain(value: object) -> str | None:
    return None if value is None else str(value)
