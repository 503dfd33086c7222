"""What changed from one version of a business case to the next, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model

from portfolio.case_sheet import Sheet
from portfolio.models import Assumption, BusinessCase
from portfolio.models.business_case import Figures
from portfolio.valuation import ZERO, Spread

_WHEN = {"one_off": "once", "yearly": "every year"}
_TEXTS = ("integration_plan", "adoption_plan", "accountability", "measurement", "build_explanation")


@dataclass(frozen=True)
class Change:
    """One figure or text that differs; `change` is set for amounts only."""

    line: str
    what: str
    old: Decimal | Spread | str | None
    new: Decimal | Spread | str | None
    change: Decimal | None = None

    @property
    def is_spread(self) -> bool:
        """Whether it is of three figures; `change` is then that of the likely one."""
        return isinstance(self.old, Spread) or isinstance(self.new, Spread)


def difference(old: Sheet, new: Sheet) -> list[Change]:
    """Return what differs: the results first, then what they come from."""
    return [
        *_results(old, new),
        *_frame(old.case, new.case),
        *_lines({line.kind: line for line in old.costs}, {line.kind: line for line in new.costs}, ("reason",)),
        *_lines(
            {line.place: line for line in old.benefits},
            {line.place: line for line in new.benefits},
            ("name", "kind", "starts_in", "becomes"),
        ),
        *_assumptions(old, new),
    ]


def _results(old: Sheet, new: Sheet) -> Iterator[Change]:
    before, after = old.range.likely, new.range.likely
    for what, name in (
        ("investment, likely", "investment"),
        ("net value, likely", "net_value"),
        ("net present value, likely", "net_present_value"),
    ):
        yield from _amount("Result", what, getattr(before, name), getattr(after, name))


def _frame(old: BusinessCase, new: BusinessCase) -> Iterator[Change]:
    yield from _text("The whole", "horizon in years", str(old.horizon_years), str(new.horizon_years))
    yield from _text("The whole", "discount rate in percent", _percent(old), _percent(new))
    yield from _text("The whole", "confidence", old.get_confidence_display(), new.get_confidence_display())
    for name in _TEXTS:
        yield from _text("Plans", _label(BusinessCase, name), getattr(old, name), getattr(new, name))


def _lines(old: dict[Any, Any], new: dict[Any, Any], texts: tuple[str, ...]) -> Iterator[Change]:
    """Compare lines by what makes them the same in both versions; a line that came or went differs in everything."""
    for key in sorted(old.keys() | new.keys(), key=list({**old, **new}).index):
        before, after = old.get(key), new.get(key)
        label = (after or old[key]).label
        if before is None or after is None:
            yield Change(label, "the whole line", "" if before is None else "there", "" if after is None else "new")
        yield from _figures(label, before, after)
        if before and after:
            for name in texts:
                yield from _text(label, _label(type(after), name), _shown(before, name), _shown(after, name))


def _figures(label: str, before: Figures | None, after: Figures | None) -> Iterator[Change]:
    """Compare the three figures of a time together; what changed is said of the likely one."""
    for when, words in _WHEN.items():
        was, now = _three(before, when), _three(after, when)
        if (was or now) and was != now:
            change = (now.likely if now else ZERO) - (was.likely if was else ZERO)
            yield Change(label, words, was, now, change)


def _three(line: Figures | None, when: str) -> Spread | None:
    """The figures as a spread, what is empty as nothing; None where all are empty."""
    figures = [getattr(line, f"{when}_{name}") for name in ("low", "likely", "high")] if line else []
    if all(figure is None for figure in figures):
        return None
    return Spread(*(figure or ZERO for figure in figures))


def _assumptions(old: Sheet, new: Sheet) -> Iterator[Change]:
    before = {line.place: line for line in old.assumptions}
    after = {line.place: line for line in new.assumptions}
    for place in sorted(before.keys() | after.keys()):
        was, now = before.get(place), after.get(place)
        yield from _text("Assumption", "statement", was.statement if was else "", now.statement if now else "")
        if was and now:
            for name in ("confidence", "what_changes_it", "checked_by", "check_by"):
                yield from _text(now.statement, _label(Assumption, name), _shown(was, name), _shown(now, name))


def _amount(line: str, what: str, old: Decimal, new: Decimal) -> Iterator[Change]:
    if old != new:
        yield Change(line, what, old, new, new - old)


def _text(line: str, what: str, old: str, new: str) -> Iterator[Change]:
    if old != new:
        yield Change(line, what, old, new)


def _label(model: type[Model], name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # fields of our own, no relations


def _shown(row: Any, name: str) -> str:
    words = getattr(row, f"get_{name}_display", None)
    value = words() if words else getattr(row, name)
    return "" if value is None else str(value)


def _percent(case: BusinessCase) -> str:
    return format(case.discount_rate.normalize(), "f")
