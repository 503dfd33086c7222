"""Meetings: the list, the page that changes with their state, and the steps from draft to minutes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from accounts.access import SignedInRequest, access, signed_in
from accounts.comparing import conflict_of
from accounts.obstacles import RefusedError, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates import meeting as running
from gates.agenda import next_by_cadence
from gates.forms.meeting import ItemForm, MeetingForm
from gates.meeting_pack import pack_of
from gates.meeting_sheet import sheet_of
from gates.models import Committee, Meeting
from gates.permissions import runs_meetings
from gates.queries import committees_run_by, meetings_visible_to
from gates.states import MEETING_AHEAD, MEETING_OVER, OF_A_DECISION
from gates.views.meeting_fetching import run_meeting, seen_meeting

PAGE_SIZE = 25


@access(signed_in)
def meeting_list(request: SignedInRequest) -> HttpResponse:
    """The meetings of the visitor's committees: what is ahead, soonest first, and what is over, newest first."""
    seen = meetings_visible_to(request.user, timezone.localdate()).select_related("committee")
    context = {
        "ahead": seen.exclude(state__in=MEETING_OVER).order_by("starts_at", "pk"),
        "page": Paginator(seen.filter(state__in=MEETING_OVER), PAGE_SIZE).get_page(request.GET.get("page")),
        "committees": committees_run_by(request.user),
    }
    return render(request, "gates/meeting_list.html", context)


@access(signed_in)
@once
def meeting_create(request: SignedInRequest, slug: str) -> HttpResponse:
    """Draft a meeting of a committee; its cadence proposes when."""
    committee = get_object_or_404(Committee, slug=slug)
    if not runs_meetings(request.user, committee):
        raise PermissionDenied
    now = timezone.now()
    form = MeetingForm(request.POST or None, committee=committee, initial=_proposed(committee))
    obstacles = []
    if request.method == "POST" and form.is_valid():
        try:
            meeting = running.draft_meeting(
                actor=request.user,
                committee=committee,
                starts_at=form.starts_at(committee.zone),
                planned_minutes=form.cleaned_data["planned_minutes"],
                place=form.cleaned_data["place"],
                now=now,
            )
        except ValidationError as error:
            obstacles = _at_the_time(form, error)
        else:
            messages.success(request, "The meeting is drafted. Nobody was told yet.")
            return redirect_to(request, meeting.get_absolute_url())
    context = {"form": form, "committee": committee, "obstacles": obstacles}
    return render(request, "gates/meeting_create.html", context, status=422 if form.errors or obstacles else 200)


@access(signed_in)
def meeting_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """A meeting as it stands; htmx asks for what lives in it alone: the quorum and the time."""
    meeting = seen_meeting(request, pk)
    if request.htmx and not request.htmx.boosted:
        sheet = sheet_of(meeting, request.user, now=timezone.now())
        response = render(request, "gates/meeting_detail.html#live", {"sheet": sheet, "meeting": meeting})
        patch_vary_headers(response, ["HX-Request"])
        return response
    return meeting_page(request, meeting)


def meeting_page(request: SignedInRequest, meeting: Meeting, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a meeting, also after something was refused."""
    sheet = sheet_of(meeting, request.user, now=timezone.now())
    context: dict[str, Any] = {"sheet": sheet, "meeting": meeting, "ahead": meeting.state in MEETING_AHEAD, **more}
    if sheet.runs and not meeting.is_over:
        context.setdefault("item_form", ItemForm(committee=meeting.committee, user=request.user))
    response = render(request, "gates/meeting_detail.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


@access(signed_in)
def meeting_print(request: SignedInRequest, pk: int) -> HttpResponse:
    """The pack, or the minutes, as a page for paper."""
    meeting = seen_meeting(request, pk)
    sheet = sheet_of(meeting, request.user, now=timezone.now())
    pack = {} if meeting.is_over else pack_of([line.item for line in sheet.lines if line.may_see], meeting.day)
    pages = [
        (line, pack.get(line.item.pilot_id or 0) if line.item.kind in OF_A_DECISION else None) for line in sheet.lines
    ]
    return render(request, "gates/meeting_print.html", {"sheet": sheet, "meeting": meeting, "pages": pages})


@access(signed_in)
@once
def meeting_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change when and where; cancel."""
    meeting = run_meeting(request, pk)
    form = MeetingForm(
        request.POST or None,
        committee=meeting.committee,
        meeting=meeting,
        initial={**_saved(meeting), "version": meeting.version},
    )
    more: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            running.move_meeting(
                actor=request.user,
                meeting=meeting,
                starts_at=form.starts_at(meeting.zone),
                planned_minutes=form.cleaned_data["planned_minutes"],
                place=form.cleaned_data["place"],
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["version"] or 0,
                now=timezone.now(),
            )
        except StaleError:
            meeting = run_meeting(request, pk)
            more["conflict"] = conflict_of(
                form, current=_saved(meeting), row=meeting, version=meeting.version, action=request.path,
                back=meeting.get_absolute_url(),
            )  # fmt: skip
        except ValidationError as error:
            more["obstacles"] = _at_the_time(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect_to(request, meeting.get_absolute_url())
    status = 409 if "conflict" in more else 422 if form.errors or more else 200
    return render(request, "gates/meeting_edit.html", {"form": form, "meeting": meeting, **more}, status=status)


@access(signed_in)
@once
def meeting_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send the pack."""
    return _step(request, pk, running.open_meeting, "The pack is sent.")


@access(signed_in)
@once
def meeting_begin(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin the meeting."""
    return _step(request, pk, running.begin_meeting, "The meeting has begun. Note who is there.")


@access(signed_in)
@once
def meeting_close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close the meeting and publish its minutes."""
    return _step(request, pk, running.close_meeting, "The meeting is closed, and its minutes are sent.")


@access(signed_in)
@once
def meeting_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Cancel a meeting that has not begun, with the reason that its members read."""
    meeting = run_meeting(request, pk)
    reason = request.POST.get("reason", "")
    if request.method != "POST":
        return redirect("gates:meeting-edit", pk)
    try:
        running.cancel_meeting(
            actor=request.user, meeting=meeting, reason=reason, seen=_version(request), now=timezone.now()
        )
    except (RefusedError, StaleError) as error:
        form = MeetingForm(
            committee=meeting.committee, meeting=meeting, initial={**_saved(meeting), "version": meeting.version}
        )
        context = {"form": form, "meeting": meeting, "reason": reason, "refused": error.messages}
        status = 409 if isinstance(error, StaleError) else 422
        return render(request, "gates/meeting_edit.html", context, status=status)
    messages.success(request, "The meeting is cancelled.")
    return redirect_to(request, meeting.get_absolute_url())


def _step(request: SignedInRequest, pk: int, step: Callable[..., Meeting], said: str) -> HttpResponse:
    meeting = run_meeting(request, pk)
    if request.method != "POST":
        return redirect(meeting.get_absolute_url())
    try:
        step(actor=request.user, meeting=meeting, seen=_version(request), now=timezone.now())
    except RefusedError as error:
        return meeting_page(request, meeting, status=422, refused=error.obstacles)
    except StaleError:
        return meeting_page(request, run_meeting(request, pk), status=409, stale=True)
    messages.success(request, said)
    return redirect_to(request, meeting.get_absolute_url())


def _version(request: SignedInRequest) -> int:
    """The version that the form was made of; 0, which is none, where it was tampered with."""
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _at_the_time(form: MeetingForm, error: ValidationError) -> list[Any]:
    """Put what is wrong with the time beside the day; return the other obstacles."""
    if isinstance(error, RefusedError):
        for obstacle in error.obstacles:
            if obstacle.code == "starts_at":
                form.add_error("day", obstacle.what)
        error = RefusedError([one for one in error.obstacles if one.code != "starts_at"])
    return add_errors(form, error)


def _saved(meeting: Meeting) -> dict[str, Any]:
    at = meeting.starts_at.astimezone(meeting.zone)
    return {
        "day": at.date(), "time": at.time(), "planned_minutes": meeting.planned_minutes, "place": meeting.place,
        "reason": "",
    }  # fmt: skip


def _proposed(committee: Committee) -> dict[str, Any]:
    last = Meeting.objects.standing().filter(committee=committee).first()
    at = next_by_cadence(committee, last.starts_at if last else None, timezone.now())
    said: dict[str, Any] = {"planned_minutes": last.planned_minutes if last else 90, "place": committee.place}
    if at:
        said |= {"day": at.date(), "time": at.time()}
    return said
