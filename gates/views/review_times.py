"""The report on how long reviews take (requirement 38)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import SignedInRequest, access, signed_in
from gates.review_times import Times, times_by_function, times_by_gate

#: Height of a row of the chart, and where its bars begin and how far they may reach, in the units of its view box.
ROW, LEFT, REACH = 44, 210, 400


@dataclass(frozen=True)
class Bars:
    """The two bars of a row, in the units of the chart's view box."""

    times: Times
    top: int
    first: float
    reused: float


@access(signed_in)
def review_times(request: SignedInRequest) -> HttpResponse:
    """Days in review by function and by gate, first time against reused: chart and table."""
    parts = [
        ("By function", "function", times_by_function(request.user)),
        ("By gate", "gate", times_by_gate(request.user)),
    ]
    charts = [
        {"title": title, "noun": noun, "rows": times, "bars": _bars(times), "height": ROW * len(times) + 8}
        for title, noun, times in parts
    ]
    known = any(row.first_count or row.reused_count for _, _, times in parts for row in times)
    return render(request, "gates/review_times.html", {"charts": charts, "known": known, "left": LEFT})


def _bars(times: Sequence[Times]) -> list[Bars]:
    longest = max([row.first or 0 for row in times] + [row.reused or 0 for row in times] + [1])
    return [
        Bars(row, place * ROW, *(round((days or 0) / longest * REACH, 1) for days in (row.first, row.reused)))
        for place, row in enumerate(times)
    ]
