"""Meetings that lie ahead on the day of seeding: one whose pack is out, one in draft. They belong to no pilot."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from gates.arranging import add_item, change_item
from gates.convening import change_committee
from gates.demo.reading import chapter
from gates.meeting import draft_meeting, open_meeting
from gates.states import ItemKind

if TYPE_CHECKING:
    from gates.demo.founding import House


def ahead(house: "House") -> list[tuple[int, Callable[[date, datetime], None]]]:
    """What the secretary prepares: the day, and what is done on it."""
    return [(told["day"], partial(_prepare, house, told)) for told in chapter("meetings")["meeting"]]


def _prepare(house: "House", told: dict[str, Any], day: date, now: datetime) -> None:
    by: dict[str, Any] = {"actor": house.secretary, "now": now}
    committee = house.committee
    committee.refresh_from_db()
    if not committee.cadence:
        cadence = chapter("meetings")["cadence"]
        change_committee(actor=house.administrator, committee=committee, seen=None, now=now, **cadence)
        committee.refresh_from_db()
    held_on = day + timedelta(days=told["in_days"])
    held_on += timedelta(days=max(0, 7 - held_on.weekday()) if held_on.weekday() > 4 else 0)
    starts_at = datetime.combine(held_on, told["at"], tzinfo=committee.zone)
    meeting = draft_meeting(
        committee=committee, starts_at=starts_at, planned_minutes=told["minutes"], place=told["place"], **by
    )
    for item in told.get("item", []):
        row = add_item(
            meeting=meeting, kind=ItemKind(item["kind"]), title=item["title"], planned_minutes=item["minutes"], **by
        )
        if item.get("routine"):
            change_item(item=row, title=row.title, planned_minutes=row.planned_minutes, consent=True, seen=None, **by)
    if told.get("opened"):
        open_meeting(meeting=meeting, seen=None, **by)
