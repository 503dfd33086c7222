"""Mail that came back: told by the mail provider, or noted by an administrator."""

import hmac
import json

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, access, administrators, public
from accounts.bouncing import end_bounce, note_bounce, signature_of
from accounts.models import Mail, User
from accounts.posting import once, redirect_to

#: The most that a call may bring, in bytes, and the most calls in a minute.
LARGEST_CALL = 10_000
CALLS_A_MINUTE = 300


@access(public("mail providers post here; each call is signed with a secret, and can only mark an address"))
@csrf_exempt
@require_POST
def bounce_hook(request: HttpRequest) -> JsonResponse:
    """Take `{"address": ..., "reason": ...}`, signed in X-Pilotage-Signature. Without a secret set it is not there."""
    if not settings.BOUNCE_SECRET:
        raise Http404
    if _too_many():
        return JsonResponse({"error": "too many calls, come back in a minute"}, status=429)
    body = request.body if int(request.META.get("CONTENT_LENGTH") or 0) <= LARGEST_CALL else b""
    signature = request.headers.get("X-Pilotage-Signature", "")
    if not body or not hmac.compare_digest(signature_of(body, settings.BOUNCE_SECRET).encode(), signature.encode()):
        return JsonResponse({"error": "the signature does not fit"}, status=403)
    try:
        told = json.loads(body)
        note_bounce(actor=None, address=str(told["address"]), reason=str(told.get("reason", "")), now=timezone.now())
    except (ValueError, TypeError, KeyError, AttributeError, ValidationError):
        return JsonResponse({"error": 'expected {"address": "...", "reason": "..."}'}, status=422)
    return JsonResponse({"noted": True})


@access(administrators)
@require_POST
@once
def mail_bounce(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note by hand that a mail came back."""
    mail = get_object_or_404(Mail, pk=pk)
    reason = request.POST.get("reason", "").strip() or "noted by hand"
    note_bounce(actor=request.user, address=mail.to_address, reason=reason, now=timezone.now())
    messages.success(request, "Noted. No digest goes to that address until somebody says that it works again.")
    return redirect_to(request, reverse("accounts:mail-detail", args=[pk]))


@access(administrators)
@require_POST
@once
def bounce_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that mail reaches a person again."""
    person = get_object_or_404(User, pk=pk)
    end_bounce(actor=request.user, person=person, now=timezone.now())
    messages.success(request, f"Digests go to {person.email} again.")
    return redirect_to(request, reverse("accounts:person-detail", args=[pk]))


def _too_many() -> bool:
    """Whether this minute has had its calls."""
    key = f"bounces:{timezone.now():%Y%m%d%H%M}"
    cache.add(key, 0, 120)
    return int(cache.incr(key)) > CALLS_A_MINUTE
