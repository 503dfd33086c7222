"""Reading a snapshot on a page: its days and moments are text in ISO 8601."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from accounts.templatetags.screen import day, moment
from portfolio.contract_sheet import in_words
from portfolio.questions import ASPECTS, QUESTIONS

register = template.Library()


#: What was asked, by the name under which a snapshot keeps the answer.
_LABELS = {name: one.label for name, one in QUESTIONS.items()} | {
    name: f"{aspect.title}, {where}"
    for aspect in ASPECTS
    for name, where in zip(aspect.fields, ("in the pilot", "in production"), strict=True)
}


@dataclass(frozen=True)
class Answered:
    """An answer of the contract: as it was agreed, and as it stood with its amendments."""

    label: str
    agreed: str
    now: str


@register.filter
def answers(contract: dict[str, Any]) -> list[Answered]:
    """The answers of a snapshot's contract."""
    return [
        Answered(
            _LABELS.get(name, name.replace("_", " ").capitalize()),
            in_words(name, contract["agreed"].get(name)),
            in_words(name, value),
        )
        for name, value in contract["now"].items()
    ]


@register.filter
def iso_day(value: str | None) -> SafeString | str:
    """A day of a snapshot as pages show days."""
    return day(date.fromisoformat(value)) if value else ""


@register.filter
def iso_moment(value: str | None) -> SafeString | str:
    """A moment of a snapshot as pages show moments, in the reader's time zone."""
    return moment(datetime.fromisoformat(value)) if value else ""
