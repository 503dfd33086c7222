"""Why pilots are stuck: looks at the six tests, and interventions with what came of them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from gates.clinic import readings_of
from portfolio.diagnosing import Answered, diagnose
from portfolio.intervening import finish_intervention, give_up_intervention, start_intervention
from portfolio.models import Intervention
from portfolio.stuck import ClinicAnswer, StuckPattern
from portfolio.stuck_patterns import LIBRARY

if TYPE_CHECKING:
    from gates.demo.replaying import Replay, Told


def _looked(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    """The patterns of `no` hold, each with a note; what is in `yes` is known better than the file does.

    Of the others the file's yes counts, and whatever else it says is something to find out.
    """
    answers = {}
    for one in readings_of(story.current, day):
        said = ClinicAnswer.YES if one.proposed == ClinicAnswer.YES else ClinicAnswer.UNSURE
        note = ""
        for answer in (ClinicAnswer.NO, ClinicAnswer.YES):
            if one.pattern in told.get(answer.value, {}):
                said, note = answer, told[answer.value][one.pattern]
        answers[one.pattern] = Answered(answer=said, note=note, file=one.proposed, says=one.says)
    diagnose(
        actor=replay.actor(story, told),
        pilot=story.row,
        answers=answers,
        binding=StuckPattern(told["binding"]) if "binding" in told else None,
        binding_reason=told.get("because", ""),
        now=now,
    )


def _acted(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    """An intervention: `idea` of the library, or `pattern` with a text of one's own."""
    pattern, idea = LIBRARY[told["idea"]] if "idea" in told else (StuckPattern(told["pattern"]), None)
    start_intervention(
        actor=replay.actor(story, told),
        pilot=story.row,
        pattern=pattern,
        idea=idea.slug if idea else "",
        text=told["text"],
        owner_email=replay.house.people[told["owner"]].email,
        due=replay.calendar.day(told["due"]),
        today=day,
        now=now,
    )


def _came(_replay: "Replay", story: "Told", told: dict[str, Any], _day: date, now: datetime) -> None:
    """What came of the intervention of those words; `given_up` where it was."""
    intervention = Intervention.objects.select_related("owner", "pilot").get(pilot=story.row, text=told["text"])
    verb = give_up_intervention if told.get("given_up") else finish_intervention
    verb(actor=intervention.owner, intervention=intervention, outcome=told["outcome"], now=now)


HAPPENS = {"looked": _looked, "acted": _acted, "came": _came}
