"""The agenda of a meeting: bringing it up to date, adding, ordering, moving to a later meeting, time and minutes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.comparing import conflict_of
from accounts.obstacles import RefusedError, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.arranging import add_item, change_item, drop_item, fill_agenda, place_item
from gates.deferrals import put_off
from gates.forms.meeting import DropForm, ItemEditForm, ItemForm, MinutesForm, PostponeForm
from gates.minuting import agree_to_list, begin_item, end_item, note_item, write_minutes
from gates.models import AgendaItem
from gates.postponing import postpone_item
from gates.states import ItemKind
from gates.views.meeting import meeting_page
from gates.views.meeting_fetching import run_item, run_meeting

_STEPS = {"up": -1, "down": 1, "first": -1000, "last": 1000}
_TEXTS = ("title", "planned_minutes", "consent")


@access(signed_in)
@once
def agenda_fill(request: SignedInRequest, pk: int) -> HttpResponse:
    """Bring the agenda up to date with what is due by the meeting's day."""
    meeting = run_meeting(request, pk)
    if request.method != "POST":
        return redirect(meeting.get_absolute_url())
    try:
        added, dropped = fill_agenda(actor=request.user, meeting=meeting, now=timezone.now())
    except RefusedError as error:
        return meeting_page(request, meeting, status=422, refused=error.obstacles)
    messages.success(request, f"The agenda is up to date: {added} added, {dropped} taken off.")
    return redirect_to(request, meeting.get_absolute_url())


@access(signed_in)
@once
def agenda_agree(request: SignedInRequest, pk: int) -> HttpResponse:
    """Agree to the consent list as one."""
    meeting = run_meeting(request, pk)
    if request.method == "POST":
        try:
            agree_to_list(actor=request.user, meeting=meeting, now=timezone.now())
        except RefusedError as error:
            return meeting_page(request, meeting, status=422, refused=error.obstacles)
    return redirect_to(request, f"{meeting.get_absolute_url()}#consent")


@access(signed_in)
@once
def item_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put something on the agenda by hand."""
    meeting = run_meeting(request, pk)
    if request.method != "POST":
        return redirect(meeting.get_absolute_url())
    form = ItemForm(request.POST, committee=meeting.committee, user=request.user)
    obstacles = []
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("title", "pilot", "planned_minutes")}
        kind = ItemKind(form.cleaned_data["kind"])
        try:
            item = add_item(actor=request.user, meeting=meeting, kind=kind, now=timezone.now(), **facts)
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, f"“{item.title}” is on the agenda.")
            return redirect_to(request, _at(item))
    return meeting_page(request, meeting, status=422, item_form=form, refused=obstacles)


@access(signed_in)
@once
def item_edit(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """Change an item's words and minutes, make it routine, or take it off."""
    row = run_item(request, pk, item)
    form = ItemEditForm(request.POST or None, item=row, initial={**_texts(row), "version": row.version})
    more: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            change_item(
                actor=request.user,
                item=row,
                title=form.cleaned_data["title"],
                planned_minutes=form.cleaned_data["planned_minutes"],
                consent=form.cleaned_data.get("consent", False),
                seen=form.cleaned_data["version"] or 0,
                now=timezone.now(),
            )
        except StaleError:
            row = run_item(request, pk, item)
            more["conflict"] = conflict_of(
                form, current=_texts(row), row=row, version=row.version, action=request.path, back=_at(row)
            )
        except ValidationError as error:
            more["obstacles"] = add_errors(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect_to(request, _at(row))
    status = 409 if "conflict" in more else 422 if form.errors or more else 200
    return _item_page(request, row, status=status, form=form, **more)


@access(signed_in)
@once
def item_drop(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """Take an item off the agenda, with the reason."""
    row = run_item(request, pk, item)
    if request.method != "POST":
        return redirect("gates:item-edit", pk, item)
    form, obstacles = DropForm(request.POST), []
    if form.is_valid():
        try:
            drop_item(actor=request.user, item=row, reason=form.cleaned_data["reason"], now=timezone.now())
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, f"“{row.title}” is off the agenda.")
            return redirect_to(request, row.meeting.get_absolute_url())
    return _item_page(request, row, status=422, drop_form=form, drop_obstacles=obstacles)


@access(signed_in)
@once
def item_place(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """Move an item up or down the agenda."""
    row = run_item(request, pk, item)
    places = _STEPS.get(request.POST.get("to", ""))
    if request.method == "POST" and places:
        try:
            place_item(actor=request.user, item=row, places=places, now=timezone.now())
        except RefusedError as error:
            return meeting_page(request, row.meeting, status=422, refused=error.obstacles)
    return redirect_to(request, _at(row))


@access(signed_in)
@once
def item_postpone(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """Move an item to a later meeting: with a reason, an owner, and the day from which it is back."""
    row = run_item(request, pk, item)
    form, obstacles = PostponeForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("reason", "owner", "until")}
        try:
            postpone_item(actor=request.user, item=row, now=timezone.now(), **facts)
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, f"“{row.title}” is back on the agenda from {facts['until']:%-d %B %Y}.")
            return redirect_to(request, row.meeting.get_absolute_url())
    deferred = put_off(row.round if row.kind == ItemKind.DECIDE else None, row.meeting.day)
    context = {"form": form, "item": row, "meeting": row.meeting, "obstacles": obstacles, "put_off": deferred}
    return render(request, "gates/item_postpone.html", context, status=422 if form.errors or obstacles else 200)


@access(signed_in)
@once
def item_time(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """Begin an item, end it, or take note of it; beginning one ends the one before."""
    row = run_item(request, pk, item)
    step = {"begin": begin_item, "end": end_item, "note": note_item}.get(request.POST.get("step", ""))
    if request.method == "POST" and step:
        try:
            step(actor=request.user, item=row, now=timezone.now())
        except RefusedError as error:
            return meeting_page(request, row.meeting, status=422, refused=error.obstacles)
    return redirect_to(request, _at(row))


@access(signed_in)
def item_minutes(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """Save the minutes of an item: with htmx its state line, else back to the item. Saving the same changes nothing."""
    row = run_item(request, pk, item)
    if request.method != "POST":
        return redirect(_at(row))
    form, status = MinutesForm(request.POST), 422
    more: dict[str, Any] = {}
    if form.is_valid():
        try:
            row = write_minutes(
                actor=request.user,
                item=row,
                minutes=form.cleaned_data["minutes"],
                outcome=form.cleaned_data["outcome"],
                seen=form.cleaned_data["version"] or 0,
                now=timezone.now(),
            )
        except StaleError:
            row = run_item(request, pk, item)
            current = {"minutes": row.minutes, "outcome": row.outcome}
            more["conflict"] = conflict_of(
                form, current=current, row=row, version=row.version, action=request.path, back=_at(row)
            )
            status = 409
        except ValidationError as error:
            more["obstacles"] = add_errors(form, error)
        else:
            status = 200
    if status == 200 and not request.htmx:
        return redirect(_at(row))
    context = {"item": row, "meeting": row.meeting, "form": form, **more}
    template = "gates/item_minutes.html#state" if request.htmx else "gates/item_minutes.html"
    return render(request, template, context, status=status)


def _item_page(request: SignedInRequest, row: AgendaItem, *, status: int, **more: Any) -> HttpResponse:
    context = {"item": row, "meeting": row.meeting, **more}
    context.setdefault("form", ItemEditForm(item=row, initial={**_texts(row), "version": row.version}))
    context.setdefault("drop_form", DropForm())
    return render(request, "gates/item_edit.html", context, status=status)


def _texts(row: AgendaItem) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _TEXTS}


def _at(row: AgendaItem) -> str:
    return f"{row.meeting.get_absolute_url()}#item-{row.pk}"
