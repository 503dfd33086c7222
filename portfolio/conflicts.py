"""Both texts, when two people edited the same file."""

from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils import timezone

from audit.models import Event
from portfolio.history import told
from portfolio.models import Pilot


def edit_conflict(pilot: Pilot, form: forms.ModelForm, action: str) -> dict[str, Any]:
    """Return what `partials/conflict.html` shows: fields that differ, theirs as saved now, yours as typed.

    Fields on which both agree are carried along unseen, so that nothing that was typed is lost.
    """
    saved = Pilot.objects.select_related("unit").get(pk=pilot.pk)
    last = told(Event.objects.filter(scope=saved.scope, kind="portfolio.pilot.edited").order_by("-sequence")[:1])
    saved_values = model_to_dict(saved)
    fields, hidden = [], []
    for name, field in form.fields.items():
        if name == "version":
            continue
        yours = form.data.get(form.add_prefix(name), "")
        theirs = saved_values[name]
        if _same(yours, theirs):
            hidden.append((name, yours))
            continue
        fields.append(_compared(name, field, yours, theirs))
    return {
        "action": action,
        "back": saved.get_absolute_url(),
        "version": saved.version,
        "by": last[0].who if last else "Somebody",
        "at": last[0].at if last else timezone.now(),
        "fields": fields,
        "hidden": hidden,
    }


def _same(yours: object, theirs: object) -> bool:
    return str(yours or "").replace("\r\n", "\n").strip() == str("" if theirs is None else theirs).strip()


def _compared(name: str, field: forms.Field, yours: str, theirs: object) -> dict[str, Any]:
    compared = {
        "name": name,
        "label": field.label or name.replace("_", " ").capitalize(),
        "theirs": "" if theirs is None else theirs,
        "yours": yours,
        "long": isinstance(field.widget, forms.Textarea),
    }
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        words = {str(getattr(value, "value", value)): str(label) for value, label in field.choices}  # type: ignore[union-attr, misc]
        compared |= {
            "fixed": True,
            "theirs_text": words.get(str(theirs), theirs),
            "yours_text": words.get(yours, yours),
        }
    return compared
