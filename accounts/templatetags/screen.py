"""What every screen shows the same way: icons, words for states, money, days, page numbers."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from django.core.paginator import Page

register = template.Library()

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

#: Words of states that do not read as they are stored.
STATE_WORDS = {"conditional": "Passed with conditions", "info": "Notice"}
OUTCOME_WORDS = {"research": "Keep as research"}
SEVERITIES = {"1": "info", "2": "warning", "3": "serious"}


@register.simple_tag
def icon(*names: object) -> SafeString:
    """One sign of our sprite, hidden from screen readers: the word beside it says the same.

    `{% icon "lamp" state %}` shows the sign `lamp-in-review`.
    """
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons.svg"),
        "-".join(dashed(name) for name in names),
    )


@register.filter
def dashed(value: object) -> str:
    """`in_review` as it stands in style classes and in the sprite: `in-review`."""
    return str(value).lower().replace("_", "-").replace(" ", "-")


@register.filter
def words(value: object) -> str:
    """`in_review` as a person reads it: `In review`."""
    text = str(value).replace("_", " ").replace("-", " ")
    return STATE_WORDS.get(text, text[:1].upper() + text[1:])


@register.filter
def outcome_words(value: object) -> str:
    """Return a decision in words; a pilot *is* research, a decision *keeps it as* research."""
    return OUTCOME_WORDS.get(str(value), words(value))


@register.filter
def severity_name(value: object) -> str:
    """Return the name of a severity, which may come as its rank: 1 is `info`."""
    return SEVERITIES.get(str(value), dashed(value))


@register.filter
def money(value: Decimal | int | None) -> str:
    """An amount in the installation's currency, whole units: `EUR 12,400`, with a real minus; nothing for nothing."""
    if value is None:
        return ""
    whole = Decimal(value).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    amount = formats.number_format(abs(whole), decimal_pos=0, use_l10n=True, force_grouping=True)
    return f"{settings.CURRENCY}{NO_BREAK}{MINUS if whole < 0 else ''}{amount}"


@register.filter
def grouped(value: int) -> str:
    """A count with its thousands set apart: `2,133`."""
    return formats.number_format(value, use_l10n=True, force_grouping=True)


@register.filter
def counted(total: int, noun: str) -> str:
    """A count with what it counts, given in the plural: `1 mail`, `2,133 people`."""
    one = "person" if noun == "people" else noun.removesuffix("s")
    return f"{grouped(total)} {one if total == 1 else noun}".rstrip()


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """A day that people and programs can read: `14 March 2026`."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), formats.date_format(value, f"j{NO_BREAK}F Y")
    )


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """A day and an hour in the reader's time zone: `14 March 2026, 14:02`."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_html(
        '<time datetime="{}">{}</time>',
        value.isoformat(),
        formats.date_format(local, f"j{NO_BREAK}F Y, H:i"),
    )


@register.simple_tag
def page_numbers(page: "Page[Any]") -> Iterator[int | str]:
    """The numbers of a pager, with gaps: 1 2 … 8 9 10 … 85 86."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
