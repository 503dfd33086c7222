"""The contract: its page, and filling it in step by step before the start."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import retarget

from accounts.access import SignedInRequest, access, signed_in
from accounts.comparing import conflict_of
from accounts.obstacles import StaleError
from accounts.posting import add_errors, once, redirect_to
from portfolio.agreement import agreed_contracts
from portfolio.contract_sheet import contract_sheet
from portfolio.contracting import fill_in, set_window, take_over
from portfolio.forms.contract import StepForm, WindowForm
from portfolio.gap_kinds import CRITERIA, WINDOW
from portfolio.gaps import Gap, open_gaps
from portfolio.models import Contract, Pilot, Round
from portfolio.permissions import may_edit
from portfolio.queries import open_round_of, rounds_of
from portfolio.questions import BY_SLUG, STEPS, Step
from portfolio.states import RoundState
from portfolio.taking_over import earlier_with
from portfolio.views.fetching import editable_pilot, visible_pilot

#: The window looks like a step and is kept on the round.
_WINDOW = Step(WINDOW, "When it runs", "What has no date is not decided.", ())
_ORDER = (*(step.slug for step in STEPS), WINDOW)


@access(signed_in)
@require_safe
def contract_detail(request: SignedInRequest, code: str) -> HttpResponse:
    """What was agreed for a round (`?round=1`; without it the open one, or the last), and what is missing."""
    pilot = visible_pilot(request.user, code)
    rounds = rounds_of(pilot)
    asked = request.GET.get("round", "")
    found = [one for one in rounds if str(one.number) == asked] if asked else rounds
    if not found:
        raise Http404("no such round")
    current = found[0] if asked else open_round_of(rounds) or found[0]
    edits = may_edit(request.user, pilot)
    context = {"pilot": pilot, "sheet": contract_sheet(pilot, current), "rounds": rounds, "edits": edits}
    if edits and current.state == RoundState.DRAFT:
        context["earlier"] = earlier_with(rounds, current, CRITERIA)
    return render(request, "portfolio/contract_detail.html", context)


@access(signed_in)
@once
def contract_step(request: SignedInRequest, code: str, step: str) -> HttpResponse:
    """Fill in a step of the drafted round; saved as it is filled in, or by its button."""
    pilot, rounds, current = _drafted(request, code)
    asked = _WINDOW if step == WINDOW else BY_SLUG.get(step)
    if asked is None:
        raise Http404("no such step")
    if current is None:
        return redirect("portfolio:contract-amend", pilot.code, step) if step != WINDOW else _back(pilot)
    form, obstacles = _form(request, asked, current), []
    if request.method == "POST" and form.is_valid():
        try:
            form.saved_version = _save(request, pilot, form)
        except StaleError:
            return _conflict(request, pilot, asked, form, current)
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            if not request.htmx:
                messages.success(request, "Saved.")
                return redirect_to(request, _following(pilot, asked))
    refused = bool(form.errors or obstacles)
    context = {
        "pilot": pilot,
        "step": asked,
        "form": form,
        "obstacles": obstacles,
        "gaps": _gaps(pilot, asked),
        "place": _ORDER.index(asked.slug) + 1,
        "places": len(_ORDER),
    }
    if request.htmx and request.method == "POST":
        return render(request, "portfolio/contract_step.html#state", context, status=422 if refused else 200)
    context["earlier"] = earlier_with(rounds, current, asked.slug)
    return render(request, "portfolio/contract_step.html", context, status=422 if refused else 200)


@access(signed_in)
@require_POST
@once
def contract_take_over(request: SignedInRequest, code: str) -> HttpResponse:
    """Take a step, or the criteria, over from an earlier round: only what is still empty here."""
    pilot, _, current = _drafted(request, code)
    step, number = request.POST.get("step", ""), request.POST.get("round", "")
    if current is None or (step != CRITERIA and step not in BY_SLUG):
        raise Http404("nothing to take over")
    source = get_object_or_404(Round, pilot=pilot, number=int(number) if number.isdigit() else 0)
    count = take_over(actor=request.user, pilot=pilot, source=source, step=step, now=timezone.now())
    messages.success(request, f"Taken over from round {source.number}: {count}. Check what still holds.")
    page = reverse("portfolio:contract-detail", args=[pilot.code])
    return redirect_to(
        request, page if step == CRITERIA else reverse("portfolio:contract-step", args=[pilot.code, step])
    )


def _drafted(request: SignedInRequest, code: str) -> tuple[Pilot, list[Round], Round | None]:
    """The pilot, its rounds, and the one in draft, if there is one."""
    pilot = editable_pilot(request.user, code)
    rounds = rounds_of(pilot)
    current = open_round_of(rounds)
    return pilot, rounds, current if current and current.state == RoundState.DRAFT else None


def _form(request: SignedInRequest, step: Step, current: Round) -> Any:
    data = request.POST if request.method == "POST" else None
    if step is _WINDOW:
        days = {name: getattr(current, name) for name in ("starts_on", "planned_end", "decision_due")}
        return WindowForm(data, initial={"version": current.version, **days})
    agreed = agreed_contracts([current.pk])[current.pk]
    return StepForm(data, step=step, initial={"version": agreed.version, **agreed.now})


def _save(request: SignedInRequest, pilot: Pilot, form: Any) -> int:
    verb = set_window if isinstance(form, WindowForm) else fill_in
    saved = verb(
        actor=request.user, pilot=pilot, seen=form.cleaned_data["version"], now=timezone.now(), **form.answers()
    )
    return int(saved.version)


def _conflict(request: SignedInRequest, pilot: Pilot, step: Step, form: Any, current: Round) -> HttpResponse:
    row = Round.objects.get(pk=current.pk) if step is _WINDOW else Contract.objects.get(round=current)
    conflict = conflict_of(
        form,
        current={name: getattr(row, name) for name in form.fields},
        row=row,
        version=row.version,
        action=request.path,
        back=request.path,
    )
    context = {"pilot": pilot, "step": step, "conflict": conflict}
    if request.htmx:
        answer = render(request, "portfolio/contract_step.html#sheet", context, status=409)
        return retarget(answer, "#sheet")
    return render(request, "portfolio/contract_step.html", context, status=409)


def _gaps(pilot: Pilot, step: Step) -> list[Gap]:
    return [gap for gap in open_gaps(pilot.pk) if gap.step == step.slug]


def _following(pilot: Pilot, step: Step) -> str:
    """Where to go on after a step: to the list of steps."""
    return f"{reverse('portfolio:contract-detail', args=[pilot.code])}#step-{step.slug}"


def _back(pilot: Pilot) -> HttpResponse:
    return redirect("portfolio:contract-detail", pilot.code)
