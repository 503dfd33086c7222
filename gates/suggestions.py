"""What the evidence says for and against each of the four outcomes. Pure, and no advice.

Each rule looks at one thing and says its fact; nothing is added up, weighed or ordered, and nothing decides by itself.
"""

from dataclasses import dataclass

from django.utils.text import capfirst

from gates.grounds import Grounds
from portfolio.states import Outcome, Progress


@dataclass(frozen=True)
class Ground:
    """What one rule found: a fact that speaks for an outcome or against it."""

    speaks_for: bool
    #: The rule, in words.
    rule: str
    #: What it found.
    fact: str


@dataclass(frozen=True)
class Suggestion:
    """An outcome, what was agreed up front about it (requirement 13), and what speaks for and against it."""

    outcome: Outcome
    agreed: str
    grounds: tuple[Ground, ...]

    @property
    def speaks_for(self) -> list[Ground]:
        return [ground for ground in self.grounds if ground.speaks_for]

    @property
    def speaks_against(self) -> list[Ground]:
        return [ground for ground in self.grounds if not ground.speaks_for]


def suggestions(grounds: Grounds) -> list[Suggestion]:
    """The four outcomes in their fixed order."""
    found = {
        Outcome.SCALE: _scale(grounds),
        Outcome.REDESIGN: _redesign(grounds),
        Outcome.STOP: _stop(grounds),
        Outcome.RESEARCH: _research(grounds),
    }
    return [Suggestion(outcome, _agreed(grounds, outcome), tuple(found[outcome])) for outcome in Outcome]


def _for(rule: str, fact: str) -> Ground:
    return Ground(speaks_for=True, rule=rule, fact=fact)


def _against(rule: str, fact: str) -> Ground:
    return Ground(speaks_for=False, rule=rule, fact=fact)


def _agreed(grounds: Grounds, outcome: Outcome) -> str:
    return str(grounds.contract.now[f"{outcome.value}_if"]) if grounds.contract else ""


def _named(things: list[str]) -> str:
    shown = "; ".join(things[:3])
    return f"{shown} and {len(things) - 3} more" if len(things) > 3 else shown


def _scale(grounds: Grounds) -> list[Ground]:
    promised = "What was promised is reached."
    found = []
    if not grounds.criteria:
        found.append(_against(promised, "No success criterion was agreed, so nothing can be held against it."))
    elif grounds.unmet:
        names = _named([one.metric for one in grounds.unmet])
        found.append(
            _against(promised, f"{len(grounds.unmet)} of {len(grounds.criteria)} criteria are not met: {names}.")
        )
    else:
        found.append(_for(promised, f"All {len(grounds.criteria)} criteria are met."))
    ready = "The gates are passed, or passed with conditions."
    if grounds.not_cleared:
        names = _named([gate.title for gate in grounds.not_cleared])
        found.append(_against(ready, f"{len(grounds.not_cleared)} of {len(grounds.gates)} gates are not: {names}."))
    elif grounds.gates:
        found.append(_for(ready, f"All {len(grounds.gates)} are."))
    pays = "It pays in production."
    if grounds.case is None:
        found.append(_against(pays, "No business case is submitted."))
    elif grounds.case.net_present_value > 0:
        found.append(_for(pays, f"Version {grounds.case.number} of the case shows a likely net value above nothing."))
    else:
        found.append(
            _against(pays, f"Version {grounds.case.number} of the case shows no likely net value above nothing.")
        )
    owner = "Somebody answers for it in production."
    if grounds.production_owner:
        found.append(_for(owner, f"{grounds.production_owner} is named."))
    else:
        found.append(_against(owner, "Nobody is named."))
    return found


def _redesign(grounds: Grounds) -> list[Ground]:
    found = []
    partly = "Some of what was promised is reached, and some is not."
    if grounds.met and grounds.unmet:
        found.append(_for(partly, f"{len(grounds.met)} met, {len(grounds.unmet)} not."))
    elif grounds.all_met:
        found.append(_against(partly, "Every criterion is met."))
    moving = [one for one in grounds.unmet if one.state == Progress.ON_THE_WAY]
    if moving:
        found.append(_for("It moves, and falls short.", f"On the way: {_named([one.metric for one in moving])}."))
    blockers = grounds.status.blockers if grounds.status else []
    if blockers:
        names = capfirst(_named([one.blocker.text.rstrip(".") for one in blockers]))
        found.append(_for("Something in its way can be changed.", names if names[-1] in "?!" else f"{names}."))
    failed = [gate.title for gate in grounds.gates if gate.state == "not_passed"]
    if failed:
        found.append(_for("A gate was concluded as not passed.", f"{_named(failed)}."))
    return found


def _stop(grounds: Grounds) -> list[Ground]:
    found = []
    nothing = [one for one in grounds.unmet if one.state in {Progress.NO_MOVEMENT, Progress.MOVING_AWAY}]
    still = "What was measured does not move towards its target."
    if nothing:
        found.append(_for(still, f"{_named([one.metric for one in nothing])}."))
    elif grounds.met:
        found.append(_against(still, f"{len(grounds.met)} of {len(grounds.criteria)} criteria are met."))
    if grounds.case is not None:
        worth = "It costs more in production than it brings."
        negative = grounds.case.net_present_value <= 0
        fact = "not above nothing" if negative else "above nothing"
        says = _for if negative else _against
        found.append(says(worth, f"The likely net value of the case is {fact}."))
    used = "Nobody outside the pilot team uses it."
    if grounds.users_outside == 0:
        found.append(_for(used, "The last update that counts users says nobody does."))
    elif grounds.users_outside:
        found.append(_against(used, f"{grounds.users_outside} people did, by the last update that says so."))
    return found


def _research(grounds: Grounds) -> list[Ground]:
    found = []
    unknown = [one for one in grounds.criteria if one.state in {Progress.NO_MEASUREMENT, Progress.NO_BASELINE}]
    open_question = "What was to be found out is not known yet."
    if unknown:
        found.append(
            _for(open_question, f"Not measured, or without a baseline: {_named([one.metric for one in unknown])}.")
        )
    elif grounds.criteria:
        found.append(_against(open_question, "Every criterion has been measured."))
    if grounds.sponsor and not grounds.production_owner:
        found.append(
            _for(
                "It has a sponsor, and nobody who would run it.",
                f"{grounds.sponsor} sponsors it; no production owner is named.",
            )
        )
    elif grounds.production_owner:
        found.append(
            _against("It has a sponsor, and nobody who would run it.", f"{grounds.production_owner} would run it.")
        )
    return found
