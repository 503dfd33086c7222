"""The hidden key that gives a form one effect."""

import uuid

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.posting import FIELD

register = template.Library()


@register.simple_tag
def form_key() -> SafeString:
    """Render the hidden field: `{% load forms_once %}{% form_key %}` inside a form that posts to a `@once` view."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())
