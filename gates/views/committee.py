"""Committees: their page, and for administrators who sits in them and who reviews for which function."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, administrators, signed_in
from accounts.comparing import conflict_of
from accounts.models import User
from accounts.obstacles import StaleError
from accounts.posting import add_errors, once, redirect_to
from accounts.states import Function
from gates.convening import change_committee, end_reviewer, end_seat, form_committee, name_reviewer, seat_member
from gates.forms.committee import CommitteeForm, ReviewerForm, SeatForm
from gates.models import Committee, CommitteeSubstitute
from gates.permissions import is_chair, runs_meetings
from gates.queries import (
    committees_with_chairs,
    day_of,
    decisions_visible_to,
    meetings_visible_to,
    reviewers_by_function,
    seats_of,
)
from gates.states import MEETING_OVER, CommitteePart
from gates.waiting import pilots_to_decide
from portfolio.clock import clock_of

PAGE_SIZE = 25
LAST_DECISIONS = 8
#: Fields of a committee that its form changes.
RULES = (
    "name", "time_zone", "quorum", "quorum_share", "majority_rule", "meets_every_weeks", "meets_on", "meets_at",
    "place", "pack_hours",
)  # fmt: skip


@access(signed_in)
def committee_detail(request: SignedInRequest, slug: str) -> HttpResponse:
    """A committee: who sits in it, what awaits its decision, worst first, and what it decided last."""
    committee = get_object_or_404(Committee, slug=slug)
    today = day_of(committee, timezone.now())
    undecided = pilots_to_decide(request.user, [slug], today)
    page = Paginator(undecided, PAGE_SIZE).get_page(request.GET.get("page"))
    decisions = decisions_visible_to(request.user).filter(committee=committee).defer("snapshot")
    context = {
        "committee": committee,
        "seats": seats_of(committee),
        "page": page,
        "rows": [(pilot, clock_of(pilot, today)) for pilot in page],
        "decisions": decisions.select_related("round__pilot")[:LAST_DECISIONS],
        "chairs": is_chair(request.user, slug),
        "next_meeting": committee.meetings.exclude(state__in=MEETING_OVER).order_by("starts_at").first(),
        "reads_meetings": meetings_visible_to(request.user, today).filter(committee=committee).exists(),
        "runs": runs_meetings(request.user, committee),
        "substitutes": CommitteeSubstitute.objects.filter(committee=committee, until__gte=today).select_related(
            "member", "stands_in"
        ),
    }
    return render(request, "gates/committee_detail.html", context)


@access(administrators)
def committee_list(request: SignedInRequest) -> HttpResponse:
    return render(request, "gates/committee_list.html", {"committees": committees_with_chairs()})


@access(administrators)
@once
def committee_create(request: SignedInRequest) -> HttpResponse:
    form = CommitteeForm(
        request.POST or None, initial={"quorum": 3, "pack_hours": 48, "time_zone": str(timezone.get_default_timezone())}
    )
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("slug", *RULES)}
        try:
            committee = form_committee(actor=request.user, now=timezone.now(), **facts)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"{committee.name} is formed. Seat its members next.")
            return redirect_to(request, _settings(committee))
    return render(request, "gates/committee_create.html", {"form": form}, status=422 if form.errors else 200)


@access(administrators)
@once
def committee_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """A committee's name and rules, and its seats."""
    committee = get_object_or_404(Committee, slug=slug)
    saved = {name: getattr(committee, name) for name in RULES}
    form = CommitteeForm(request.POST or None, committee=committee, initial={**saved, "version": committee.version})
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, committee, form=form, status=422 if form.errors else 200)
    facts = {name: form.cleaned_data[name] for name in RULES}
    try:
        change_committee(
            actor=request.user,
            committee=committee,
            seen=form.cleaned_data["version"] or 0,
            now=timezone.now(),
            **facts,
        )
    except StaleError:
        committee.refresh_from_db()
        conflict = conflict_of(
            form,
            current={name: getattr(committee, name) for name in RULES},
            row=committee,
            version=committee.version,
            action=request.path,
            back=request.path,
        )
        return _edit_page(request, committee, form=form, conflict=conflict, status=409)
    messages.success(request, "Saved.")
    return redirect_to(request, _settings(committee))


@access(administrators)
@once
def seat_create(request: SignedInRequest, slug: str) -> HttpResponse:
    """Seat a member; a new chair takes the place of the old one."""
    committee = get_object_or_404(Committee, slug=slug)
    if request.method != "POST":
        return redirect(_settings(committee))
    seat = SeatForm(request.POST)
    if not seat.is_valid():
        return _edit_page(request, committee, seat=seat, status=422)
    person = seat.cleaned_data["person"]
    seat_member(
        actor=request.user,
        committee=committee,
        person=person,
        part=CommitteePart(seat.cleaned_data["part"]),
        since=seat.cleaned_data["since"],
        now=timezone.now(),
    )
    messages.success(request, f"{person} has a seat.")
    return redirect_to(request, _settings(committee))


@access(administrators)
@once
def seat_end(request: SignedInRequest, slug: str, person: int) -> HttpResponse:
    """End a seat today, on the committee's day."""
    committee = get_object_or_404(Committee, slug=slug)
    if request.method != "POST":
        return redirect(_settings(committee))
    member = get_object_or_404(User, pk=person)
    now = timezone.now()
    end_seat(actor=request.user, committee=committee, person=member, until=day_of(committee, now), now=now)
    messages.success(request, f"{member} has no seat any more.")
    return redirect_to(request, _settings(committee))


@access(administrators)
@once
def reviewer_list(request: SignedInRequest) -> HttpResponse:
    """Who reviews for which function; naming another reviewer."""
    now = timezone.now()
    form = ReviewerForm(request.POST or None, initial={"since": day_of(None, now)})
    if request.method == "POST" and form.is_valid():
        person, function = form.cleaned_data["person"], Function(form.cleaned_data["function"])
        name_reviewer(actor=request.user, person=person, function=function, since=form.cleaned_data["since"], now=now)
        messages.success(request, f"{person} reviews for {function.label}.")
        return redirect_to(request, reverse("gates:reviewer-list"))
    context = {"form": form, "functions": reviewers_by_function()}
    return render(request, "gates/reviewer_list.html", context, status=422 if form.errors else 200)


@access(administrators)
@once
def reviewer_end(request: SignedInRequest, function: str, person: int) -> HttpResponse:
    """Take a person out of a function's pool, today."""
    if request.method == "POST" and function in Function.values:
        reviewer = get_object_or_404(User, pk=person)
        now = timezone.now()
        end_reviewer(actor=request.user, person=reviewer, function=Function(function), until=day_of(None, now), now=now)
        messages.success(request, f"{reviewer} no longer reviews for {Function(function).label}.")
    return redirect_to(request, reverse("gates:reviewer-list"))


def _settings(committee: Committee) -> str:
    return reverse("gates:committee-edit", args=[committee.slug])


def _edit_page(
    request: SignedInRequest,
    committee: Committee,
    *,
    form: CommitteeForm | None = None,
    seat: SeatForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    saved = {name: getattr(committee, name) for name in (*RULES, "version")}
    context = {
        "committee": committee,
        "form": form or CommitteeForm(committee=committee, initial=saved),
        "seat": seat or SeatForm(initial={"since": day_of(committee, timezone.now())}),
        "seats": seats_of(committee),
        **more,
    }
    return render(request, "gates/committee_edit.html", context, status=status)
