"""Fetching meetings and their items: what one may not see is not there; what one does not run is refused."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.access import SignedInRequest
from gates.models import AgendaItem, Meeting
from gates.permissions import runs_meetings
from gates.queries import meetings_visible_to
from portfolio.models import Pilot


def seen_meeting(request: SignedInRequest, pk: int) -> Meeting:
    """A meeting that the visitor may read."""
    found = meetings_visible_to(request.user, timezone.localdate()).select_related("committee")
    return get_object_or_404(found, pk=pk)


def run_meeting(request: SignedInRequest, pk: int) -> Meeting:
    """A meeting that the visitor runs."""
    meeting = seen_meeting(request, pk)
    if not runs_meetings(request.user, meeting.committee):
        raise PermissionDenied
    return meeting


def run_item(request: SignedInRequest, pk: int, item: int) -> AgendaItem:
    """An item of a meeting that the visitor runs, about nothing or about a pilot that they may see."""
    meeting = run_meeting(request, pk)
    found = get_object_or_404(AgendaItem.objects.select_related("pilot", "round"), pk=item, meeting=meeting)
    if found.pilot_id and not Pilot.objects.visible_to(request.user).filter(pk=found.pilot_id).exists():
        raise Http404
    found.meeting = meeting
    return found
