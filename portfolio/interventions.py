"""Reading why a pilot is stuck and what is done about it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accounts.models import User
from portfolio.models import Diagnosis, Intervention, Pilot
from portfolio.states import ENDED_STAGES
from portfolio.stuck import ClinicAnswer, InterventionState, StuckPattern


@dataclass(frozen=True)
class Moved:
    """A test that is answered otherwise than the time before."""

    pattern: StuckPattern
    was: ClinicAnswer
    now: ClinicAnswer

    @property
    def is_better(self) -> bool:
        """The pattern held, and holds no more."""
        return self.was == ClinicAnswer.NO


@dataclass(frozen=True)
class StuckFile:
    """What is known of why a pilot is stuck: every diagnosis, the newest first, and every intervention."""

    diagnoses: list[Diagnosis]
    interventions: list[Intervention]

    @property
    def latest(self) -> Diagnosis | None:
        return self.diagnoses[0] if self.diagnoses else None

    @cached_property
    def patterns(self) -> list[StuckPattern]:
        """What holds according to the last diagnosis."""
        return [StuckPattern(one) for one in self.latest.patterns] if self.latest else []

    @property
    def binding(self) -> StuckPattern | None:
        return StuckPattern(self.latest.binding) if self.latest and self.latest.binding else None

    @property
    def moved(self) -> list[Moved]:
        """What the last diagnosis answers otherwise than the one before."""
        if len(self.diagnoses) < 2:
            return []
        new, old = (one.answers for one in self.diagnoses[:2])
        pairs = ((one, ClinicAnswer(old[one]["answer"]), ClinicAnswer(new[one]["answer"])) for one in StuckPattern)
        return [Moved(pattern, was, now) for pattern, was, now in pairs if was != now]

    @property
    def under_way(self) -> list[Intervention]:
        return [one for one in self.interventions if one.is_open]

    @property
    def over(self) -> list[Intervention]:
        return [one for one in self.interventions if not one.is_open]

    @property
    def unhelped(self) -> list[StuckPattern]:
        """Patterns that hold and against which nothing is under way."""
        helped = {one.pattern for one in self.under_way}
        return [pattern for pattern in self.patterns if pattern not in helped]

    @property
    def lopsided(self) -> bool:
        """Several patterns hold, and something is under way against just one of them (requirement 46)."""
        return len(self.patterns) > 1 and len(self.patterns) - len(self.unhelped) == 1


def stuck_file_of(pilot: Pilot) -> StuckFile:
    """Read it in two queries."""
    diagnoses = Diagnosis.objects.filter(pilot=pilot).select_related("by", "round").order_by("-pk")
    interventions = Intervention.objects.filter(pilot=pilot).select_related("owner", "closed_by")
    return StuckFile(list(diagnoses), list(interventions.order_by("due", "pk")))


def interventions_due(people: Collection[User], today: date) -> dict[int, list[Intervention]]:
    """Interventions under way that are due by `today` or late, by the key of their owner; for digests. One query.

    Those of pilots that have ended wait for nobody.
    """
    rows = Intervention.objects.open().filter(owner__in=people, due__lte=today).exclude(pilot__stage__in=ENDED_STAGES)
    found: dict[int, list[Intervention]] = {}
    for row in rows.select_related("pilot"):
        found.setdefault(row.owner_id, []).append(row)
    return found


def tried(interventions: Collection[Intervention]) -> dict[str, InterventionState]:
    """Ideas of the library that were started here, each with its last state."""
    return {one.idea: InterventionState(one.state) for one in sorted(interventions, key=lambda one: one.pk) if one.idea}
