"""One's own digests: the next one as it would be now, and past ones as they were sent."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, access, signed_in
from accounts.models import Mail
from accounts.preferring import wishes_of
from accounts.views.mail import in_a_sandbox, mail_page
from gates.composing import preview
from gates.models import DigestRun
from gates.periods import next_due

PAGE_SIZE = 25


@access(signed_in)
def digest_list(request: SignedInRequest) -> HttpResponse:
    """When the next digest comes and what it would say, and every past one."""
    person, now = request.user, timezone.now()
    wishes = wishes_of(person)
    runs = DigestRun.objects.filter(recipient=person)
    past = runs.exclude(mail=None).select_related("mail").defer("mail__text", "mail__html").order_by("-composed_at")
    context = {
        "wishes": wishes,
        "away": wishes.away_until if wishes.is_away(timezone.localdate(now)) else None,
        "coming": next_due(
            wishes, zone=person.time_zone, now=now, done=set(runs.order_by("-pk").values_list("period", flat=True)[:60])
        ),
        "preview": preview(person, now=now),
        "page": Paginator(past, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "gates/digest_list.html", context)


@access(signed_in)
@require_GET
@in_a_sandbox  # type: ignore[arg-type]  # typed for views of plain requests only
def digest_next(request: SignedInRequest) -> HttpResponse:
    """The next digest as it would be now; kept nowhere and sent to nobody."""
    mail = preview(request.user, now=timezone.now())
    return mail_page(mail) if mail else render(request, "gates/digest_next.html")


@access(signed_in)
@require_GET
@in_a_sandbox  # type: ignore[arg-type]  # as above
def digest_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """A past digest of one's own, as it was sent."""
    return mail_page(get_object_or_404(Mail, digest_run=pk, recipient=request.user))
