"""Everything that happened to a pilot, from the audit trail."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import SignedInRequest, access, signed_in
from audit.queries import history
from portfolio.forms.history import HistoryForm
from portfolio.history import abouts, actors, chosen, told
from portfolio.queries import may_read_history
from portfolio.views.fetching import visible_pilot

PAGE_SIZE = 50


@access(signed_in)
def pilot_history(request: SignedInRequest, code: str) -> HttpResponse:
    """The whole trail of a pilot, newest first, in sentences, day by day."""
    pilot = visible_pilot(request.user, code)
    if not may_read_history(request.user, pilot):
        raise PermissionDenied(
            "a part in this pilot, a seat in its committee, or the role portfolio manager or auditor"
        )
    whole = history(pilot.scope)
    form = HistoryForm(request.GET, abouts=abouts(whole), actors=actors(whole))
    page = Paginator(chosen(whole, **form.chosen()), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"pilot": pilot, "form": form, "page": page, "events": told(page)}
    template = "portfolio/pilot_history.html#results" if request.htmx else "portfolio/pilot_history.html"
    return render(request, template, context)
