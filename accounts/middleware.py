"""What every request passes through. Function middlewares, in the order of the settings."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import ResolverMatch, resolve, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from psycopg.errors import LockNotAvailable

from accounts.access import policy_of
from accounts.beginning import is_begun
from accounts.third_party import POLICIES

Respond = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()" for feature in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
)

#: In pieces of this size what is too large is let go.
_PIECE = 1 << 16
# A load balancer asks these while the database may be away: no query may stand before them.
HEALTH = frozenset({"/healthz", "/readyz"})


def headers(get_response: Respond) -> Respond:
    """Add the headers that Django does not: permissions, resource policy, and variation by htmx."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(settings.STATIC_URL):
            patch_vary_headers(response, ["HX-Request"])
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def within_limits(get_response: Respond) -> Respond:
    """Answer 413 to requests larger than any page takes, before anything of them is read into a form."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if _length(request) <= settings.LARGEST_REQUEST:
            return get_response(request)
        # A browser shows the answer only once it got rid of what it sends.
        for _ in range(4 * settings.LARGEST_REQUEST // _PIECE):
            if not request.read(_PIECE):
                break
        limit = f"{settings.EVIDENCE_FILE_LIMIT // 1_000_000} MB"
        return render(request, "413.html", {"limit": limit}, status=413)

    return middleware


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def told_when_busy(get_response: Respond) -> Respond:
    """Answer 503, and not 500, where a row was locked by others for longer than the database waits."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception.__cause__, LockNotAvailable):
            return None
        response = render(request, "503.html", status=503)
        response.headers["Retry-After"] = "2"
        return response

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # where Django looks for it
    return middleware


def local_time(get_response: Respond) -> Respond:
    """Show times in the reader's own time zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        zone = getattr(request.user, "time_zone", "") or settings.TIME_ZONE
        try:
            with timezone.override(zoneinfo.ZoneInfo(zone)):
                return get_response(request)
        except zoneinfo.ZoneInfoNotFoundError:
            return get_response(request)

    return middleware


def first_administrator(get_response: Respond) -> Respond:
    """Lead every page of an empty installation to the one that makes its first administrator."""
    known = False

    def middleware(request: HttpRequest) -> HttpResponse:
        nonlocal known
        if known or request.path in HEALTH or request.path.startswith(settings.STATIC_URL):
            return get_response(request)
        if request.user.is_anonymous:
            known = is_begun()
            target = reverse("accounts:begin")
            if not known and request.path != target:
                return redirect(target)
        return get_response(request)

    return middleware


def deny_by_default(get_response: Respond) -> Respond:
    """Refuse views without a declared policy, and visitors whom the policy does not admit."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Callable[..., HttpResponse], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        match: ResolverMatch = request.resolver_match or resolve(request.path_info)
        policy = policy_of(view) or POLICIES.get(match.view_name)
        if policy is None:
            raise Http404
        if policy.admits(request.user):
            return None
        if request.user.is_authenticated:
            raise PermissionDenied(policy.needs)
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(reverse(settings.LOGIN_URL))
        return redirect_to_login(request.get_full_path())

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware
