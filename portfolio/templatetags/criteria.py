"""How a figure of a criterion reads."""

from decimal import Decimal

from django import template
from django.utils import formats

register = template.Library()


@register.filter
def figure(value: Decimal | None) -> str:
    """A measured figure without trailing noughts, thousands set apart: `1,204.5`; nothing for nothing."""
    if value is None:
        return ""
    plain = value.normalize()
    places = max(0, -int(plain.as_tuple().exponent))
    return formats.number_format(plain, decimal_pos=places, use_l10n=True, force_grouping=True)
