"""What happens to the people of pilots: what a sponsor may decide, a day put right. Handovers are main events."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from portfolio.assigning import correct_part, state_authority
from portfolio.states import Authority, Part

if TYPE_CHECKING:
    from gates.demo.replaying import Replay, Told


def _authority(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    state_authority(
        actor=replay.actor(story, told),
        pilot=story.row,
        authority=Authority(told["says"]),
        today=day,
        seen=None,
        now=now,
    )


def _corrected(replay: "Replay", story: "Told", told: dict[str, Any], _day: date, now: datetime) -> None:
    held = story.row.assignments.get(part=Part(told["part"]), until=None)
    since = replay.calendar.working_day(told["since"])
    correct_part(actor=replay.actor(story, told), assignment=held, since=since, until=None, seen=None, now=now)


HAPPENS = {"authority": _authority, "corrected": _corrected}
