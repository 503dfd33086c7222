"""Choosing evidence for a criterion from the pilot's library."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django_htmx.http import trigger_client_event

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle, RefusedError
from accounts.posting import once, redirect_to
from gates.evidence_library import attachable, evidence_for
from gates.evidencing import stop_using, use_evidence
from gates.models import Criterion
from gates.queries import gate_set_of, latest_round
from gates.views.evidence import day_for, piece_of
from portfolio.models import Pilot
from portfolio.views.fetching import editable_pilot

#: How many pieces of the library are offered at once; a search finds the others.
OFFERED = 20


@access(signed_in)
@once
def criterion_evidence(request: SignedInRequest, code: str, gate: str, criterion: str) -> HttpResponse:
    """What supports a criterion, and what else of the library could; attached and detached piece by piece."""
    pilot = editable_pilot(request.user, code)
    one = _criterion(pilot, gate, criterion)
    refusal: list[Obstacle] = []
    done = ""
    if request.method == "POST":
        try:
            done = _change(request, pilot, one)
        except RefusedError as error:
            refusal = error.obstacles
        except ValidationError as error:
            refusal = [Obstacle("refused", message) for message in error.messages]
        else:
            if not request.htmx:
                messages.success(request, done)
                return redirect_to(request, request.path)
    search = request.GET.get("search", "")[:100]
    supporting = evidence_for([one], latest_round(pilot), today=day_for(pilot))[one.pk]
    offered = list(attachable(pilot, one, latest_round(pilot), search=search)[: OFFERED + 1])
    context = {
        "pilot": pilot,
        "criterion": one,
        "evidence": supporting,
        "offered": offered[:OFFERED],
        "more": len(offered) > OFFERED,
        "search": search,
        "refusal": refusal,
        "done": done,
        "in_place": bool(request.htmx),
    }
    status = 422 if refusal else 200
    if not request.htmx:
        return render(request, "gates/criterion_evidence.html", context, status=status)
    response = render(request, "gates/criterion_evidence.html#picker", context, status=status)
    return trigger_client_event(response, "evidenceChanged") if done else response


def _change(request: SignedInRequest, pilot: Pilot, criterion: Criterion) -> str:
    """Attach or detach one piece; return what was done, in words."""
    try:
        number = int(request.POST.get("attach") or request.POST.get("detach") or "")
    except ValueError:
        raise Http404 from None
    piece = piece_of(pilot, number)
    if "attach" in request.POST:
        use_evidence(actor=request.user, evidence=piece, criterion=criterion, now=timezone.now())
        return f"“{piece.title}” supports this criterion now."
    stop_using(actor=request.user, evidence=piece, criterion=criterion, now=timezone.now())
    return f"“{piece.title}” no longer supports this criterion."


def _criterion(pilot: Pilot, gate: str, criterion: str) -> Criterion:
    asked = Criterion.objects.filter(gate__gate_set=gate_set_of(latest_round(pilot))).select_related("gate")
    return get_object_or_404(asked, gate__slug=gate, slug=criterion)
