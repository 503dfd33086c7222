"""Facts as rules see them, with every choice that matters in the call."""

from dataclasses import replace
from datetime import date, timedelta

from gates.rules.facts import Holder, PilotFacts, RoundFacts
from portfolio.states import Purpose, RoundState, Stage

TODAY = date(2026, 11, 16)
HERE = Holder(named=True)
NOBODY = Holder()


def ago(days: int) -> date:
    """The day that many days before the day on which the tests play."""
    return TODAY - timedelta(days=days)


def facts(*, stage=Stage.RUNNING, owner=HERE, sponsor=HERE, undecided=None, **further) -> PilotFacts:
    further = {"production_owner": HERE, **further}
    return PilotFacts(
        pilot=1, stage=stage, zone="Europe/Paris", owner=owner, sponsor=sponsor, undecided=undecided, **further
    )


def a_round(**changes) -> RoundFacts:
    """A round that began today, has all its dates far ahead, and was never reported on."""
    plain = RoundFacts(
        number=2,
        purpose=Purpose.PILOT,
        state=RoundState.RUNNING,
        starts_on=TODAY,
        planned_end=TODAY + timedelta(days=90),
        decision_due=TODAY + timedelta(days=100),
    )
    return replace(plain, **changes)
