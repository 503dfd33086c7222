"""Ending digests from a link in the mail, without signing in (RFC 8058)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import preferring
from accounts.access import access, public
from accounts.models import Preference


@access(public("mail programs post here without a session; whoever has the key may end these mails, and nothing else"))
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, key: str) -> HttpResponse:
    """GET asks and changes nothing; POST ends the digests, however often it comes. An unknown key is not there."""
    try:
        if request.method == "POST":
            preference = preferring.unsubscribe(key=key, now=timezone.now())
        else:
            preference = Preference.objects.select_related("user").get(unsubscribe_key=key)
    except Preference.DoesNotExist:
        raise Http404 from None
    context = {"preference": preference, "person": preference.user}
    return render(request, "accounts/unsubscribe.html", context)
