"""Figures of measurements, as every screen shows them."""

from decimal import Decimal

from django import template

from portfolio.progress import figure as in_words
from portfolio.states import Progress

register = template.Library()

#: Tone and sign of each answer; the word says the same.
_TONES = {
    Progress.MET: "good",
    Progress.ON_THE_WAY: "accent",
    Progress.NO_MOVEMENT: "calm",
    Progress.MOVING_AWAY: "caution",
    Progress.NO_MEASUREMENT: "calm",
    Progress.NO_BASELINE: "caution",
    Progress.NO_TARGET: "caution",
}
_SIGNS = {
    Progress.MET: "check",
    Progress.ON_THE_WAY: "stage-running",
    Progress.NO_MOVEMENT: "sort-none",
    Progress.MOVING_AWAY: "severity-warning",
    Progress.NO_MEASUREMENT: "lamp-not-started",
    Progress.NO_BASELINE: "severity-info",
    Progress.NO_TARGET: "severity-info",
}


@register.filter
def figure(value: Decimal | None, unit: str = "") -> str:
    """A number without needless zeros, and its unit; nothing for nothing."""
    return "" if value is None else in_words(value, unit)


@register.filter
def progress_tone(state: str) -> str:
    """The tone of an answer, as style classes name it."""
    return _TONES[Progress(state)]


@register.filter
def progress_sign(state: str) -> str:
    """The sign of an answer, as the sprite names it."""
    return _SIGNS[Progress(state)]
