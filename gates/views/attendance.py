"""Who is there: seats that are taken and left while a meeting is in session; who sits for whom."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_time

from accounts.access import SignedInRequest, access, signed_in
from accounts.models import User
from accounts.obstacles import RefusedError
from accounts.posting import add_errors, once, redirect_to
from gates.attendance import stand_ins
from gates.convening import naming_obstacles, recall_substitute, send_substitute
from gates.forms.meeting import SubstituteForm
from gates.meeting import seat_arrives, seat_leaves
from gates.models import Committee, CommitteeSubstitute, Meeting
from gates.queries import day_of, seats_of
from gates.views.meeting import meeting_page
from gates.views.meeting_fetching import run_meeting


@access(signed_in)
@once
def attendance_note(request: SignedInRequest, pk: int, member: int) -> HttpResponse:
    """Note that a member, or who sits for them, has come or gone; now, or at a time of this meeting's day."""
    meeting = run_meeting(request, pk)
    if request.method != "POST":
        return redirect(meeting.get_absolute_url())
    seated = get_object_or_404(User, pk=member)
    now = timezone.now()
    at = _moment(meeting, request.POST.get("at", ""), now)
    try:
        if request.POST.get("step") == "leave":
            seat_leaves(actor=request.user, meeting=meeting, member=seated, at=at, now=now)
        else:
            person = stand_ins(meeting.committee, meeting.day).get(member) if request.POST.get("for") else seated
            seat_arrives(actor=request.user, meeting=meeting, member=seated, person=person, at=at, now=now)
    except RefusedError as error:
        return meeting_page(request, meeting, status=422, refused=error.obstacles)
    return redirect_to(request, f"{meeting.get_absolute_url()}#there")


def _moment(meeting: Meeting, said: str, now: datetime) -> datetime:
    """The time that was given, on the day of the meeting's beginning; now where none was."""
    try:
        time = parse_time(said)
    except ValueError:
        time = None
    if time is None:
        return now
    day = (meeting.began_at or now).astimezone(meeting.zone).date()
    return datetime.combine(day, time, tzinfo=meeting.zone)


@access(signed_in)
@once
def stand_in_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who sits for whom in a committee; members name their own substitute, the chair and the secretary any."""
    committee = get_object_or_404(Committee, slug=slug)
    now = timezone.now()
    today = day_of(committee, now)
    members = [seat.user for seat in seats_of(committee)]
    mine = [person for person in members if not naming_obstacles(request.user, committee, person)]
    form = SubstituteForm(request.POST or None, members=[one.pk for one in mine], initial={"since": today})
    obstacles = []
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("member", "stands_in", "since", "until")}
        try:
            row = send_substitute(actor=request.user, committee=committee, now=now, **facts)
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, f"{row.stands_in} sits for {row.member}.")
            return redirect_to(request, reverse("gates:stand-in-list", args=[slug]))
    rows = CommitteeSubstitute.objects.filter(committee=committee, until__gte=today)
    context = {
        "committee": committee,
        "rows": [(row, row.member in mine) for row in rows.select_related("member", "stands_in")],
        "form": form if mine else None,
        "obstacles": obstacles,
    }
    status = 422 if form.errors or obstacles else 200
    return render(request, "gates/stand_in_list.html", context, status=status)


@access(signed_in)
@once
def stand_in_end(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """End a substitute's days; refused like naming one."""
    committee = get_object_or_404(Committee, slug=slug)
    row = get_object_or_404(CommitteeSubstitute.objects.select_related("member"), pk=pk, committee=committee)
    if request.method == "POST":
        now = timezone.now()
        try:
            recall_substitute(actor=request.user, substitute=row, today=day_of(committee, now), now=now)
        except RefusedError as error:
            for message in error.messages:
                messages.error(request, message)
        else:
            messages.success(request, f"{row.member} sits there again.")
    return redirect_to(request, reverse("gates:stand-in-list", args=[slug]))
