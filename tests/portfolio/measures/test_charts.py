"""Charts: sensible axes, gaps, levels; the same drawing for every size."""

import re
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string

from portfolio.charts import MOST_DOTS, NARROW, WIDE, chart_of, charts_of, date_ticks, nice_ticks
from portfolio.progress import Value
from tests.portfolio.measures.building import progress


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([55, 30, 38], "20 30 40 50 60"),
        ([60, 80], "50 60 70 80 90"),
        ([3, 80], "0 20 40 60 80 100"),
        ([40, 100], "0 20 40 60 80 100"),
        ([0, 0], "0 0.2 0.4 0.6 0.8 1"),
        ([5], "4.5 4.75 5 5.25 5.5"),
        ([Decimal("0.012"), Decimal("0.018")], "0.01 0.012 0.014 0.016 0.018 0.02"),
        ([-40, 20], "-60 -40 -20 0 20 40"),
        ([1200000, 3400000], "0 1000000 2000000 3000000 4000000"),
    ],
)
def test_axes_have_round_numbers(values, ticks):
    found = nice_ticks([Decimal(value) for value in values], most=5)
    assert " ".join(f"{tick.normalize():f}" for tick in found) == ticks


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (6, ["1 Sep", "3 Sep", "5 Sep", "7 Sep"]),
        (40, ["1 Sep", "15 Sep", "29 Sep"]),
        (120, ["Sep 2026", "Oct", "Nov", "Dec"]),
        (400, ["Sep 2026", "Mar", "Sep"]),
        (3000, ["Sep 2026", "Sep", "Sep"]),
    ],
)
def test_days_are_marked_so_that_they_can_be_read(days, labels):
    first = date(2026, 9, 1)
    found = date_ticks(first, first + timedelta(days=days), most=4)
    assert len(found) <= 4
    assert [label for _, label in found][: len(labels)] == labels[: len(found)]


def test_one_value_is_a_dot_between_its_levels(today):
    chart = chart_of(progress(38, today=today), WIDE, since=today - timedelta(days=60))
    (dot,) = chart.dots
    assert (chart.lines, chart.gaps) == ([], [])
    target, baseline = (next(level for level in chart.levels if level.name == name) for name in ("target", "baseline"))
    # 38 lies between 30 and 55; up is less on a screen.
    assert float(baseline.y) < float(dot.y) < float(target.y)
    assert (target.label, baseline.label, dot.last) == ("Target 30", "Baseline 55", True)


@pytest.mark.parametrize("count", [MOST_DOTS, MOST_DOTS + 1, 400])
def test_many_values_are_a_line_with_its_last_dot(count, today):
    chart = chart_of(progress(*range(count), today=today, every=1), NARROW, since=None)
    assert len(chart.dots) == (count if count <= MOST_DOTS else 1)
    (line,) = chart.lines
    assert len(line.split()) == count


def test_a_long_silence_is_a_gap(today):
    values = [Value(today - timedelta(days=ago), Decimal(40)) for ago in (200, 193, 186, 100, 93)]
    found = progress(today=today)
    chart = chart_of(type(found)(found.agreed, today, values), WIDE, since=None)
    assert [len(line.split()) for line in chart.lines] == [3, 2]
    assert len(chart.gaps) == 1


def test_everything_lies_within_the_drawing(today):
    found = progress(900, -3, 41, today=today, measured_by=today + timedelta(days=40))
    for chart in charts_of(found, since=today - timedelta(days=90)):
        frame = chart.frame
        places = [tuple(map(float, place.split(","))) for line in chart.lines for place in line.split()]
        assert all(frame.left <= x <= frame.width - frame.right for x, _ in places)
        assert all(frame.top <= y <= frame.height - frame.bottom for _, y in places)
        assert all(0 < float(level.label_y) < frame.height for level in chart.levels)


def test_the_target_of_the_start_is_drawn_beside_the_amended_one(today):
    amended = progress(38, today=today, target=Decimal(40), original={"target": Decimal(30)})
    chart = chart_of(amended, WIDE, since=None)
    assert [level.label for level in chart.levels] == ["Baseline 55", "Target 40", "Target at the start 30"]


def test_what_was_added_after_the_decision_is_drawn_hollow(today):
    late = Value(today, Decimal(29))
    chart = chart_of(progress(today=today), WIDE, since=None, afterwards=[late])
    assert [(dot.last, dot.afterwards) for dot in chart.dots] == [(False, True)]
    assert charts_of(progress(today=today), since=None) == []


def test_the_drawing_is_svg_with_attributes_only_and_says_what_it_shows(today):
    charts = charts_of(progress(55, 44, 38, today=today), since=today - timedelta(days=60))
    text = render_to_string("portfolio/partials/chart.html", {"charts": charts, "id": "one"})
    drawings = ET.fromstring(f"<div>{text}</div>")  # noqa: S314  our own template
    assert [drawing.get("viewBox") for drawing in drawings] == ["0 0 600 250", "0 0 340 220"]
    assert re.search(r"\bstyle=|<style|<script|\bon\w+=", text) is None
    for drawing in drawings:
        title, desc = drawing.find("title"), drawing.find("desc")
        assert drawing.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
        assert title.text.strip() == "Handling time, minutes"
        assert "68\N{NO-BREAK SPACE}%" in desc.text or "68 % of the way" in desc.text
    identities = re.findall(r' id="([^"]+)"', text)
    assert len(identities) == len(set(identities))
