"""People, for administrators: the list, adding, editing, inviting, leaving and returning."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, access, administrators
from accounts.comparing import conflict_of
from accounts.forms.people import AddPersonForm, LeavingForm, PersonFilterForm, PersonForm
from accounts.inviting import bring_in, send_invitation
from accounts.joining import drop_second_step
from accounts.models import User
from accounts.naming import change_person, note_leaving, note_return
from accounts.obstacles import RefusedError, StaleError
from accounts.posting import add_errors, once, redirect_to
from accounts.queries import people
from accounts.states import Role
from accounts.views.person_page import CHANGED_MEANWHILE, person_page

PAGE_SIZE = 25


@access(administrators)
def person_list(request: SignedInRequest) -> HttpResponse:
    """Everybody who is known here, by name."""
    form = PersonFilterForm(request.GET)
    wanted = form.wanted()
    found = people(now=timezone.now(), today=timezone.localdate(), **wanted)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    template = "accounts/person_list.html" + ("#results" if request.htmx and not request.htmx.boosted else "")
    return render(request, template, {"form": form, "page": page, "filtered": any(wanted.values())})


@access(administrators)
@once
def person_add(request: SignedInRequest) -> HttpResponse:
    """Name a new person and, unless told otherwise, invite them."""
    form = AddPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = dict(form.cleaned_data)
        role = wanted.pop("role")
        try:
            person = bring_in(
                actor=request.user,
                role=Role(role) if role else None,
                today=timezone.localdate(),
                now=timezone.now(),
                **wanted,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            invited = " and invited" if wanted["invite"] else ""
            messages.success(request, f"{person} is named{invited}.")
            return redirect_to(request, reverse("accounts:person-detail", args=[person.pk]))
    return render(request, "accounts/person_add.html", {"form": form}, status=422 if form.errors else 200)


@access(administrators)
def person_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person: what is known, which roles, whether they have joined."""
    return person_page(request, get_object_or_404(User, pk=pk))


@access(administrators)
@once
def person_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change what is known of a person; who loses a race gets both texts."""
    person = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        wanted = dict(form.cleaned_data)
        try:
            change_person(actor=request.user, person=person, seen=wanted.pop("version"), now=timezone.now(), **wanted)
        except StaleError:
            return _conflict(request, form, person)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect_to(request, reverse("accounts:person-detail", args=[pk]))
    context = {"person": person, "form": form}
    return render(request, "accounts/person_edit.html", context, status=422 if form.errors else 200)


@access(administrators)
@require_POST
@once
def person_invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send an invitation; one that was sent before ends."""
    person = get_object_or_404(User, pk=pk)
    try:
        send_invitation(actor=request.user, person=person, now=timezone.now())
    except RefusedError as refused:
        return person_page(request, person, obstacles=refused.obstacles, status=422)
    messages.success(request, f"An invitation is on its way to {person.email}.")
    return redirect_to(request, reverse("accounts:person-detail", args=[pk]))


@access(administrators)
@require_POST
@once
def person_leave(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that a person has left."""
    person = get_object_or_404(User, pk=pk)
    form = LeavingForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return person_page(request, person, leaving=form, status=422)
    try:
        note_leaving(
            actor=request.user,
            person=person,
            left_on=form.cleaned_data["left_on"],
            seen=form.cleaned_data["version"],
            now=timezone.now(),
        )
    except StaleError:
        return person_page(request, person, obstacles=[CHANGED_MEANWHILE], status=409)
    except RefusedError as refused:
        return person_page(request, person, obstacles=refused.obstacles, status=422)
    messages.success(request, f"{person} is noted as having left.")
    return redirect_to(request, reverse("accounts:person-detail", args=[pk]))


@access(administrators)
@require_POST
@once
def person_return(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that a person is back."""
    person = get_object_or_404(User, pk=pk)
    version = request.POST.get("version", "")
    try:
        note_return(
            actor=request.user, person=person, seen=int(version) if version.isdecimal() else -1, now=timezone.now()
        )
    except StaleError:
        return person_page(request, person, obstacles=[CHANGED_MEANWHILE], status=409)
    messages.success(request, f"{person} is back, and may sign in again.")
    return redirect_to(request, reverse("accounts:person-detail", args=[pk]))


@access(administrators)
@require_POST
@once
def second_step_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take away a second step that a person has lost."""
    person = get_object_or_404(User, pk=pk)
    drop_second_step(actor=request.user, person=person, now=timezone.now())
    messages.success(request, f"The password alone signs {person} in now. They are told by mail.")
    return redirect_to(request, reverse("accounts:person-detail", args=[pk]))


def _conflict(request: SignedInRequest, form: PersonForm, person: User) -> HttpResponse:
    person.refresh_from_db()
    conflict = conflict_of(
        form,
        current=PersonForm.shown(person),
        row=person,
        version=person.version,
        action=request.path,
        back=reverse("accounts:person-detail", args=[person.pk]),
    )
    return render(request, "accounts/person_edit.html", {"person": person, "conflict": conflict}, status=409)
