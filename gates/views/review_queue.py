"""The reviewers' queue: what one is asked for, the pool, what can be concluded; taking, handing over, substitutes."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.models import User
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.allotting import end_substitute, hand_over_request, name_substitute, take_request
from gates.forms.review_queue import HandOverForm, QueueForm, SubstituteForm
from gates.models import Reviewer, ReviewRequest, Substitute
from gates.permissions import functions_of
from gates.queries import day_of
from gates.queue import colleagues, narrowed, pool_of, requests_of, substitutes_of, waiting
from gates.waiting import gates_to_assess, reviews_to_conclude, rounds_to_assess
from portfolio.clock import Clock, Days, clock, days_at
from portfolio.models import Pilot, Round

PAGE_SIZE = 25
#: Somebody else was faster.
TAKEN = Obstacle(
    "taken", "Somebody took or handed over this review since you opened the page.", "you, by looking again"
)


@access(signed_in)
def review_queue(request: SignedInRequest) -> HttpResponse:
    """What waits for this reviewer, or with their colleagues, oldest first; or every gate that is open to them."""
    return _page(request, request.GET.get("show", ""))


@access(signed_in)
@once
def request_take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a review over from a colleague of the function."""
    asked = _asked(request, pk)
    if request.method != "POST":
        return redirect(_queue("pool"))
    today = day_of(None, timezone.now())
    if asked.function not in functions_of(request.user, today):
        raise PermissionDenied(f"to review for {asked.get_function_display()}")
    try:
        take_request(actor=request.user, request=asked, seen=_version(request), today=today, now=timezone.now())
    except StaleError:
        return _page(request, "pool", [TAKEN], 409)
    except ValidationError as error:
        return _page(request, "pool", [Obstacle("refused", text) for text in error.messages], 422)
    messages.success(request, f"{asked.review.gate} of {asked.review.round.pilot.code} is yours now.")
    return redirect_to(request, _queue())


@access(signed_in)
@once
def request_hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand a review to a colleague of the function, with a note."""
    asked = _asked(request, pk)
    today = day_of(None, timezone.now())
    if asked.function not in functions_of(request.user, today):
        raise PermissionDenied(f"to review for {asked.get_function_display()}")
    pilot = asked.review.round.pilot
    people = colleagues(asked.function, pilot, today).exclude(pk=asked.reviewer_id)
    data = request.POST if request.method == "POST" else None
    form = HandOverForm(data, people=people, initial={"version": asked.version})
    obstacles: list[Obstacle] = []
    status = 422 if data is not None else 200
    if data is not None and form.is_valid():
        try:
            hand_over_request(
                actor=request.user,
                request=asked,
                to=form.cleaned_data["to"],
                why=form.cleaned_data["note"],
                seen=form.cleaned_data["version"],
                today=today,
                now=timezone.now(),
            )
        except StaleError:
            asked = _asked(request, pk)
            form = HandOverForm({**data.dict(), "version": asked.version}, people=people)
            obstacles, status = [TAKEN], 409
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, f"{asked.review.gate} goes to {form.cleaned_data['to']}.")
            return redirect_to(request, _queue())
    context = {"asked": asked, "pilot": pilot, "form": form, "obstacles": obstacles, "people": people}
    return render(request, "gates/request_hand_over.html", context, status=status)


@access(signed_in)
@once
def substitute_list(request: SignedInRequest) -> HttpResponse:
    """Who stands in for this reviewer, and naming somebody."""
    today = day_of(None, timezone.now())
    if not Reviewer.objects.filter(user=request.user, until=None).exists():
        raise PermissionDenied("to be a reviewer")
    people = User.objects.filter(reviews_for__until=None, reviews_for__isnull=False, is_active=True)
    people = people.exclude(pk=request.user.pk).distinct().order_by("name", "email")
    form = SubstituteForm(request.POST if request.method == "POST" else None, people=people)
    obstacles: list[Obstacle] = []
    if request.method == "POST" and form.is_valid():
        try:
            named = name_substitute(actor=request.user, today=today, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, f"{named.stands_in} stands in for you.")
            return redirect_to(request, reverse("gates:substitute-list"))
    context = {"form": form, "obstacles": obstacles, "substitutes": substitutes_of(request.user, today)}
    return render(request, "gates/substitute_list.html", context, status=422 if form.is_bound else 200)


@access(signed_in)
@once
def substitute_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End the time of one's own substitute."""
    substitute = get_object_or_404(Substitute.objects.filter(absent=request.user).select_related("stands_in"), pk=pk)
    if request.method == "POST":
        today = day_of(None, timezone.now())
        end_substitute(actor=request.user, substitute=substitute, today=today, now=timezone.now())
        messages.success(request, f"{substitute.stands_in} no longer stands in for you.")
    return redirect_to(request, reverse("gates:substitute-list"))


def _asked(request: SignedInRequest, pk: int) -> ReviewRequest:
    """An open request on a pilot that the visitor may see."""
    asked = (
        ReviewRequest.objects.filter(review__round__pilot__in=Pilot.objects.visible_to(request.user))
        .select_related("review__gate", "review__round__pilot", "reviewer")
        .filter(pk=pk)
        .first()
    )
    if asked is None:
        raise Http404
    return asked


def _page(request: SignedInRequest, show: str, obstacles: Sequence[Obstacle] = (), status: int = 200) -> HttpResponse:
    today = day_of(None, timezone.now())
    functions = functions_of(request.user, today)
    filters = QueueForm(request.GET)
    mine, pool = requests_of(request.user, today), pool_of(request.user, functions, today)
    context: dict[str, Any] = {
        "functions": sorted(function.label for function in functions),
        "show": show if show in {"pool", "open"} else "mine",
        "filters": filters,
        "chosen": filters.chosen(),
        "mine_total": mine.count(),
        "pool_total": pool.count(),
        "obstacles": obstacles,
    }
    if context["show"] == "open":
        rounds = Paginator(rounds_to_assess(request.user, functions), PAGE_SIZE).get_page(request.GET.get("page"))
        context["page"], days = rounds, days_at(timezone.now())
        context["rows"] = [(row, _clock(row.round, days)) for row in gates_to_assess(list(rounds), functions)]
    else:
        asked = narrowed(pool if context["show"] == "pool" else mine, **context["chosen"])
        page = Paginator(asked, PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {"page": page, "requests": waiting(list(page), request.user, today)}
        context["to_conclude"] = reviews_to_conclude(request.user, functions)[:PAGE_SIZE]
    return render(request, "gates/review_queue.html", context, status=status)


def _queue(show: str = "") -> str:
    return reverse("gates:review-queue") + (f"?show={show}" if show else "")


def _version(request: SignedInRequest) -> int | None:
    said = request.POST.get("version", "")
    return int(said) if said.isdecimal() else 0


def _clock(round_: Round, days: Days) -> Clock:
    pilot = round_.pilot
    return clock(due=round_.decision_due, monthly_cost=pilot.monthly_cost, today=days.of(pilot))
