"""Gate sets, for administrators: versions, what each asks, what is different, publishing a draft."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, administrators
from accounts.obstacles import Obstacle, RefusedError, StaleError
from accounts.posting import add_errors, once, redirect_to
from accounts.states import Function
from gates.drafting_sets import begin_draft, discard_draft
from gates.forms.gate_set import PublishForm
from gates.models import Criterion, Gate, GateSet
from gates.publishing import publish_draft, publishing_obstacles
from gates.queries import draft_set
from gates.set_difference import difference, open_rounds_by_set, open_rounds_on
from gates.states import RISK_ORDER, Path, path_of

CHANGED_MEANWHILE = Obstacle(
    "changed_meanwhile",
    "The draft has changed since you opened this page. Below it is as it stands now; your text is kept.",
    "you, by looking at it again",
)


@dataclass(frozen=True)
class GateSheet:
    """A gate with its criteria, and what each path asks of it."""

    gate: Gate
    criteria: list[Criterion]

    @property
    def paths(self) -> list[tuple[Path, int, list[Function]]]:
        """Every path with how many criteria it requires here, and the functions that sign."""
        pairs = [(one.function, one.mandatory_from) for one in self.criteria]
        return [
            (path, sum(path.requires(least) for _, least in pairs), path.signing(self.gate.lead_function, pairs))
            for path in map(path_of, RISK_ORDER)
        ]


@access(administrators)
def gate_set_list(request: SignedInRequest) -> HttpResponse:
    return _list(request)


@access(administrators)
@once
def gate_set_begin(request: SignedInRequest) -> HttpResponse:
    """Copy the newest published set to a draft."""
    if request.method != "POST":
        return redirect("gates:gate-set-list")
    try:
        draft = begin_draft(actor=request.user, now=timezone.now())
    except RefusedError as refused:
        return _list(request, obstacles=refused.obstacles, status=422)
    messages.success(request, "The draft is a copy of the published set. Nobody but administrators sees it.")
    return redirect_to(request, _page_of(draft))


@access(administrators)
def gate_set_detail(request: SignedInRequest, version: int) -> HttpResponse:
    """A set as its reviewers read it, with what each path asks; a draft with the ways to edit it."""
    gate_set = fetched_set(version)
    return render(request, "gates/gate_set_detail.html", {"gate_set": gate_set, "sheets": gate_sheets(gate_set)})


@access(administrators)
def gate_set_difference(request: SignedInRequest, version: int) -> HttpResponse:
    """A set beside the one that it was copied from."""
    return render(request, "gates/gate_set_difference.html", _compared(fetched_set(version)))


@access(administrators)
@once
def gate_set_publish(request: SignedInRequest, version: int) -> HttpResponse:
    """The difference once more, what it means for running rounds, and one confirmation."""
    draft = fetched_set(version)
    if not draft.is_draft:
        return redirect(_page_of(draft))
    form = PublishForm(request.POST or None, initial={"title": draft.title, "revision": draft.revision})
    obstacles = publishing_obstacles(draft)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                publish_draft(
                    actor=request.user,
                    draft=draft,
                    title=form.cleaned_data["title"],
                    reason=form.cleaned_data["reason"],
                    seen=form.cleaned_data["revision"],
                    now=timezone.now(),
                )
            except StaleError:
                again = {**request.POST.dict(), "revision": draft.revision}
                form, obstacles, status = PublishForm(again), [CHANGED_MEANWHILE, *obstacles], 409
            except ValidationError as error:
                obstacles = add_errors(form, error)
            else:
                messages.success(request, f"Gate set {draft.version} is published. Rounds that start now go by it.")
                return redirect_to(request, _page_of(draft))
    context = {**_compared(draft), "form": form, "obstacles": obstacles}
    context["blocked"] = [obstacle for obstacle in obstacles if obstacle is not CHANGED_MEANWHILE]
    return render(request, "gates/gate_set_publish.html", context, status=status)


@access(administrators)
@once
def gate_set_discard(request: SignedInRequest, version: int) -> HttpResponse:
    """Throw the draft away, if it is still as it was seen."""
    draft = fetched_set(version)
    if request.method != "POST" or not draft.is_draft:
        return redirect(_page_of(draft))
    seen = request.POST.get("revision", "")
    try:
        discard_draft(actor=request.user, draft=draft, seen=int(seen) if seen.isdecimal() else 0, now=timezone.now())
    except StaleError:
        context = {"gate_set": draft, "sheets": gate_sheets(draft), "obstacles": [CHANGED_MEANWHILE]}
        return render(request, "gates/gate_set_detail.html", context, status=409)
    messages.success(request, "The draft is discarded.")
    return redirect_to(request, reverse("gates:gate-set-list"))


def fetched_set(version: int) -> GateSet:
    """The set of that version; 404 where there is none."""
    return get_object_or_404(GateSet.objects.select_related("based_on", "begun_by", "published_by"), version=version)


def gate_sheets(gate_set: GateSet) -> list[GateSheet]:
    """The gates of a set with their criteria, in order. Two queries."""
    sheets = {gate.pk: GateSheet(gate, []) for gate in Gate.objects.filter(gate_set=gate_set).order_by("number")}
    for criterion in Criterion.objects.filter(gate__in=list(sheets)).order_by("number"):
        sheets[criterion.gate_id].criteria.append(criterion)
    return list(sheets.values())


def _list(request: SignedInRequest, *, obstacles: list[Obstacle] | None = None, status: int = 200) -> HttpResponse:
    rounds = open_rounds_by_set()
    sets = GateSet.objects.select_related("begun_by", "published_by", "based_on").order_by("-version")
    context = {
        "sets": [(gate_set, rounds.get(gate_set.pk, 0)) for gate_set in sets],
        "has_draft": draft_set() is not None,
        "obstacles": obstacles,
    }
    return render(request, "gates/gate_set_list.html", context, status=status)


def _compared(gate_set: GateSet) -> dict[str, object]:
    if gate_set.based_on is None:
        raise Http404
    return {
        "gate_set": gate_set,
        "difference": difference(gate_set.based_on, gate_set),
        "rounds": open_rounds_on(gate_set.based_on),
    }


def _page_of(gate_set: GateSet) -> str:
    return reverse("gates:gate-set-detail", args=[gate_set.version])
