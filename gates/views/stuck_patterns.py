"""Why pilots are stuck, over the whole portfolio: what to fix once for everyone."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import SignedInRequest, access, signed_in
from gates.forms.clinic import UnitForm
from gates.pattern_counts import patterns_of
from portfolio.filters import below
from portfolio.models import Pilot

#: Ideas that the page names.
SHOWN = 8


@access(signed_in)
def stuck_patterns(request: SignedInRequest) -> HttpResponse:
    """How often each pattern holds, and which intervention would serve most pilots."""
    pilots = Pilot.objects.visible_to(request.user)
    units = pilots.order_by("unit__name").values_list("unit", "unit__name").distinct()
    form = UnitForm(request.GET, units=[(str(key), name) for key, name in units])
    unit = form.chosen()
    found = patterns_of(request.user, units=below(unit) if unit else None)
    ideas = [one for one in found.ideas if one.serves][:SHOWN]
    context = {"form": form, "found": found, "ideas": ideas, "narrowed": unit}
    return render(request, "gates/stuck_patterns.html", context)
