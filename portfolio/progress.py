"""Actual against target: computed from the measurements of a criterion, never set by anybody."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import date_format, number_format

from portfolio.criteria import AgreedCriterion, Terms, agreed_criteria
from portfolio.models import Measurement, SuccessCriterion
from portfolio.states import Direction, Progress

#: So much of the way counts as movement, in either direction.
NOTICEABLE = Decimal("0.05")

#: The rule of each answer, in words, as pages state it.
RULES = {
    Progress.MET: "The latest value has reached the target, or is beyond it.",
    Progress.ON_THE_WAY: "At least 5 % of the way from baseline to target is done, and the target is not reached.",
    Progress.NO_MOVEMENT: "The latest value is less than 5 % of the way from the baseline, in either direction.",
    Progress.MOVING_AWAY: "The latest value is further from the target than the baseline, by 5 % of the way or more.",
    Progress.NO_MEASUREMENT: "Nothing has been measured yet.",
    Progress.NO_BASELINE: "The target is not reached, and without a baseline nobody can say what has moved.",
    Progress.NO_TARGET: "No target was set to hold the values against.",
}


class Value(NamedTuple):
    """A value and the day on which it was measured."""

    on: date
    value: Decimal


@dataclass(frozen=True)
class Verdict:
    """What the latest value says against one baseline and one target."""

    state: Progress
    #: Part of the way from baseline to target, 1 at the target; None where that says nothing.
    share: Decimal | None = None

    @property
    def rule(self) -> str:
        """Why it is so, in words."""
        return RULES[self.state]

    @property
    def percent(self) -> int | None:
        """The share in whole percent, rounded towards nothing done, so that 99.9 % never reads as all of it."""
        return None if self.share is None else int(self.share * 100)


def judge(*, higher: bool, baseline: Decimal | None, target: Decimal | None, latest: Decimal | None) -> Verdict:
    """Hold the latest value against the target. `higher`: more is better.

    Reaching the target counts whatever the baseline was. A baseline that is at the target already leaves no way to go:
    who falls short of the target then has moved away from it.
    """
    share = share_of_the_way(baseline=baseline, target=target, value=latest, higher=higher)
    if latest is None:
        return Verdict(Progress.NO_MEASUREMENT)
    if target is None:
        return Verdict(Progress.NO_TARGET)
    if latest >= target if higher else latest <= target:
        return Verdict(Progress.MET, share)
    if baseline is None:
        return Verdict(Progress.NO_BASELINE)
    if share is None or share <= -NOTICEABLE:
        return Verdict(Progress.MOVING_AWAY, share)
    return Verdict(Progress.ON_THE_WAY if share >= NOTICEABLE else Progress.NO_MOVEMENT, share)


def share_of_the_way(
    *, baseline: Decimal | None, target: Decimal | None, value: Decimal | None, higher: bool
) -> Decimal | None:
    """Return (value - baseline) / (target - baseline); None where one is missing or the baseline is at the target."""
    if baseline is None or target is None or value is None:
        return None
    if (baseline >= target) if higher else (baseline <= target):
        return None
    return (value - baseline) / (target - baseline)


@dataclass(frozen=True)
class CriterionProgress:
    """A success criterion of a round, its values that count, and what they say."""

    agreed: AgreedCriterion
    today: date
    #: The values that count, by day.
    values: list[Value] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.agreed.number

    @property
    def anchor(self) -> str:
        """Its place on a page of several: `#criterion-1`."""
        return f"criterion-{self.number}"

    @property
    def metric(self) -> str:
        return self.agreed.now.metric

    @property
    def unit(self) -> str:
        return self.agreed.now.unit

    @property
    def baseline(self) -> Decimal | None:
        return self.agreed.now.baseline

    @property
    def target(self) -> Decimal | None:
        return self.agreed.now.target

    @property
    def measured_by(self) -> date | None:
        return self.agreed.now.measured_by

    @property
    def withdrawn(self) -> bool:
        """Taken out of the contract by an amendment: shown, and no part of what is promised."""
        return self.agreed.withdrawn

    @property
    def latest(self) -> Value | None:
        """The value that counts: the last one by day."""
        return self.values[-1] if self.values else None

    @property
    def verdict(self) -> Verdict:
        """What the latest value says against the contract as it is now."""
        return self._judged(self.agreed.now)

    @property
    def state(self) -> Progress:
        return self.verdict.state

    @property
    def share(self) -> Decimal | None:
        return self.verdict.share

    @property
    def amended(self) -> bool:
        """Whether baseline, target or direction are no longer what they were at the start."""
        return self._terms(self.agreed.now) != self._terms(self.agreed.original)

    @property
    def original_verdict(self) -> Verdict:
        """What the latest value says against the contract as it was at the start."""
        return self._judged(self.agreed.original)

    @property
    def overdue_days(self) -> int:
        """Days since it was to be measured, while nothing has been; 0 where it is not late."""
        if self.values or self.measured_by is None:
            return 0
        return max(0, (self.today - self.measured_by).days)

    @property
    def best(self) -> Value | None:
        """The best value before the latest, where the latest has fallen behind it; None otherwise."""
        if len(self.values) < 2:
            return None
        higher = self.agreed.now.direction == Direction.HIGHER
        best = max(self.values, key=lambda each: (each.value if higher else -each.value, each.on))
        return best if best.value != self.values[-1].value else None

    @property
    def sentence(self) -> str:
        """All of it in a sentence: "38 minutes on 3 November, down from 55; target 30: 68 % of the way."."""
        return said(self)

    def _judged(self, terms: Terms | SuccessCriterion) -> Verdict:
        direction, baseline, target = self._terms(terms)
        latest = self.latest.value if self.latest else None
        return judge(higher=direction == Direction.HIGHER, baseline=baseline, target=target, latest=latest)

    @staticmethod
    def _terms(terms: Terms | SuccessCriterion) -> tuple[str, Decimal | None, Decimal | None]:
        return terms.direction, terms.baseline, terms.target


def progress_of(round_ids: Collection[int], today: date) -> dict[int, list[CriterionProgress]]:
    """Where every success criterion of each round stands, by number, withdrawn ones included. Three queries in all.

    Values that were added after the decision do not count, so that a decided round reads as it was decided.
    """
    agreed = agreed_criteria(round_ids)
    values: dict[int, list[Value]] = {}
    rows = Measurement.objects.counting().filter(criterion__round__in=agreed).order_by("on", "pk")
    for criterion, on, value in rows.values_list("criterion", "on", "value"):
        values.setdefault(criterion, []).append(Value(on, value))
    return {
        key: [CriterionProgress(one, today, values.get(one.original.pk, [])) for one in criteria]
        for key, criteria in agreed.items()
    }


def said(progress: CriterionProgress) -> str:
    """Say in a sentence or two where a criterion stands."""
    latest = progress.latest
    if latest is None:
        agreed = [
            f"{name} {figure(value)}"
            for name, value in (("baseline", progress.baseline), ("target", progress.target))
            if value is not None
        ]
        return f"Nothing measured yet{'; ' if agreed else ''}{', '.join(agreed)}."
    text = f"{figure(latest.value, progress.unit)} on {day(latest.on, progress.today)}"
    if progress.baseline is not None:
        text += f", {_moved(latest.value, progress.baseline)}"
    text += f"; {_against(progress)}."
    if best := progress.best:
        text += f" It had been {figure(best.value)} on {day(best.on, progress.today)}."
    return text


def _moved(value: Decimal, baseline: Decimal) -> str:
    if value == baseline:
        return "as at the baseline"
    return f"{'down' if value < baseline else 'up'} from {figure(baseline)}"


def _against(progress: CriterionProgress) -> str:
    verdict = progress.verdict
    if progress.target is None:
        return "no target was set"
    target = f"target {figure(progress.target)}"
    if verdict.state == Progress.ON_THE_WAY:
        return f"{target}: {verdict.percent} % of the way"
    words = {
        Progress.MET: "met",
        Progress.NO_MOVEMENT: "no movement to speak of",
        Progress.MOVING_AWAY: "moving away from it",
        Progress.NO_BASELINE: "not met, and no baseline to say what has moved",
    }
    return f"{target}: {words[verdict.state]}"


def figure(value: Decimal, unit: str = "") -> str:
    """Return a number as a reader of this language writes it, without needless zeros, and its unit."""
    plain = value.normalize()
    places = max(0, -int(plain.as_tuple().exponent))
    text = number_format(plain, decimal_pos=places, use_l10n=True, force_grouping=True)
    return f"{text}\N{NO-BREAK SPACE}{unit}" if unit else text


def day(on: date, today: date) -> str:
    """Return a day in words; the year only where it is not this one."""
    return date_format(on, "j\N{NO-BREAK SPACE}F" if on.year == today.year else "j\N{NO-BREAK SPACE}F Y")


def met_and_unmet(progress: Collection[CriterionProgress]) -> tuple[list[CriterionProgress], list[CriterionProgress]]:
    """Part the criteria that belong to the contract into those that are met and those that are not, or not yet."""
    counted = [each for each in progress if not each.withdrawn]
    met = [each for each in counted if each.state == Progress.MET]
    return met, [each for each in counted if each.state != Progress.MET]
