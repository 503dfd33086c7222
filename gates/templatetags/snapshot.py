"""Reading a snapshot on a page: its days and moments are text in ISO 8601."""

from datetime import date, datetime

from django import template
from django.utils.safestring import SafeString

from accounts.templatetags.screen import day, moment

register = template.Library()


@register.filter
def iso_day(value: str | None) -> SafeString | str:
    """A day of a snapshot as pages show days."""
    return day(date.fromisoformat(value)) if value else ""


@register.filter
def iso_moment(value: str | None) -> SafeString | str:
    """A moment of a snapshot as pages show moments, in the reader's time zone."""
    return moment(datetime.fromisoformat(value)) if value else ""
