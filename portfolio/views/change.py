"""The change in people's work: its plan, and the log of what chafes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, access, signed_in
from accounts.comparing import conflict_of
from accounts.obstacles import StaleError
from accounts.posting import add_errors, once, redirect_to
from portfolio.change_log import change_of
from portfolio.changing import PLANNED, close_friction, note_friction, write_change_plan
from portfolio.forms.change import ChangePlanForm, CloseForm, FrictionForm
from portfolio.models import ChangePlan, Friction, Pilot
from portfolio.permissions import may_edit
from portfolio.queries import parts_of
from portfolio.states import Part
from portfolio.views.fetching import editable_pilot, visible_pilot


@access(signed_in)
def change_plan(request: SignedInRequest, code: str) -> HttpResponse:
    """What changes in the work, the workflow before and after, and what chafes."""
    return _page(request, visible_pilot(request.user, code))


@access(signed_in)
def change_plan_edit(request: SignedInRequest, code: str) -> HttpResponse:
    """Write the plan; it saves itself while it is written, guarded by its version."""
    pilot = editable_pilot(request.user, code)
    plan = ChangePlan.objects.filter(pilot=pilot).first() or ChangePlan(pilot=pilot)
    form = ChangePlanForm(request.POST or None, instance=plan, initial={"version": plan.version})
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in PLANNED}
        seen = form.cleaned_data["version"]
        try:
            plan = write_change_plan(actor=request.user, pilot=pilot, seen=seen, now=timezone.now(), **said)
        except StaleError:
            return _stale(request, pilot, form)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return _saved(request, pilot, plan)
    context = {"pilot": pilot, "form": form}
    template = "portfolio/change_plan_edit.html#state" if request.htmx else "portfolio/change_plan_edit.html"
    return render(request, template, context, status=422 if form.errors else 200)


@access(signed_in)
@require_POST
@once
def friction_create(request: SignedInRequest, code: str) -> HttpResponse:
    """Note what chafes."""
    pilot = editable_pilot(request.user, code)
    form = FrictionForm(request.POST)
    if form.is_valid():
        note_friction(actor=request.user, pilot=pilot, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "Noted. It stays open until somebody says what was done.")
        return redirect_to(request, _log(pilot))
    return _page(request, pilot, form=form, status=422)


@access(signed_in)
@require_POST
@once
def friction_close(request: SignedInRequest, code: str, friction: int) -> HttpResponse:
    """Say what was done about a friction."""
    pilot = editable_pilot(request.user, code)
    noted = get_object_or_404(Friction.objects.select_related("pilot"), pilot=pilot, pk=friction)
    form = CloseForm(request.POST, auto_id=f"friction-{noted.pk}-%s")
    obstacles = []
    if form.is_valid():
        try:
            close_friction(actor=request.user, friction=noted, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, "Closed.")
            return redirect_to(request, _log(pilot))
    return _page(request, pilot, closing=(noted.pk, form), obstacles=obstacles, status=422)


def _page(
    request: SignedInRequest,
    pilot: Pilot,
    *,
    form: FrictionForm | None = None,
    closing: tuple[int, CloseForm] | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The page; `closing` is a form that came back, with the number of its friction."""
    change = change_of(pilot)
    held = next(one for one in parts_of(pilot) if one.part == Part.PROCESS_OWNER)
    number, returned = closing or (None, None)
    forms = {one.pk: CloseForm(auto_id=f"friction-{one.pk}-%s") for one in change.open_frictions}
    lines = [(one, returned if one.pk == number else forms.get(one.pk)) for one in change.frictions]
    context |= {
        "pilot": pilot,
        "change": change,
        "lines": lines,
        "process_owners": held.holders,
        "form": form or FrictionForm(),
        "may_edit": may_edit(request.user, pilot),
    }
    return render(request, "portfolio/change_plan.html", context, status=status)


def _saved(request: SignedInRequest, pilot: Pilot, plan: ChangePlan) -> HttpResponse:
    if request.htmx:
        form = ChangePlanForm(instance=plan, initial={"version": plan.version})
        return render(request, "portfolio/change_plan_edit.html#state", {"pilot": pilot, "form": form})
    messages.success(request, "The change plan is saved.")
    return redirect("portfolio:change-plan", code=pilot.code)


def _stale(request: SignedInRequest, pilot: Pilot, form: ChangePlanForm) -> HttpResponse:
    """Both texts. A form that saves itself stays where it is, so that nothing typed meanwhile is lost, and says so."""
    if request.htmx:
        context = {"pilot": pilot, "form": form, "stale": True}
        return render(request, "portfolio/change_plan_edit.html#state", context, status=409)
    saved = ChangePlan.objects.get(pilot=pilot)
    conflict = conflict_of(
        form,
        current=model_to_dict(saved),
        row=saved,
        version=saved.version,
        action=request.path,
        back=reverse("portfolio:change-plan", args=[pilot.code]),
    )
    context = {"pilot": pilot, "conflict": conflict}
    return render(request, "portfolio/change_plan_edit.html", context, status=409)


def _log(pilot: Pilot) -> str:
    return f"{reverse('portfolio:change-plan', args=[pilot.code])}#frictions"
