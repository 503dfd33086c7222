"""The committee's meetings: seven that were held and minuted, one whose pack is out, one in draft.

They belong to no pilot. In a meeting that was held, what the files tell of its day as decided is decided in session;
whatever else was due then is put off here, so that nothing is left over.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from gates.arranging import add_item, change_item, place_item
from gates.convening import change_committee, send_substitute
from gates.demo.calendar import Calendar, Due
from gates.demo.reading import chapter
from gates.meeting import (
    begin_meeting,
    close_meeting,
    decisions_in,
    draft_meeting,
    open_meeting,
    seat_arrives,
    seat_leaves,
)
from gates.minuting import agree_to_list, begin_item, end_item, note_item, write_minutes
from gates.models import AgendaItem, Committee, Meeting
from gates.postponing import deferrals_in, postpone_item
from gates.states import ItemKind
from portfolio.models import Pilot

if TYPE_CHECKING:
    from gates.demo.founding import House
    from gates.demo.replaying import Replay

#: What happens to pilots in a meeting, where their files tell it of a meeting's day.
IN_SESSION = frozenset({"decision"})
_MONDAY_TO_FRIDAY = 5
#: Why an item is put off whose turn did not come.
_NO_TIME = "The hour was over before its turn came."


@dataclass
class Convened:
    """A meeting as it is told, with its row once it is drafted."""

    replay: "Replay"
    told: dict[str, Any]
    meeting: Meeting | None = None

    @property
    def house(self) -> "House":
        return self.replay.house

    @property
    def calendar(self) -> Calendar:
        return self.replay.calendar

    @property
    def row(self) -> Meeting:
        if self.meeting is None:
            raise ValueError("a meeting is drafted first")
        return Meeting.objects.select_related("committee").get(pk=self.meeting.pk)

    def draft(self, day: date, now: datetime) -> None:
        """Draft it, with what the secretary puts on the agenda; the first one brings the cadence."""
        told, by = self.told, self._by(now)
        committee = self._committee(now)
        held_on = self.calendar.working_day(told["held"]) if "held" in told else _ahead(day, told["in_days"])
        self.meeting = draft_meeting(
            committee=committee,
            starts_at=datetime.combine(held_on, told["at"], tzinfo=committee.zone),
            planned_minutes=told["minutes"],
            place=told.get("place", ""),
            **by,
        )
        for item in told.get("item", []):
            self._add(item, by)
        for title in told.get("decides", []):
            if not self.meeting.items.filter(title=title).exists():
                pilot = Pilot.objects.get(title=title)
                item = add_item(meeting=self.row, kind=ItemKind.DECIDE, title=title, pilot=pilot, **by)
                place_item(item=item, places=-self.meeting.items.count(), **by)

    def open(self, _day: date, now: datetime) -> None:
        """Send the pack."""
        open_meeting(meeting=self.row, seen=None, **self._by(now))

    def begin(self, day: date, now: datetime) -> None:
        """Begin it; who is in time takes a seat."""
        by, people = self._by(now), self.house.people
        for sits in self.told.get("sits", []):
            member, stands_in = people[sits["for"]], people[sits["person"]]
            send_substitute(
                committee=self.row.committee, member=member, stands_in=stands_in, since=day, until=day, **by
            )
        begin_meeting(meeting=self.row, seen=None, **by)
        for key in self.told["there"]:
            seat_arrives(meeting=self.row, member=people[key], **by)
        for sits in self.told.get("sits", []):
            seat_arrives(meeting=self.row, member=people[sits["for"]], person=people[sits["person"]], **by)
        agree_to_list(meeting=self.row, **by)

    def end(self, _day: date, now: datetime) -> None:
        """Put off what was not decided, talk about the rest, write the minutes, close."""
        for key in self.told.get("late", []):
            seat_arrives(meeting=self.row, member=self.house.people[key], **self._by(now))
        settled = decisions_in(self.row).keys() | deferrals_in(self.row).keys()
        for item in self.row.items.standing():
            if item.kind != ItemKind.DECIDE:
                now = self._talk(item, now)
            elif item.round_id not in settled:
                now = self._defer(item, now)
            self._minute(item, now)
        for key in self.told.get("left", []):
            seat_leaves(meeting=self.row, member=self.house.people[key], **self._by(now))
        self.replay.now = now + timedelta(minutes=2)
        close_meeting(meeting=self.row, seen=None, **self._by(self.replay.now))

    def _committee(self, now: datetime) -> Committee:
        committee = self.house.committee
        committee.refresh_from_db()
        if committee.cadence:
            return committee
        cadence = chapter("meetings")["cadence"]
        held_on = self.calendar.working_day(self.told["held"])
        return change_committee(
            actor=self.house.administrator,
            committee=committee,
            seen=None,
            meets_on=held_on.weekday(),
            now=now,
            **cadence,
        )

    def _add(self, item: dict[str, Any], by: dict[str, Any]) -> None:
        row = add_item(
            meeting=self.row, kind=ItemKind(item["kind"]), title=item["title"], planned_minutes=item["minutes"], **by
        )
        if item.get("routine"):
            change_item(item=row, title=row.title, planned_minutes=row.planned_minutes, consent=True, seen=None, **by)

    def _defer(self, item: AgendaItem, now: datetime) -> datetime:
        """Put it off as it is told; where it is not, its turn did not come."""
        told = next((one for one in self.told["put_off"] if one["title"] == item.title), None)
        told = told or {"reason": _NO_TIME, "owner": "karim", "until": self.told["held"] + 28, "took": 1}
        begin_item(item=item, **self._by(now))
        now += timedelta(minutes=told.get("took", 4))
        postpone_item(
            item=item,
            reason=told["reason"],
            owner=self.house.people[told["owner"]],
            until=self.calendar.working_day(told["until"]),
            **self._by(now),
        )
        return now

    def _talk(self, item: AgendaItem, now: datetime) -> datetime:
        if item.consent:
            return now
        begin_item(item=item, **self._by(now))
        now += timedelta(minutes=max(1, item.planned_minutes - 2))
        step = end_item if self._said(item).get("outcome") else note_item
        step(item=item, **self._by(now))
        return now

    def _minute(self, item: AgendaItem, now: datetime) -> None:
        said = self._said(item)
        if said:
            outcome = said.get("outcome") or AgendaItem.objects.get(pk=item.pk).outcome
            write_minutes(item=item, minutes=said["minutes"], outcome=outcome, seen=None, **self._by(now))

    def _said(self, item: AgendaItem) -> dict[str, Any]:
        return next((said for said in self.told.get("said", []) if said["title"] == item.title), {})

    def _by(self, now: datetime) -> dict[str, Any]:
        return {"actor": self.house.secretary, "now": now}


def steps(replay: "Replay") -> tuple[list[Due], list[Due]]:
    """The steps of all meetings: those before what else happens on their day, and those after."""
    first: list[Due] = []
    last: list[Due] = []
    for told in chapter("meetings")["meeting"]:
        one = Convened(replay, told)
        first.append(Due(told["day"], one.draft))
        if "pack" in told:
            first.append(Due(told["pack"], one.open))
        if "held" in told:
            first.append(Due(told["held"], one.begin, in_session=True))
            last.append(Due(told["held"], one.end, in_session=True))
    return first, last


def held_days() -> frozenset[int]:
    """The days on which meetings were held."""
    return frozenset(told["held"] for told in chapter("meetings")["meeting"] if "held" in told)


def _ahead(day: date, days: int) -> date:
    """So many days later, or the Monday after."""
    later = day + timedelta(days=days)
    return later + timedelta(days=max(0, 7 - later.weekday()) if later.weekday() >= _MONDAY_TO_FRIDAY else 0)
