"""The mail log: every mail with its state, for administrators. Without a mail server, the product's own mailbox."""

from typing import Any

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, access, administrators
from accounts.bouncing import bounce_of
from accounts.delivering import KEYED_KINDS
from accounts.forms.mail import MailFilterForm
from accounts.mailing import CONFIDENTIAL, resend_mail, resend_obstacles, suppress_mail, suppress_obstacles
from accounts.models import Mail
from accounts.obstacles import RefusedError
from accounts.posting import once, redirect_to
from accounts.states import MAIL_DUE
from accounts.templatetags.screen import moment

PAGE_SIZE = 25


@access(administrators)
def mail_list(request: SignedInRequest) -> HttpResponse:
    """All mails, newest first; search, filters, 25 a page."""
    form = MailFilterForm(request.GET)
    wanted = form.wanted()
    page = Paginator(_found(**wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    template = "accounts/mail_list.html" + ("#results" if request.htmx and not request.htmx.boosted else "")
    context = {
        "form": form,
        "page": page,
        "filtered": any(wanted.values()),
        "server": settings.MAIL_TRANSPORT.host,
    }
    return render(request, template, context)


@access(administrators)
def mail_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One mail: what became of it, its text where that may be read, and what can be done."""
    return _detail(request, get_object_or_404(_mails(), pk=pk))


@access(administrators)
@require_POST
@once
def mail_resend(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a mail back into the queue."""
    mail = get_object_or_404(_mails(), pk=pk)
    try:
        resend_mail(actor=request.user, mail=mail, now=timezone.now())
    except RefusedError:
        return _detail(request, get_object_or_404(_mails(), pk=pk), status=422)
    messages.success(request, "The mail is in the queue and goes out within a minute.")
    return redirect_to(request, reverse("accounts:mail-detail", args=[pk]))


@access(administrators)
@require_POST
@once
def mail_suppress(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep a waiting mail from being sent."""
    mail = get_object_or_404(_mails(), pk=pk)
    try:
        suppress_mail(actor=request.user, mail=mail, now=timezone.now())
    except RefusedError:
        return _detail(request, get_object_or_404(_mails(), pk=pk), status=422)
    messages.success(request, "The mail is held back.")
    return redirect_to(request, reverse("accounts:mail-detail", args=[pk]))


# A mail's HTML brings its own styles, so it is shown as a page of no origin: no script, no form, no image, no frame
# around it, and nothing of ours within its reach.
in_a_sandbox = csp(
    {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "form-action": [NONE],
        "frame-ancestors": [NONE],
        "sandbox": "",
    }
)


@access(administrators)
@require_GET
@in_a_sandbox  # type: ignore[arg-type]  # typed for views of plain requests only
def mail_preview(_request: SignedInRequest, pk: int) -> HttpResponse:
    """The HTML of a mail as its reader sees it, in a sandbox of its own."""
    mail = get_object_or_404(_mails(), pk=pk)
    if not mail.html or not _may_be_read(mail):
        raise Http404
    return mail_page(mail)


def mail_page(mail: Mail) -> HttpResponse:
    """The HTML of a mail as a page; the view around it is `in_a_sandbox`."""
    response = HttpResponse(mail.html)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _mails() -> QuerySet[Mail]:
    """Every mail: administrators see to all of them."""
    return Mail.objects.select_related("recipient")


def _found(*, q: str, state: str, kind: str) -> QuerySet[Mail]:
    mails = _mails().defer("text", "html", "headers").order_by("-created_at", "-pk")
    if state:
        mails = mails.filter(state=state)
    if kind:
        mails = mails.filter(kind=kind)
    if q:
        mails = mails.filter(
            Q(to_address__icontains=q)
            | Q(subject__icontains=q)
            | Q(reason__icontains=q)
            | Q(recipient__name__icontains=q)
        )
    return mails


def _may_be_read(mail: Mail) -> bool:
    """Whether an administrator may read the text: never a key outside the trial, nor what only some may see."""
    return settings.TRIAL or (mail.kind not in KEYED_KINDS and CONFIDENTIAL not in mail.headers)


def _facts(mail: Mail) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": "To", "value": mail.to_address, "note": str(mail.recipient or "")},
        {"label": "Kind", "value": mail.get_kind_display()},
        {"label": "Written", "value": moment(mail.created_at)},
        {"label": "Tries", "value": mail.attempts},
        {"label": "Message-ID", "value": mail.message_id},
    ]
    if mail.sent_at:
        facts.append({"label": "Sent", "value": moment(mail.sent_at)})
    if mail.state in MAIL_DUE:
        facts.append({"label": "Next try", "value": moment(mail.next_try_at)})
    if mail.reason:
        facts.append({"label": "What the server said", "value": mail.reason})
    facts.extend({"label": name, "value": value} for name, value in mail.headers.items())
    return facts


def _detail(request: SignedInRequest, mail: Mail, *, status: int = 200) -> HttpResponse:
    context = {
        "mail": mail,
        "readable": _may_be_read(mail),
        "keyed": mail.kind in KEYED_KINDS,
        "may_resend": not resend_obstacles(mail),
        "may_suppress": not suppress_obstacles(mail),
        "bounce": bounce_of(mail.to_address),
        "obstacles": resend_obstacles(mail) if status != 200 else [],
        "facts": _facts(mail),
    }
    return render(request, "accounts/mail_detail.html", context, status=status)
