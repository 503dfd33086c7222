"""Meetings of a committee: when, who was there, what was on the agenda, what was minuted."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from gates.models.committee import Committee
from gates.states import MEETING_AHEAD, MEETING_OVER, ItemKind, ItemSource, MeetingState
from portfolio.models import Pilot, Round

_LOCKED = """
    IF EXISTS (SELECT 1 FROM gates_meeting m
               WHERE m.state IN ('closed', 'cancelled') AND m.id IN ({meetings})) THEN
        RAISE EXCEPTION 'the meeting is over and cannot be changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN {row};
"""
_OVER = """
    IF OLD.state IN ('closed', 'cancelled') THEN
        RAISE EXCEPTION 'the meeting is over and cannot be changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN {row};
"""
_NO_TRUNCATE = pgtrigger.Trigger(
    name="no_truncate",
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    level=pgtrigger.Statement,
    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
)


def _locked_with_the_meeting() -> list[pgtrigger.Trigger]:
    """Triggers that refuse every change of what belongs to a meeting that is over."""
    return [
        pgtrigger.Trigger(
            name=f"over_{name}",
            when=pgtrigger.Before,
            operation=operation,
            func=_LOCKED.format(meetings=", ".join(f"{row}.meeting_id" for row in rows), row=rows[-1]),
        )
        for name, operation, rows in (
            ("insert", pgtrigger.Insert, ("NEW",)),
            ("update", pgtrigger.Update, ("OLD", "NEW")),
            ("delete", pgtrigger.Delete, ("OLD",)),
        )
    ] + [_NO_TRUNCATE]


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def ahead(self) -> Self:
        """Still to come: drafted or open."""
        return self.filter(state__in=MEETING_AHEAD)

    def standing(self) -> Self:
        """Every one that was not cancelled."""
        return self.exclude(state=MeetingState.CANCELLED)


class Meeting(models.Model):
    """A meeting: a draft, open once its pack is sent, in session, closed; or cancelled. What is over is locked."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="meetings")
    state = models.CharField(max_length=12, choices=MeetingState, default=MeetingState.DRAFT)
    starts_at = models.DateTimeField()
    planned_minutes = models.PositiveSmallIntegerField(
        default=90, validators=[MinValueValidator(5), MaxValueValidator(600)]
    )
    #: A room or a link.
    place = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    #: Why it was cancelled, or moved last.
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["committee", "starts_at"],
                condition=~Q(state=MeetingState.CANCELLED),
                name="gates_meeting_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["committee"],
                condition=Q(state=MeetingState.IN_SESSION),
                name="gates_meeting_one_in_session",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MeetingState.IN_SESSION, MeetingState.CLOSED]) | Q(began_at__isnull=False),
                name="gates_meeting_begun_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.CLOSED, closed_at__isnull=False)
                | (~Q(state=MeetingState.CLOSED) & Q(closed_at=None)),
                name="gates_meeting_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=MeetingState.CANCELLED) | ~Q(reason=""), name="gates_meeting_cancelled_has_reason"
            ),
        )
        indexes = (
            models.Index(fields=["starts_at"], condition=Q(state=MeetingState.DRAFT), name="gates_meeting_drafted"),
        )
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="over_update", when=pgtrigger.Before, operation=pgtrigger.Update, func=_OVER.format(row="NEW")
            ),
            pgtrigger.Trigger(
                name="over_delete", when=pgtrigger.Before, operation=pgtrigger.Delete, func=_OVER.format(row="OLD")
            ),
            _NO_TRUNCATE,
        ]

    def __str__(self) -> str:
        day = self.starts_at.astimezone(self.zone)
        return f"{self.committee}, {day.day} {day:%B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("gates:meeting-detail", args=[self.pk])

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its times are told."""
        return self.committee.zone

    @property
    def day(self) -> date:
        """Its day, in the committee's zone."""
        return self.starts_at.astimezone(self.zone).date()

    @property
    def when(self) -> str:
        """Its day and hour in words, in the committee's zone."""
        at = self.starts_at.astimezone(self.zone)
        return f"{at.day} {at:%B %Y, %H:%M}"

    @property
    def ends_at(self) -> datetime:
        """When it is planned to end."""
        return self.starts_at + timedelta(minutes=self.planned_minutes)

    @property
    def is_over(self) -> bool:
        return self.state in MEETING_OVER


class Attendance(models.Model):
    """A time for which a member's seat was taken, by the member or a substitute; who comes back gets a new row."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    #: Who sits there: the member, or who stands in.
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="attendances")
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("arrived_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["meeting", "member"], condition=Q(left_at=None), name="gates_attendance_seat_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "person"], condition=Q(left_at=None), name="gates_attendance_person_once"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("arrived_at")), name="gates_attendance_leaves_after"
            ),
        )
        triggers: ClassVar[list[pgtrigger.Trigger]] = _locked_with_the_meeting()


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def standing(self) -> Self:
        """On the agenda, in its order, the consent list at its end; not what was taken off it."""
        return self.filter(dropped_at=None).order_by("consent", "place", "pk")


class AgendaItem(models.Model):
    """One thing on the agenda of a meeting, with the time it took and what was minuted."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=ItemKind)
    source = models.CharField(max_length=10, choices=ItemSource, default=ItemSource.HAND)
    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_items")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_items")
    title = models.CharField(max_length=200)
    #: Why it is on the agenda, as it stood when it was last looked at.
    why = models.CharField(max_length=300, blank=True)
    planned_minutes = models.PositiveSmallIntegerField(default=10, validators=[MaxValueValidator(300)])
    #: In the list of routine items that is agreed to as one.
    consent = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    #: Seconds spent on it before `started_at`, where it was taken up again.
    seconds_before = models.PositiveIntegerField(default=0)
    #: What came of it, in a line.
    outcome = models.CharField(max_length=300, blank=True)
    minutes = models.TextField(blank=True)
    #: Taken off the agenda: moved to a later meeting, or no longer needed.
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_reason = models.TextField(blank=True)
    #: The day from which it is back on an agenda, where it was moved to a later meeting.
    back_on = models.DateField(null=True, blank=True)
    #: The item of an earlier meeting that was moved here.
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_to")
    #: Counts changes of its texts, not of its place or its times.
    version = models.PositiveIntegerField(default=1)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ("meeting", "place", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["meeting", "round"], condition=Q(kind=ItemKind.DECIDE), name="gates_agendaitem_decides_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "round"],
                condition=Q(source=ItemSource.REVIEW),
                name="gates_agendaitem_reviews_once",
            ),
            models.UniqueConstraint(
                fields=["meeting", "pilot"],
                condition=Q(source=ItemSource.CONDITION),
                name="gates_agendaitem_conditions_once",
            ),
            models.UniqueConstraint(
                fields=["meeting", "carried_from"],
                condition=Q(carried_from__isnull=False),
                name="gates_agendaitem_carried_once",
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(started_at__isnull=False, ended_at=None),
                name="gates_agendaitem_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
                name="gates_agendaitem_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | ~Q(dropped_reason=""), name="gates_agendaitem_dropped_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[ItemKind.DECIDE, ItemKind.DEFER]) | Q(pilot__isnull=False, round__isnull=False),
                name="gates_agendaitem_decides_a_round",
            ),
        )
        triggers: ClassVar[list[pgtrigger.Trigger]] = _locked_with_the_meeting()

    def __str__(self) -> str:
        return self.title

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.ended_at is None

    def seconds_used(self, now: datetime) -> int:
        """How long it has been talked about, in seconds."""
        if self.started_at is None:
            return 0
        return self.seconds_before + int(((self.ended_at or now) - self.started_at).total_seconds())
