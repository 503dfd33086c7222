"""What suffices to decide: a pilot before its committee, on one page."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from accounts.obstacles import Obstacle
from gates.deferrals import PutOff, put_off
from gates.grounds import Grounds, grounds_of
from gates.lamps import lamp_facts, sentence
from gates.models import Committee, Condition, Decision, Flag, Proposal
from gates.paths import hearing_obstacles, hearing_of, how_decided, manner_of
from gates.permissions import decision_obstacles, unvoted_obstacles
from gates.queries import committee_of, conditions_of, gates_of, latest_round
from gates.reminders import days_of, reminders_of
from gates.states import DecisionManner, Path, path_of
from gates.suggestions import Suggestion, suggestions
from portfolio.clock import Clock, clock_of
from portfolio.models import Pilot, Round, StatusUpdate
from portfolio.queries import updates_of
from portfolio.questions import QUESTIONS
from portfolio.registry import Panel, panels
from portfolio.similar import SimilarPilot, similar_pilots
from portfolio.timeline import LaunchWindow, launch_window

RECENT_UPDATES = 3
#: Days of reminders that are shown.
REMINDED = 6
#: Answers of the contract that paper has room for.
PROMISES = ("adopting_team", "integration_to_build", "owner_then", "value_hypothesis")
#: Panels of the pilot's page that are shown to who decides.
PANELS = ("contract", "measures", "business_case")


@dataclass(frozen=True)
class Lamp:
    """A gate's lamp, for `partials/lamps.html`."""

    gate: str
    state: str
    url: str
    #: Which rule gave it.
    reason: str


@dataclass(frozen=True)
class Brief:
    """What a committee sees of a pilot when it decides."""

    pilot: Pilot
    round: Round | None
    committee: Committee | None
    clock: Clock
    lamps: list[Lamp]
    flags: list[Flag]
    updates: list[StatusUpdate]
    decisions: list[Decision]
    #: What each outcome is held against; None where no round has begun.
    grounds: Grounds | None
    suggestions: list[Suggestion]
    #: How the decision is taken; None where the chair decides after hearing.
    manner: DecisionManner | None
    #: How the members can be heard, where the chair decides.
    hearing: DecisionManner | None
    path: Path
    how: str
    proposal: Proposal | None
    put_off: PutOff
    conditions: list[Condition]
    similar: list[SimilarPilot]
    panels: list[tuple[Panel, dict[str, Any]]]
    window: LaunchWindow | None
    #: Days on which people were reminded that it waits, the last few.
    reminded: list[date]
    #: What keeps the reader from recording a decision, because of who they are.
    personal: list[Obstacle]
    #: What keeps anybody from it.
    general: list[Obstacle]

    @property
    def promises(self) -> list[tuple[str, str]]:
        """The answers on which a decision turns most, each with its question."""
        now = self.grounds.contract.now if self.grounds and self.grounds.contract else {}
        return [(QUESTIONS[name].label, now[name]) for name in PROMISES if now.get(name)]

    @property
    def by_chair(self) -> bool:
        """Whether the chair decides after hearing, and writes down who saw it differently."""
        return self.manner is None

    @property
    def may_defer(self) -> bool:
        """Whether the reader may put off what they cannot decide now."""
        return not self.personal and self.grounds is not None and self.put_off.standing is None

    @property
    def obstacles(self) -> list[Obstacle]:
        return self.personal + self.general


def decision_brief(*, pilot: Pilot, reader: User, today: date, now: datetime) -> Brief:
    """Read it all in a fixed number of queries. `today` is the committee's day."""
    round_ = latest_round(pilot)
    committee = committee_of(pilot)
    grounds = grounds_of(pilot, round_, today) if round_ and round_.is_undecided else None
    case = grounds.case if grounds else None
    manner = manner_of(pilot, round_, committee) if round_ and committee else None
    chairs = committee is not None and manner is None
    personal, general = decision_obstacles(reader, pilot), _general(pilot, round_)
    if chairs and not general and round_ and committee:
        general = hearing_obstacles(pilot, round_, committee, now)
        personal = personal or unvoted_obstacles(reader, committee.slug)
    return Brief(
        pilot=pilot,
        round=round_,
        committee=committee,
        grounds=grounds,
        suggestions=suggestions(grounds) if grounds else [],
        manner=manner,
        hearing=hearing_of(pilot, round_) if chairs and round_ else None,
        path=path_of(pilot.risk_class),
        how=how_decided(pilot, committee),
        proposal=latest_proposal(round_),
        put_off=put_off(round_, today),
        conditions=list(conditions_of(pilot).open()),
        similar=[
            one
            for one in similar_pilots(title=pilot.title, summary=pilot.summary, reader=reader)
            if one.code != pilot.code
        ],
        panels=_panels(pilot, reader),
        reminded=days_of(reminders_of([pilot]).get(pilot.pk, ()))[-REMINDED:],
        window=launch_window(today, case.timeline) if case else None,
        clock=clock_of(pilot, today),
        lamps=lamps_of(pilot, round_),
        flags=list(Flag.objects.filter(pilot=pilot, closed_on=None).order_by("-severity", "since")),
        updates=updates_of(round_, RECENT_UPDATES) if round_ else [],
        decisions=decisions_on(pilot),
        personal=personal,
        general=general,
    )


def latest_proposal(round_: Round | None) -> Proposal | None:
    """The proposal on a round that is open, or was closed last."""
    if round_ is None:
        return None
    rows = Proposal.objects.filter(round=round_).select_related("committee", "round__pilot", "opened_by", "decision")
    return rows.order_by("-pk").first()


def _panels(pilot: Pilot, reader: User) -> list[tuple[Panel, dict[str, Any]]]:
    """The panels of the pilot's page that a decision rests on, as they stand there."""
    wanted = (panel for panel in panels() if panel.name in PANELS)
    filled = ((panel, panel.context(pilot, reader)) for panel in wanted)
    return [(panel, context) for panel, context in filled if context is not None]


def lamps_of(pilot: Pilot, round_: Round | None) -> list[Lamp]:
    """The six lamps of a round, with their gates' titles and pages, and why each shows what it does."""
    gates = gates_of(round_)
    facts = lamp_facts(pilot, round_, gates)
    return [
        Lamp(
            gate=gate.title,
            state=facts[gate.pk].state,
            url=reverse("gates:review-detail", args=[pilot.code, gate.slug]) if round_ else "",
            reason=sentence(facts[gate.pk]),
        )
        for gate in gates
    ]


def decisions_on(pilot: Pilot) -> list[Decision]:
    """The decisions on a pilot, the last one first."""
    decisions = Decision.objects.filter(round__pilot=pilot).select_related("round", "committee", "superseded_by")
    return list(decisions.order_by("-round__number", "-pk"))


def learnings_of(pilots: list[int]) -> dict[int, str]:
    """What was learned according to the last decision that says so, by pilot."""
    decisions = Decision.objects.filter(round__pilot__in=pilots).exclude(learnings="")
    return dict(decisions.order_by("round__number", "pk").values_list("round__pilot_id", "learnings"))


def _general(pilot: Pilot, round_: Round | None) -> list[Obstacle]:
    if round_ and round_.is_undecided:
        return []
    url = pilot.get_absolute_url()
    if round_ and round_.state == "draft":
        what = f"Round {round_.number} has not started, so there is nothing to decide yet."
        return [Obstacle("not_begun", what, "the owner, who starts it", url)]
    return [Obstacle("no_open_round", "This pilot has no open round; what was to be decided is decided.", url=url)]
