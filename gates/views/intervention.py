"""An intervention: starting it from the library or in one's own words, reading it, closing it."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.forms.clinic import FinishForm, GiveUpForm, InterventionForm
from gates.queries import committee_of, day_of
from portfolio.diagnosing import stage_obstacles
from portfolio.intervening import finish_intervention, give_up_intervention, start_intervention
from portfolio.interventions import stuck_file_of
from portfolio.models import Intervention, Pilot
from portfolio.permissions import may_edit
from portfolio.queries import people_of
from portfolio.stuck import StuckPattern
from portfolio.stuck_patterns import LIBRARY
from portfolio.views.fetching import editable_pilot, visible_pilot

#: Somebody closed it first.
CHANGED = Obstacle(
    "changed", "Somebody closed this intervention since you opened the page.", "you, after looking at it"
)
_UNDIAGNOSED = Obstacle("undiagnosed", "No pattern holds here. Answer the six tests first.")


@dataclass(frozen=True)
class Place:
    """An intervention, its pilot, and whether the reader may close it."""

    pilot: Pilot
    intervention: Intervention
    may_close: bool

    @property
    def address(self) -> str:
        return reverse("gates:intervention-detail", args=[self.pilot.code, self.intervention.pk])


@access(signed_in)
@once
def intervention_create(request: SignedInRequest, code: str) -> HttpResponse:
    """Start an intervention: `?idea=` fills the form from the library, `?pattern=` chooses the pattern."""
    pilot = editable_pilot(request.user, code)
    now = timezone.now()
    today = day_of(committee_of(pilot), now)
    patterns = stuck_file_of(pilot).patterns
    asked = request.GET.get("pattern", "")
    of, idea = LIBRARY.get(request.GET.get("idea", ""), (asked if asked in StuckPattern else None, None))
    pattern = StuckPattern(of) if of else None
    form = InterventionForm(request.POST or None, patterns=patterns, idea=idea, pattern=pattern, today=today)
    obstacles = stage_obstacles(pilot) or ([] if patterns else [_UNDIAGNOSED])
    if request.method == "POST" and form.is_valid():
        try:
            start_intervention(actor=request.user, pilot=pilot, today=today, now=now, **form.said())
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, "The intervention is under way.")
            return redirect_to(request, f"{reverse('gates:clinic', args=[pilot.code])}#under-way")
    context = {"pilot": pilot, "form": form, "obstacles": obstacles, "idea": idea, "people": people_of(pilot)}
    status = 422 if form.errors or (request.method == "POST" and obstacles) else 200
    return render(request, "gates/intervention_create.html", context, status=status)


@access(signed_in)
def intervention_detail(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Who does what by when, and what came of it."""
    return _page(request, _place(request, code, pk))


@access(signed_in)
@once
def intervention_finish(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Say that it is done, and what came of it."""
    return _close(request, _place(request, code, pk), done=True)


@access(signed_in)
@once
def intervention_give_up(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Give it up with a reason."""
    return _close(request, _place(request, code, pk), done=False)


def _close(request: SignedInRequest, place: Place, *, done: bool) -> HttpResponse:
    if request.method != "POST":
        return redirect(place.address)
    if not place.may_close:
        raise PermissionDenied("to own the intervention, or to keep the pilot's file")
    form = FinishForm(request.POST) if done else GiveUpForm(request.POST)
    if not form.is_valid():
        return _page(request, place, form=form, status=422)
    verb = finish_intervention if done else give_up_intervention
    said = form.cleaned_data
    try:
        verb(
            actor=request.user, intervention=place.intervention, outcome=said["outcome"], seen=said["version"],
            now=timezone.now(),
        )  # fmt: skip
    except StaleError:
        again = _place(request, place.pilot.code, place.intervention.pk)
        return _page(request, again, form=form, obstacles=[CHANGED], status=409)
    except ValidationError as error:
        return _page(request, place, form=form, obstacles=add_errors(form, error), status=422)
    messages.success(request, "Done, and kept with what came of it." if done else "Given up, and kept with the reason.")
    return redirect_to(request, place.address)


def _place(request: SignedInRequest, code: str, pk: int) -> Place:
    pilot = visible_pilot(request.user, code)
    rows = Intervention.objects.filter(pilot=pilot).select_related("pilot", "owner", "closed_by", "started_by")
    intervention = get_object_or_404(rows, pk=pk)
    may_close = intervention.owner_id == request.user.pk or may_edit(request.user, pilot)
    return Place(pilot, intervention, may_close)


def _page(
    request: SignedInRequest,
    place: Place,
    *,
    form: FinishForm | GiveUpForm | None = None,
    obstacles: list[Obstacle] | None = None,
    status: int = 200,
) -> HttpResponse:
    initial = {"version": place.intervention.version}
    open_to = place.may_close and place.intervention.is_open
    shown = {
        "finish": form if isinstance(form, FinishForm) else FinishForm(initial=initial, auto_id="finish-%s"),
        "give_up": form if isinstance(form, GiveUpForm) else GiveUpForm(initial=initial, auto_id="give-up-%s"),
    }
    context = {
        "pilot": place.pilot,
        "intervention": place.intervention,
        "pattern": StuckPattern(place.intervention.pattern),
        "today": day_of(committee_of(place.pilot), timezone.now()),
        "obstacles": obstacles,
        "lost": form["outcome"].value() if form and not open_to else "",
        **(shown if open_to else {}),
    }
    return render(request, "gates/intervention_detail.html", context, status=status)
