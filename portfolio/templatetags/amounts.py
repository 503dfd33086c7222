"""Amounts without their currency, for tables that name it once."""

from decimal import ROUND_HALF_UP, Decimal

from django import template

from portfolio.forms.amount import show_amount

register = template.Library()

MINUS = "\N{MINUS SIGN}"


@register.filter
def amount(value: Decimal | None) -> str:
    """An amount as it was entered: `1,200.50`; nothing for nothing."""
    return show_amount(value).replace("-", MINUS)


@register.filter
def rounded(value: Decimal | None) -> str:
    """An amount in whole units: `1,200`."""
    return "" if value is None else amount(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@register.filter
def signed(value: Decimal) -> str:
    """A change in whole units with its sign: `+1,200`."""
    shown = rounded(value)
    return f"+{shown}" if value > 0 else shown
