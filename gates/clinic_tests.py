"""The six tests of the clinic as the file answers them: one pure rule each, with what it read and why it says so.

A rule proposes; the person answers. Where the file is silent, it says "not sure" and why.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from portfolio.change_log import Change
from portfolio.models import Assignment, StatusUpdate
from portfolio.production_build import Piece
from portfolio.progress import CriterionProgress
from portfolio.states import Authority, Commitment, DataUsed, LampState, MetricKind, Part, Progress, ScopeState
from portfolio.stuck import ClinicAnswer, StuckPattern
from portfolio.stuck_patterns import PATTERNS, PatternWords

YES, NO, UNSURE = ClinicAnswer.YES, ClinicAnswer.NO, ClinicAnswer.UNSURE
#: The gate that asks about systems and integration.
INTEGRATION_GATE = 3
_PASSED = (LampState.PASSED, LampState.CONDITIONAL)
_DONE = (ScopeState.READY, ScopeState.NOT_NEEDED)
_STUCK_FIGURES = (Progress.NO_MOVEMENT, Progress.MOVING_AWAY)


@dataclass(frozen=True)
class ClinicFile:
    """What the tests look at."""

    holders: dict[str, Assignment]
    integration: Piece
    #: Of the gate of workflow and integration.
    lamp: str
    #: Answers of the contract as they hold now.
    agreed: dict[str, Any]
    change: Change
    #: Criteria that an amendment has not withdrawn.
    criteria: Sequence[CriterionProgress]
    #: The newest status update that gave users.
    adoption: StatusUpdate | None

    def holder(self, part: Part) -> Assignment | None:
        """Who holds a part and is still here."""
        held = self.holders.get(part)
        return held if held and held.person.is_active else None

    @property
    def business(self) -> list[CriterionProgress]:
        """Criteria that say what it is worth."""
        return [one for one in self.criteria if one.agreed.now.kind == MetricKind.BUSINESS]


@dataclass(frozen=True)
class Reading:
    """What the file says to one test: the answer that it proposes, the rule behind it, and what was read."""

    words: PatternWords
    proposed: ClinicAnswer
    #: Which rule led there.
    rule: str
    #: What the file says, a sentence each.
    says: list[str] = field(default_factory=list)
    #: Where it can be put right.
    place: str = ""

    @property
    def pattern(self) -> StuckPattern:
        return self.words.pattern


def read_tests(file: ClinicFile) -> list[Reading]:
    """The answers of the file to the six tests, in their order."""
    return [rule(file, PATTERNS[pattern]) for pattern, rule in _RULES.items()]


def _sponsor(file: ClinicFile, words: PatternWords) -> Reading:
    sponsor, owner = file.holder(Part.EXECUTIVE_SPONSOR), file.holder(Part.BUSINESS_OWNER)
    says = [_named(file, Part.EXECUTIVE_SPONSOR)]
    if file.agreed.get("commitment") == Commitment.NO:
        says.append("Nobody is committed to the roll-out, if it works.")
    if sponsor is None:
        return Reading(words, NO, "Without a sponsor who is still here, the answer is no.", says, "portfolio:people")
    if owner and owner.person_id == sponsor.person_id:
        says.append("The sponsor is the business owner as well.")
        return Reading(words, NO, "A sponsor who is also the owner is nobody above them.", says, "portfolio:people")
    says.append(f"{Authority(sponsor.authority).label}.")
    proposed = {Authority.DIRECTS: YES, Authority.REQUESTS: NO}.get(Authority(sponsor.authority), UNSURE)
    rule = {
        YES: "A sponsor who directs budget and priorities counts as a yes.",
        NO: "A sponsor who must ask for the budget cannot order the roll-out.",
        UNSURE: "Nobody has said yet what the sponsor may decide.",
    }[proposed]
    return Reading(words, proposed, rule, says, "portfolio:people")


def _integration(file: ClinicFile, words: PatternWords) -> Reading:
    piece = file.integration
    state = piece.state
    maker = piece.item.owner if piece.item else None
    by_whom = f"{maker} makes it" if maker else "nobody makes it"
    says = [f"Integration in the production build: {state.label.lower()}, {by_whom}."]
    says.append(f"Gate {INTEGRATION_GATE}: {LampState(file.lamp).label.lower()}.")
    says.append(_named(file, Part.IT_PARTNER))
    place = "portfolio:production-build"
    if file.lamp in _PASSED or state in _DONE:
        return Reading(words, YES, "A passed gate 3 or a finished integration counts as a yes.", says, place)
    if maker and state in (ScopeState.BUILDING, ScopeState.SCOPED):
        return Reading(words, UNSURE, "Somebody works on it, and it is not there yet.", says, place)
    rule = "Neither gate 3 is passed nor does anybody build the integration."
    return Reading(words, NO, rule, says, place)


def _users(file: ClinicFile, words: PatternWords) -> Reading:
    place = "portfolio:status-list"
    says = []
    if team := file.agreed.get("team_in_pilot"):
        says.append(f"The pilot's team, by the contract: {_short(team)}")
    update = file.adoption
    if update is None or update.users_outside is None:
        says.append("No status update says how many people use it beyond the team.")
        return Reading(words, UNSURE, "Without a count of users beyond the team, nobody knows.", says, place)
    inside, outside = update.users_inside, update.users_outside
    within = "an unknown number" if inside is None else inside
    says.append(f"Users by the last count: {within} in the team, {outside} beyond it.")
    if outside == 0:
        return Reading(words, NO, "Nobody beyond the team uses it.", says, place)
    if inside is not None and outside >= inside:
        return Reading(words, YES, "As many use it beyond the team as in it.", says, place)
    return Reading(words, UNSURE, "Fewer use it beyond the team than in it.", says, place)


def _workflow(file: ClinicFile, words: PatternWords) -> Reading:
    plan, place = file.change.plan, "portfolio:change-plan"
    impact = file.agreed.get("workflow_impact")
    says = [
        f"Impact on the workflow, by the contract: {_short(impact)}" if impact else "The contract names no impact "
        "on the workflow.",
        f"Change plan: {_short(plan.what_changes)}" if plan and plan.what_changes else "There is no change plan that "
        "says what changes.",
        _named(file, Part.PROCESS_OWNER),
    ]  # fmt: skip
    if open_ones := len(file.change.open_frictions):
        says.append(f"{open_ones} friction{'s' * (open_ones > 1)} noted and not closed.")
    if not impact or plan is None or not plan.what_changes:
        return Reading(words, NO, "Without an impact in the contract and a change plan, nothing changes.", says, place)
    if file.holder(Part.PROCESS_OWNER) and plan.steps_after:
        return Reading(words, YES, "Impact, new steps and a process owner are all there.", says, place)
    return Reading(words, UNSURE, "It is planned, but the new steps or a process owner are missing.", says, place)


def _metrics(file: ClinicFile, words: PatternWords) -> Reading:
    place, business = "portfolio:contract-detail", file.business
    says = [f"{one.metric}: {MetricKind(one.agreed.now.kind).label.lower()}." for one in file.criteria[:4]]
    if not file.criteria:
        says, rule = ["The contract has no success criterion."], "Without a criterion, there is no success."
        return Reading(words, NO, rule, says, place)
    if not business:
        return Reading(words, NO, "No criterion is a business metric.", says, place)
    if not any(one.baseline is not None and one.target is not None for one in business):
        says.append("No business metric has both a baseline and a target.")
        return Reading(words, NO, "Without baseline and target, a figure says nothing.", says, place)
    if not any(one.values for one in business):
        says.append("No business metric has been measured.")
        return Reading(words, UNSURE, "The metric is agreed and has no value yet.", says, "portfolio:measurement-list")
    says += [one.sentence for one in business if one.values][:2]
    return Reading(words, YES, "A business metric has a baseline, a target and values.", says, place)


def _use_case(file: ClinicFile, words: PatternWords) -> Reading:
    place = "portfolio:measurement-list"
    used, volume = file.agreed.get("data_used"), file.agreed.get("volume_at_scale")
    measured = [one for one in file.business or file.criteria if one.values]
    says = [f"Data: {DataUsed(used).label.lower()}." if used else "Nobody has said which data it works on."]
    says.append(f"Volume expected: {_short(volume)}" if volume else "No volume at scale is named.")
    says += [one.sentence for one in measured][:2]
    if measured and all(one.state in _STUCK_FIGURES for one in measured):
        return Reading(words, NO, "What was measured does not move towards its target.", says, place)
    met = any(one.state == Progress.MET for one in measured)
    if measured and used == DataUsed.CURATED and not met:
        return Reading(
            words, NO, "Short of its target on data that was picked, it will be shorter on the rest.", says, place
        )
    if met and used in (DataUsed.REPRESENTATIVE, DataUsed.LIVE) and volume:
        return Reading(words, YES, "A target met on ordinary data, with a volume named, speaks for it.", says, place)
    return Reading(words, UNSURE, "Nothing in the file shows it on ordinary data at full volume.", says, place)


_RULES: dict[StuckPattern, Callable[[ClinicFile, PatternWords], Reading]] = {
    StuckPattern.NO_SPONSOR: _sponsor,
    StuckPattern.NO_INTEGRATION: _integration,
    StuckPattern.ENTHUSIASTS: _users,
    StuckPattern.WORKFLOW: _workflow,
    StuckPattern.METRICS: _metrics,
    StuckPattern.WRONG_USE_CASE: _use_case,
}


def _named(file: ClinicFile, part: Part) -> str:
    held = file.holders.get(part)
    if held is None:
        return f"{part.label}: nobody is named."
    return f"{part.label}: {held.person}." if held.person.is_active else f"{part.label}: {held.person}, who has left."


def _short(text: str) -> str:
    """The beginning of what somebody wrote, as one line."""
    line = " ".join(text.split())
    return line if len(line) <= 140 else f"{line[:140].rstrip()}…"
