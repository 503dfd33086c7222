"""Diagnoses and interventions for tests, with every choice that matters in the call."""

from datetime import timedelta

from portfolio.diagnosing import Answered, diagnose
from portfolio.intervening import start_intervention
from portfolio.stuck import ClinicAnswer, StuckPattern
from tests.remembering import remembering

YES, NO, UNSURE = ClinicAnswer.YES, ClinicAnswer.NO, ClinicAnswer.UNSURE


def answers(*held: StuckPattern, **changes: Answered) -> dict[StuckPattern, Answered]:
    """Every test is answered yes, but for those whose pattern holds; `changes` by the pattern's value."""
    plain = {one: Answered(NO if one in held else YES) for one in StuckPattern}
    return plain | {StuckPattern(key): said for key, said in changes.items()}


@remembering
def diagnosed(cast, pilot, *held, now, **said):
    """A diagnosis by Alice that finds the patterns of `held`."""
    return diagnose(actor=cast.alice, pilot=pilot, answers=answers(*held), now=now, **said)


def started(cast, pilot, pattern, *, today, now, due=14, owner="carol@example.org", text="Ask finance.", idea=""):
    """An intervention that Alice starts and Carol owns, unless said otherwise, due in `due` days."""
    return start_intervention(
        actor=cast.alice, pilot=pilot, pattern=pattern, text=text, owner_email=owner,
        due=today + timedelta(days=due), idea=idea, today=today, now=now,
    )  # fmt: skip


def posted(form, **changes) -> dict[str, str]:
    """What a browser sends back of a form that was shown, unless changed."""
    shown = {one.html_name: one.value() for one in form}
    return {name: "" if value is None else str(value) for name, value in shown.items()} | changes
