"""After a lost update: what the other one saved beside what this one wrote, for `partials/conflict.html`."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db import models

from accounts.models import User
from accounts.posting import FIELD
from audit.models import Event
from audit.recording import SYSTEM, reference


@dataclass(frozen=True)
class ConflictField:
    """One field on which the two differ."""

    name: str
    label: str
    theirs: str
    yours: str
    long: bool = False
    #: A choice: shown in words (`*_text`), kept as it is.
    fixed: bool = False
    theirs_text: str = ""
    yours_text: str = ""


@dataclass(frozen=True)
class Conflict:
    """Both texts, who wrote the one that is saved, and where to send the other."""

    action: str
    back: str
    version: int
    by: str
    at: datetime | None
    fields: list[ConflictField]
    #: What the two agree on, sent along so that the form is complete.
    hidden: list[tuple[str, str]] = field(default_factory=list)


def conflict_of(
    form: forms.BaseForm,
    *,
    current: Mapping[str, Any],
    row: models.Model,
    version: int,
    action: str,
    back: str,
) -> Conflict:
    """Set what was posted in `form` beside `current`, the same fields as they are saved now in `row`.

    `version` is the current one; saving "mine" posts the fields again, with it, to `action`.
    """
    differing, hidden = [], [(FIELD, str(uuid.uuid4()))]
    for bound in form:
        if bound.name == "version":
            continue
        saved, yours = current.get(bound.name), _plain(bound.value())
        if bound.field.has_changed(saved, bound.data):
            differing.append(_compared(bound, _plain(saved), yours))
        else:
            hidden.append((bound.html_name, yours))
    by, at = last_change(row)
    return Conflict(action=action, back=back, version=version, by=by, at=at, fields=differing, hidden=hidden)


def last_change(row: models.Model) -> tuple[str, datetime | None]:
    """Return who changed `row` last, by name, and when, as the trail says."""
    event = Event.objects.filter(subject=reference(row)).order_by("-sequence").first()
    if event is None or event.actor == SYSTEM:
        return "Pilotage", event.at if event else None
    person = User.objects.filter(pk=event.actor.removeprefix("user:")).first()
    return (str(person) if person else event.actor), event.at


def _compared(bound: forms.BoundField, theirs: str, yours: str) -> ConflictField:
    choices = _choices(bound.field)
    return ConflictField(
        name=bound.html_name,
        label=str(bound.label),
        theirs=theirs,
        yours=yours,
        long=isinstance(bound.field.widget, forms.Textarea),
        fixed=choices is not None,
        theirs_text=(choices or {}).get(theirs, theirs) or "Nothing chosen",
        yours_text=(choices or {}).get(yours, yours) or "Nothing chosen",
    )


def _choices(of: forms.Field) -> dict[str, str] | None:
    """Return the words of a field's choices, groups unfolded; None for a field without choices."""
    if not isinstance(of, forms.ChoiceField):
        return None
    words: dict[str, str] = {}
    for value, label in of.widget.choices:
        inner = label if isinstance(label, (list, tuple)) else [(value, label)]
        words.update({str(key): str(text) for key, text in inner})
    return words


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, models.Model):
        return str(value.pk)
    return str(value).replace("\r\n", "\n").strip()
