"""The report on how long reviews take (requirement 38)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import get_text_list

from accounts.access import SignedInRequest, access, signed_in
from gates.review_times import Times, times_by_function, times_by_gate


@dataclass(frozen=True)
class Bars:
    """The two bars of a row, in percent of the longest of its chart."""

    times: Times
    first: float
    reused: float

    @property
    def both(self) -> bool:
        return bool(self.first and self.reused)


@access(signed_in)
def review_times(request: SignedInRequest) -> HttpResponse:
    """Days in review by function and by gate, first time against reused: chart and table."""
    parts = [
        ("By function", "function", times_by_function(request.user)),
        ("By gate", "gate", times_by_gate(request.user)),
    ]
    charts = [_chart(title, noun, times) for title, noun, times in parts]
    context = {"charts": charts, "known": any(chart["rows"] for chart in charts)}
    return render(request, "gates/review_times.html", context)


def _chart(title: str, noun: str, times: Sequence[Times]) -> dict[str, Any]:
    rows = [row for row in times if row.first_count or row.reused_count]
    without = get_text_list([row.label for row in times if row not in rows], "and")
    return {"title": title, "noun": noun, "rows": rows, "bars": _bars(rows), "without": without}


def _bars(times: Sequence[Times]) -> list[Bars]:
    longest = max([row.first or 0 for row in times] + [row.reused or 0 for row in times] + [1])
    return [Bars(row, *(round((days or 0) / longest * 100, 1) for days in (row.first, row.reused))) for row in times]
