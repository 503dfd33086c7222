"""Charts of actuals against baseline and target: pure geometry, drawn by `portfolio/partials/chart.html`.

Every place comes as text with a decimal point, whatever the language, since it goes into attributes of SVG.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from statistics import median

from django.utils.formats import date_format

from portfolio.progress import CriterionProgress, Value, day, figure
from portfolio.registers.dates import months_after

#: More points than this are a line without dots, but for the last one.
MOST_DOTS = 40
#: A silence this many times as long as usual, and at least so many days, is drawn as a gap.
_GAP_TIMES, _GAP_DAYS = 3, 21
#: An axis begins at zero where its lowest value is below this part of the highest.
_ZERO_BELOW = Decimal("0.5")
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Frame:
    """A size of the drawing, in units of its view box, and how much text it has room for."""

    name: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    y_ticks: int
    x_ticks: int


WIDE = Frame("wide", 600, 250, left=54, right=20, top=26, bottom=32, y_ticks=5, x_ticks=6)
NARROW = Frame("narrow", 340, 220, left=46, right=16, top=24, bottom=30, y_ticks=4, x_ticks=4)


@dataclass(frozen=True)
class Tick:
    """A mark on an axis."""

    at: str
    label: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Dot:
    """A point with what it says."""

    x: str
    y: str
    label: str
    last: bool = False
    afterwards: bool = False


@dataclass(frozen=True)
class Level:
    """A line across: the baseline, the target, or the target as it was at the start."""

    name: str
    y: str
    label_y: str
    label: str


@dataclass(frozen=True)
class Chart:
    """A drawing in one size."""

    frame: Frame
    title: str
    desc: str
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    levels: list[Level]
    #: Lines between points, and dashed ones over long silences, as `points` of a polyline.
    lines: list[str]
    gaps: list[str]
    dots: list[Dot]

    @property
    def plot(self) -> dict[str, int]:
        """The edges of the field in which things are drawn."""
        frame = self.frame
        return {
            "left": frame.left,
            "right": frame.width - frame.right,
            "top": frame.top,
            "bottom": frame.height - frame.bottom,
        }


@dataclass(frozen=True)
class _Scale:
    """Turns a number into a place: `low` at `start`, `high` at `end`."""

    low: Decimal
    high: Decimal
    start: int
    end: int

    def at(self, value: Decimal | int) -> str:
        share = (Decimal(value) - self.low) / (self.high - self.low)
        return f"{self.start + float(share) * (self.end - self.start):.1f}"


def charts_of(progress: CriterionProgress, *, since: date | None, afterwards: Sequence[Value] = ()) -> list[Chart]:
    """The chart in both sizes; the style sheet shows the one that there is room for. None without a value.

    `since` is the start of the round; `afterwards` are values that were added after the decision and do not count.
    """
    if not progress.values and not afterwards:
        return []
    return [chart_of(progress, frame, since=since, afterwards=afterwards) for frame in (WIDE, NARROW)]


def chart_of(
    progress: CriterionProgress, frame: Frame, *, since: date | None, afterwards: Sequence[Value] = ()
) -> Chart:
    """Draw the values of a criterion over time, with its baseline and its target."""
    values = sorted([*progress.values, *afterwards])
    days = [each.on for each in values] + [on for on in (since, progress.measured_by) if on is not None]
    first, last = min(days), max(days)
    if first == last:
        first, last = first - timedelta(days=3), last + timedelta(days=3)
    across = _Scale(Decimal(first.toordinal()), Decimal(last.toordinal()), frame.left, frame.width - frame.right)
    levels = _levels(progress)
    marks = nice_ticks([each.value for each in values] + [value for _, _, value in levels], most=frame.y_ticks)
    up = _Scale(marks[0], marks[-1], frame.height - frame.bottom, frame.top)
    stretches = list(_stretches(values))
    return Chart(
        frame=frame,
        title=f"{progress.metric}{', ' if progress.unit else ''}{progress.unit}",
        desc=progress.sentence,
        x_ticks=[Tick(across.at(on.toordinal()), label) for on, label in date_ticks(first, last, most=frame.x_ticks)],
        y_ticks=[Tick(up.at(mark), figure(mark)) for mark in marks],
        levels=[_level(name, label, up.at(value), frame) for name, label, value in levels],
        lines=[_points(each, across, up) for each in stretches if len(each) > 1],
        gaps=[_points([one[-1], two[0]], across, up) for one, two in pairwise(stretches)],
        dots=_dots(progress, values, set(afterwards), across, up),
    )


def _levels(progress: CriterionProgress) -> list[tuple[str, str, Decimal]]:
    found = [("baseline", "Baseline", progress.baseline), ("target", "Target", progress.target)]
    at_the_start = progress.agreed.original.target
    if at_the_start != progress.target:
        found.append(("original", "Target at the start", at_the_start))
    return [(name, f"{label} {figure(value)}", value) for name, label, value in found if value is not None]


def _level(name: str, label: str, y: str, frame: Frame) -> Level:
    # Where there is no room above the line, the words stand below it.
    above = float(y) - 6
    return Level(name, y, f"{above if above > frame.top - 6 else float(y) + 15:.1f}", label)


def _points(values: Sequence[Value], across: _Scale, up: _Scale) -> str:
    return " ".join(f"{across.at(each.on.toordinal())},{up.at(each.value)}" for each in values)


def _dots(
    progress: CriterionProgress, values: Sequence[Value], afterwards: set[Value], across: _Scale, up: _Scale
) -> list[Dot]:
    dots = [
        Dot(
            across.at(each.on.toordinal()),
            up.at(each.value),
            f"{figure(each.value, progress.unit)}, {day(each.on, progress.today)}",
            last=each == progress.latest,
            afterwards=each in afterwards,
        )
        for each in values
    ]
    return dots if len(dots) <= MOST_DOTS else [dot for dot in dots if dot.last or dot.afterwards]


def _stretches(values: Sequence[Value]) -> Iterator[list[Value]]:
    """Part values where nothing was measured for long."""
    pauses = [(two.on - one.on).days for one, two in pairwise(values)]
    longest = max(_GAP_DAYS, _GAP_TIMES * median(pauses)) if len(pauses) > 1 else None
    stretch = list(values[:1])
    for pause, value in zip(pauses, values[1:], strict=True):
        if longest is not None and pause > longest:
            yield stretch
            stretch = []
        stretch.append(value)
    yield stretch


def nice_ticks(values: Sequence[Decimal], *, most: int) -> list[Decimal]:
    """Round numbers from below the least to above the greatest value, at most `most` steps apart.

    From zero on, where the values are not all crowded far from it: a short axis makes much of little.
    """
    low, high = min(values), max(values)
    if 0 <= low < high * _ZERO_BELOW:
        low = Decimal(0)
    elif high <= 0 and low * _ZERO_BELOW < high:
        high = Decimal(0)
    # Nothing lies on the edge of the drawing, unless there is nothing beyond it: none of it, or all of it.
    margin = (high - low) / 20 or abs(low) / 10 or Decimal(1)
    low, high = (low - margin if low else low), (high + margin if high not in {0, 100} else high)
    if low == high:
        high = low + 1
    step = _step((high - low) / most)
    while _steps(low, high, step) > most:
        step = _step(step * Decimal("1.01"))
    first = (low / step).to_integral_value(ROUND_FLOOR)
    return [(first + number) * step for number in range(_steps(low, high, step) + 1)]


def _steps(low: Decimal, high: Decimal, step: Decimal) -> int:
    return int((high / step).to_integral_value(ROUND_CEILING) - (low / step).to_integral_value(ROUND_FLOOR))


def _step(least: Decimal) -> Decimal:
    """The smallest round step that is at least `least`."""
    size = Decimal(1).scaleb(least.adjusted())
    return next(size * each for each in _STEPS if size * each >= least)


def date_ticks(first: date, last: date, *, most: int) -> list[tuple[date, str]]:
    """Days to mark between two days, at most `most`: whole weeks where it is short, whole months where it is long."""
    span = (last - first).days
    for step in (1, 2, 7, 14):
        if span // step < most:
            return [(on, date_format(on, "j M")) for on in _every(first, last, step)]
    for months in (1, 2, 3, 6, 12, 24, 60, 120):
        start = months_after(first.replace(day=1), 0 if first.day == 1 else 1)
        marks = [start]
        while (following := months_after(marks[-1], months)) <= last:
            marks.append(following)
        if len(marks) <= most:
            return [(on, date_format(on, "M" if _plain_month(on, start) else "M Y")) for on in marks if on <= last]
    return [(first, date_format(first, "Y")), (last, date_format(last, "Y"))]


def _every(first: date, last: date, days: int) -> Iterator[date]:
    on = first
    while on <= last:
        yield on
        on += timedelta(days=days)


def _plain_month(on: date, start: date) -> bool:
    """Whether the year goes without saying: it is said at the first mark and each January."""
    return on.month != 1 and on != start
