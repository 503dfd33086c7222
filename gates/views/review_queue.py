"""The reviewers' queue."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from gates.permissions import functions_of
from gates.queries import day_of
from gates.waiting import gates_to_assess, reviews_to_conclude, rounds_to_assess
from portfolio.clock import clock

PAGE_SIZE = 25


@access(signed_in)
def review_queue(request: SignedInRequest) -> HttpResponse:
    """What waits for this reviewer: gates with criteria to assess, the one due first on top; gates to conclude."""
    today = day_of(None, timezone.now())
    functions = functions_of(request.user, today)
    page = Paginator(rounds_to_assess(request.user, functions), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "functions": sorted(function.label for function in functions),
        "page": page,
        "rows": [
            (waiting, clock(due=waiting.round.decision_due, monthly_cost=waiting.round.pilot.monthly_cost, today=today))
            for waiting in gates_to_assess(list(page), functions)
        ],
        "to_conclude": reviews_to_conclude(request.user, functions)[:PAGE_SIZE],
    }
    return render(request, "gates/review_queue.html", context)
