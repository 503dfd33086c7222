"""Business units: the tree, adding, changing."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, administrators
from accounts.comparing import conflict_of
from accounts.forms.units import ChangeUnitForm, UnitForm
from accounts.models import Unit
from accounts.obstacles import StaleError
from accounts.organising import add_unit, change_unit
from accounts.posting import add_errors, once, redirect_to
from accounts.queries import unit_tree


@access(administrators)
def unit_list(request: SignedInRequest) -> HttpResponse:
    """The tree."""
    return render(request, "accounts/unit_list.html", {"rows": unit_tree()})


@access(administrators)
@once
def unit_add(request: SignedInRequest) -> HttpResponse:
    """Add a unit."""
    form = UnitForm(request.POST or None, initial={"parent": request.GET.get("parent")})
    if request.method == "POST" and form.is_valid():
        try:
            unit = add_unit(actor=request.user, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"{unit.name} is added.")
            return redirect_to(request, reverse("accounts:unit-list"))
    return render(request, "accounts/unit_add.html", {"form": form}, status=422 if form.errors else 200)


@access(administrators)
@once
def unit_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Rename a unit, or move it; who loses a race gets both texts."""
    unit = get_object_or_404(Unit, slug=slug)
    form = ChangeUnitForm(request.POST or None, unit=unit)
    if request.method == "POST" and form.is_valid():
        wanted = dict(form.cleaned_data)
        try:
            change_unit(actor=request.user, unit=unit, seen=wanted.pop("version"), now=timezone.now(), **wanted)
        except StaleError:
            return _conflict(request, form, unit)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect_to(request, reverse("accounts:unit-list"))
    context = {"unit": unit, "form": form}
    return render(request, "accounts/unit_edit.html", context, status=422 if form.errors else 200)


def _conflict(request: SignedInRequest, form: ChangeUnitForm, unit: Unit) -> HttpResponse:
    unit.refresh_from_db()
    conflict = conflict_of(
        form,
        current=ChangeUnitForm.shown(unit),
        row=unit,
        version=unit.version,
        action=request.path,
        back=reverse("accounts:unit-list"),
    )
    return render(request, "accounts/unit_edit.html", {"unit": unit, "conflict": conflict}, status=409)
