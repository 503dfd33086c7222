"""The business case that stands: what other pages, the decision and its snapshot say of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from portfolio.case_checks import Question, questions
from portfolio.case_sheet import Sheet, name_of, sheets_of
from portfolio.models import BusinessCase, Pilot
from portfolio.states import CaseState, TimelineClass
from portfolio.valuation import Range


@dataclass(frozen=True)
class CaseSummary:
    """A submitted case in what other pages, the decision and its snapshot say of it. Money in the one currency."""

    pilot_id: int
    number: int
    submitted_at: datetime
    submitted_by: str
    horizon_years: int
    discount_rate: Decimal
    confidence: str
    range: Range
    pilot_cost: Decimal | None
    times_pilot_cost: Decimal | None
    timeline: TimelineClass
    plans: dict[str, str]
    assumptions: int
    #: What a reader should ask.
    questions: list[Question]

    @property
    def investment(self) -> Decimal:
        """What production costs once, likely."""
        return self.range.likely.investment

    @property
    def net_present_value(self) -> Decimal:
        """Over the horizon, likely."""
        return self.range.likely.net_present_value

    def as_plain(self) -> dict[str, Any]:
        """Return what a snapshot keeps, amounts to the cent."""
        return {
            "version": self.number,
            "submitted_at": self.submitted_at,
            "submitted_by": self.submitted_by,
            "horizon_years": self.horizon_years,
            "discount_rate": self.discount_rate,
            "confidence": self.confidence,
            "pilot_cost": self.pilot_cost,
            "timeline_class": self.timeline,
            **{
                case: {
                    "investment": _to_the_cent(value.investment),
                    "net_value": _to_the_cent(value.net_value),
                    "net_present_value": _to_the_cent(value.net_present_value),
                    "payback_years": _to_the_cent(value.payback),
                }
                for case, value in (("low", self.range.low), ("likely", self.range.likely), ("high", self.range.high))
            },
            **self.plans,
            "questions": [question.what for question in self.questions],
        }


def case_of(pilot: Pilot) -> CaseSummary | None:
    """Return the latest submitted case of `pilot`, if it has one. At most four queries."""
    return cases_of([pilot.pk]).get(pilot.pk)


def case_at(pilot: Pilot, moment: datetime) -> CaseSummary | None:
    """Return the case that stood at `moment`, such as when a decision was recorded."""
    return cases_of([pilot.pk], until=moment).get(pilot.pk)


def cases_of(pilots: Iterable[int], *, until: datetime | None = None) -> dict[int, CaseSummary]:
    """Return the latest submitted case of each of the pilots that has one, by their keys. At most four queries."""
    submitted = BusinessCase.objects.filter(pilot__in=list(pilots), state=CaseState.SUBMITTED)
    if until is not None:
        submitted = submitted.filter(submitted_at__lte=until)
    latest = list(
        submitted.order_by("pilot", "-number").distinct("pilot").select_related("pilot", "submitted_by", "created_by")
    )
    return {sheet.case.pilot_id: _summary(sheet) for sheet in sheets_of(latest)}


def _summary(sheet: Sheet) -> CaseSummary:
    case = sheet.case
    if case.submitted_at is None:
        raise ValueError(f"{case} is not submitted")
    return CaseSummary(
        pilot_id=case.pilot_id,
        number=case.number,
        submitted_at=case.submitted_at,
        submitted_by=name_of(case.submitted_by),
        horizon_years=case.horizon_years,
        discount_rate=case.discount_rate,
        confidence=case.confidence,
        range=sheet.range,
        pilot_cost=case.pilot_cost,
        times_pilot_cost=sheet.times,
        timeline=sheet.timeline,
        plans={
            "integration_plan": case.integration_plan,
            "adoption_plan": case.adoption_plan,
            "accountability": case.accountability,
            "measurement": case.measurement,
            "build_explanation": case.build_explanation,
        },
        assumptions=len(sheet.assumptions),
        questions=questions(sheet),
    )


def _to_the_cent(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.01"))
