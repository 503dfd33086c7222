"""A person's calendar: its secret address, and what calendar programs read there."""

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, access, public, signed_in
from accounts.posting import once, redirect_to
from gates.feeds import calendar_of, person_of
from gates.models import FeedKey
from gates.subscribing import end_feed_key, hash_of, make_feed_key

#: Requests of one address in one minute; programs ask every quarter of an hour at the most.
_LIMIT = 30
_MINUTE = 60


@access(signed_in)
def calendar(request: SignedInRequest) -> HttpResponse:
    """Whether one's calendar has an address; POST makes a new one and shows it this once.

    The answer of a post is the page itself, so that the secret is kept nowhere; posting twice leaves the last one.
    """
    secret = make_feed_key(actor=request.user, now=timezone.now()) if request.method == "POST" else ""
    address = f"{settings.BASE_URL}{reverse('gates:calendar-feed', args=[secret])}" if secret else ""
    context = {"address": address, "key": FeedKey.objects.filter(user=request.user, ended_at=None).first()}
    response = render(request, "gates/calendar.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@access(signed_in)
@once
def calendar_end(request: SignedInRequest) -> HttpResponse:
    """End the address of one's calendar."""
    if request.method != "POST":
        return redirect("gates:calendar")
    end_feed_key(actor=request.user, now=timezone.now())
    messages.success(request, "The address has ended. Calendars that used it get nothing any more.")
    return redirect_to(request, reverse("gates:calendar"))


@access(public("calendar programs have no session; the secret in the address opens one person's calendar, read only"))
@require_safe
@sensitive_variables("key")
def calendar_feed(_request: HttpRequest, key: str) -> HttpResponse:
    """The calendar of whoever made the address. Nothing of the address is logged."""
    key_hash = hash_of(key)
    person = person_of(key_hash)
    if person is None:
        return _unlogged(HttpResponse("There is no such calendar.\n", content_type="text/plain", status=404))
    now = timezone.now()
    if _too_often(key_hash):
        return _unlogged(HttpResponse("Too often. Try again in a minute.\n", content_type="text/plain", status=429))
    response = HttpResponse(calendar_of(person, now=now), content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["Content-Disposition"] = 'inline; filename="pilotage.ics"'
    return response


def _too_often(key_hash: str) -> bool:
    place = f"calendar:{key_hash[:32]}"
    cache.add(place, 0, _MINUTE)
    try:
        return cache.incr(place) > _LIMIT
    except ValueError:  # it ended in between
        return False


def _unlogged(response: HttpResponse) -> HttpResponse:
    """Keep Django from logging the path of a refused request: the secret stands in it."""
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
    return response
