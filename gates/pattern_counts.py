"""Which patterns hold over the portfolio, and which intervention would serve most pilots (requirement 50)."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from portfolio.diagnosing import STUCK_STAGES
from portfolio.models import Diagnosis, Intervention, Pilot
from portfolio.stuck import InterventionState, StuckPattern
from portfolio.stuck_patterns import LIBRARY, Idea


@dataclass(frozen=True)
class PatternCount:
    """How many pilots a pattern holds up, how many of them first of all, and how many get no help against it."""

    pattern: StuckPattern
    holds: int
    binds: int
    unhelped: int
    #: Length of its bar, and of the part that gets no help, in percent of the longest.
    bar: float
    bar_unhelped: float


@dataclass(frozen=True)
class IdeaCount:
    """How many pilots an idea would serve, and how often it was tried among those that the reader sees."""

    pattern: StuckPattern
    idea: Idea
    serves: int
    under_way: int
    done: int
    given_up: int


@dataclass(frozen=True)
class Patterns:
    """What holds up the pilots under way: how many there are, how many were looked at, why, and what would help."""

    under_way: int
    looked_at: int
    #: Looked at, and at least one pattern holds.
    stuck: int
    patterns: list[PatternCount]
    #: For one pilot each, the most useful first; then those that are done once for all.
    ideas: list[IdeaCount]
    for_all: list[IdeaCount]

    @property
    def first(self) -> IdeaCount | None:
        """What to do once for everyone."""
        return self.for_all[0] if self.for_all and self.for_all[0].serves else None


def patterns_of(user: User, *, units: list[int] | None = None) -> Patterns:
    """Count over the pilots under way that `user` may see, in `units` if given. Three queries, however many pilots.

    A pattern holds by the last diagnosis. An idea would serve a pilot if its pattern holds there, and it is neither
    under way nor done there.
    """
    pilots = Pilot.objects.visible_to(user).filter(stage__in=STUCK_STAGES)
    if units is not None:
        pilots = pilots.filter(unit__in=units)
    latest = Diagnosis.objects.filter(pilot=OuterRef("pilot")).order_by("-pk").values("pk")[:1]
    looked = Diagnosis.objects.filter(pilot__in=pilots, pk=Subquery(latest))
    held = {
        pilot: (patterns, binding) for pilot, patterns, binding in looked.values_list("pilot", "patterns", "binding")
    }
    actions = _actions(pilots)
    helped = {(pilot, pattern) for pilot, pattern, _, state in actions if state == InterventionState.OPEN}
    holds = Counter(pattern for patterns, _ in held.values() for pattern in patterns)
    binds = Counter(binding for _, binding in held.values() if binding)
    unhelped = Counter(
        pattern for pilot, (patterns, _) in held.items() for pattern in patterns if (pilot, pattern) not in helped
    )
    most = max(holds.values(), default=1)
    counts = [
        PatternCount(one, holds[one], binds[one], unhelped[one], 100 * holds[one] / most, 100 * unhelped[one] / most)
        for one in StuckPattern
    ]
    ideas = _ideas(held, actions)
    return Patterns(
        under_way=pilots.count(),
        looked_at=len(held),
        stuck=sum(1 for patterns, _ in held.values() if patterns),
        patterns=sorted(counts, key=lambda one: -one.holds),
        ideas=[one for one in ideas if not one.idea.for_all],
        for_all=[one for one in ideas if one.idea.for_all],
    )


def _actions(pilots: QuerySet[Pilot]) -> list[tuple[int, str, str, str]]:
    """Pilot, pattern, idea and state of every intervention."""
    rows = Intervention.objects.filter(pilot__in=pilots)
    return list(rows.values_list("pilot", "pattern", "idea", "state"))


def _ideas(held: dict[int, tuple[list[str], str]], actions: list[tuple[int, str, str, str]]) -> list[IdeaCount]:
    tried = Counter((idea, state) for _, _, idea, state in actions)
    spent = {(pilot, idea) for pilot, _, idea, state in actions if state != InterventionState.GIVEN_UP}
    holding: dict[str, list[int]] = {}
    for pilot, (patterns, _) in held.items():
        for pattern in patterns:
            holding.setdefault(pattern, []).append(pilot)
    counted = [
        IdeaCount(
            pattern=pattern,
            idea=idea,
            serves=sum(1 for pilot in holding.get(pattern, ()) if (pilot, slug) not in spent),
            under_way=tried[slug, InterventionState.OPEN],
            done=tried[slug, InterventionState.DONE],
            given_up=tried[slug, InterventionState.GIVEN_UP],
        )
        for slug, (pattern, idea) in LIBRARY.items()
    ]
    return sorted(counted, key=lambda one: (-one.serves, -one.done, one.given_up))
