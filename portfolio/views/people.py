"""Who holds which part in a pilot."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, access, signed_in
from accounts.posting import add_errors, once, redirect_to
from portfolio.assigning import end_part, name_for_part
from portfolio.forms.round import AssignForm
from portfolio.models import Assignment
from portfolio.permissions import may_edit
from portfolio.queries import parts_of, past_parts_of
from portfolio.states import Part
from portfolio.views.fetching import editable_pilot, visible_pilot


@access(signed_in)
@once
def people(request: SignedInRequest, code: str) -> HttpResponse:
    """All parts with who holds them and who did; naming somebody for one."""
    pilot = editable_pilot(request.user, code) if request.method == "POST" else visible_pilot(request.user, code)
    form = AssignForm(request.POST or None, initial={"part": request.GET.get("part", Part.BUSINESS_OWNER)})
    obstacles = []
    if request.method == "POST" and form.is_valid():
        try:
            assignment = name_for_part(
                actor=request.user,
                pilot=pilot,
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                part=Part(form.cleaned_data["part"]),
                since=timezone.localdate(),
                now=timezone.now(),
            )
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, f"{assignment.person} is named: {assignment.get_part_display().lower()}.")
            return redirect_to(request, request.path)
    context = {
        "pilot": pilot,
        "form": form,
        "obstacles": obstacles,
        "parts": parts_of(pilot),
        "past": past_parts_of(pilot),
        "may_edit": may_edit(request.user, pilot),
    }
    return render(request, "portfolio/people.html", context, status=422 if form.errors or obstacles else 200)


@access(signed_in)
@require_POST
@once
def part_end(request: SignedInRequest, code: str) -> HttpResponse:
    """End somebody's part today."""
    pilot = editable_pilot(request.user, code)
    key = request.POST.get("assignment", "")
    held = get_object_or_404(Assignment, pilot=pilot, until=None, pk=int(key) if key.isdigit() else 0)
    end_part(
        actor=request.user,
        pilot=pilot,
        part=Part(held.part),
        person=held.person,
        until=timezone.localdate(),
        now=timezone.now(),
    )
    messages.success(request, f"{held.person} is no longer {held.get_part_display().lower()}.")
    return redirect_to(request, reverse("portfolio:people", args=[pilot.code]))
