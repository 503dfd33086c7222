"""Silencing flags and exempting pilots: the forms, the list of both, and ending them."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, access, signed_in
from accounts.models import User
from accounts.permissions import is_manager
from accounts.posting import add_errors, once, redirect_to
from gates.exempting import LONGEST_DAYS, end_exemption, exempt_pilot, exemption_obstacles
from gates.forms.drift import QuietForm
from gates.models import CommitteeSeat, Exemption, Flag, Snooze
from gates.open_flags import flags_visible_to
from gates.permissions import speaks_for
from gates.queries import committee_of, day_of
from gates.rules.registry import BY_ID
from gates.rules.rule import Rule
from gates.scanning import scan
from gates.snoozing import longest, may_quiet, snooze_flag, snooze_obstacles, wake_flag
from gates.states import CommitteePart
from portfolio.clock import clock_of, days_at
from portfolio.models import Pilot
from portfolio.states import Part


@access(signed_in)
@require_safe
def snooze_list(request: SignedInRequest) -> HttpResponse:
    """Every snooze and every exemption in force, of the pilots that the reader may see."""
    now = timezone.now()
    today, days = timezone.localdate(now), days_at(now)
    seen = Pilot.objects.visible_to(request.user)
    snoozes = Snooze.objects.in_force(today).filter(flag__pilot__in=seen, flag__closed_on=None)
    exemptions = Exemption.objects.in_force(today).filter(pilot__in=seen)
    context = {
        "snoozes": [
            (one, BY_ID.get(one.flag.rule), clock_of(one.flag.pilot, days.of(one.flag.pilot)))
            for one in snoozes.select_related("set_by", "flag__pilot__standing")
        ],
        "exemptions": [
            (one, BY_ID.get(one.rule), clock_of(one.pilot, days.of(one.pilot)))
            for one in exemptions.select_related("set_by", "pilot__standing")
        ],
        "manages": is_manager(request.user),
        "mine": set(_owned_by(request.user).values_list("pk", flat=True)),
        "chaired": set(_chaired_by(request.user).values_list("pk", flat=True)),
    }
    return render(request, "gates/snooze_list.html", context)


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def flag_snooze(request: SignedInRequest, pk: int) -> HttpResponse:
    """Silence a flag until a day."""
    flag, today = _flag(request, pk)
    if not may_quiet(request.user, flag.pilot):
        raise PermissionDenied("the business owner's part, the chair of the committee, or the role portfolio manager")
    form = QuietForm(request.POST or None)
    obstacles = snooze_obstacles(request.user, flag, today)
    if request.method == "POST" and form.is_valid():
        try:
            snooze_flag(actor=request.user, flag=flag, today=today, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, "The flag is silenced. It stays open, and comes back by itself.")
            return redirect_to(request, reverse("gates:snooze-list"))
    days = longest(request.user, flag.pilot)
    return _page(request, "gates/flag_snooze.html", flag, form=form, obstacles=obstacles, days=days)


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def flag_exempt(request: SignedInRequest, pk: int) -> HttpResponse:
    """Exempt the pilot of a flag from its rule until a day; the flag closes at once."""
    flag, today = _flag(request, pk)
    rule = _rule(flag)
    if not speaks_for(request.user, flag.pilot):
        raise PermissionDenied("the chair of the committee, or the role portfolio manager")
    form = QuietForm(request.POST or None)
    obstacles = exemption_obstacles(request.user, flag.pilot, rule, today)
    if request.method == "POST" and form.is_valid():
        now, said = timezone.now(), form.cleaned_data
        try:
            exempt_pilot(actor=request.user, pilot=flag.pilot, rule=rule, today=today, now=now, **said)
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            scan(actor=request.user, today=None, now=now, pilots=[flag.pilot_id])
            messages.success(request, f"“{rule.title}” does not look at {flag.pilot.code} until then.")
            return redirect_to(request, reverse("gates:snooze-list"))
    return _page(request, "gates/flag_exempt.html", flag, form=form, obstacles=obstacles, days=LONGEST_DAYS)


@access(signed_in)
@require_POST
@once
def snooze_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a flag be told of again."""
    seen = Pilot.objects.visible_to(request.user)
    snooze = get_object_or_404(Snooze.objects.select_related("flag__pilot"), pk=pk, flag__pilot__in=seen)
    if not may_quiet(request.user, snooze.flag.pilot):
        raise PermissionDenied("the business owner's part, the chair of the committee, or the role portfolio manager")
    wake_flag(actor=request.user, snooze=snooze, now=timezone.now())
    messages.success(request, "The flag is told of again.")
    return redirect_to(request, reverse("gates:snooze-list"))


@access(signed_in)
@require_POST
@once
def exemption_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a rule be asked again."""
    seen = Pilot.objects.visible_to(request.user)
    exemption = get_object_or_404(Exemption.objects.select_related("pilot"), pk=pk, pilot__in=seen)
    if not speaks_for(request.user, exemption.pilot):
        raise PermissionDenied("the chair of the committee, or the role portfolio manager")
    known = BY_ID.get(exemption.rule)
    now = timezone.now()
    end_exemption(actor=request.user, exemption=exemption, title=known.title if known else exemption.rule, now=now)
    scan(actor=request.user, today=None, now=now, pilots=[exemption.pilot_id])
    messages.success(request, "The rule is asked again.")
    return redirect_to(request, reverse("gates:snooze-list"))


def _owned_by(user: User) -> QuerySet[Pilot]:
    if is_manager(user):
        return Pilot.objects.all()
    return Pilot.objects.filter(
        assignments__person=user, assignments__part=Part.BUSINESS_OWNER, assignments__until=None
    )


def _chaired_by(user: User) -> QuerySet[Pilot]:
    chaired = CommitteeSeat.objects.filter(user=user, part=CommitteePart.CHAIR, until=None)
    return Pilot.objects.filter(committee_slug__in=chaired.values("committee__slug"))


def _flag(request: SignedInRequest, pk: int) -> tuple[Flag, date]:
    flag = get_object_or_404(flags_visible_to(request.user).select_related("pilot__standing__owner"), pk=pk)
    return flag, day_of(committee_of(flag.pilot), timezone.now())


def _rule(flag: Flag) -> Rule:
    rule = BY_ID.get(flag.rule)
    if rule is None:
        raise Http404
    return rule


def _page(request: SignedInRequest, template: str, flag: Flag, **more: object) -> HttpResponse:
    context = {"flag": flag, "rule": BY_ID.get(flag.rule), **more}
    return render(request, template, context, status=422 if request.method == "POST" else 200)
