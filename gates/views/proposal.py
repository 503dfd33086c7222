"""A proposal: reading it, voting on it, keeping out of it, calling it in, closing it, recording what was carried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle
from accounts.posting import add_errors, once, redirect_to
from gates.deciding import record_carried
from gates.forms.voting import ReasonForm, VoteForm
from gates.models import Proposal
from gates.proposal_sheet import ProposalSheet, proposal_sheet
from gates.queries import day_of, session_seen_by
from gates.states import VoteChoice
from gates.voting import call_in, cast_vote, close_vote, recuse, withdraw_proposal
from portfolio.views.fetching import visible_pilot


@dataclass(frozen=True)
class Asked:
    """A form on the page: its name in the context, its class, what is said when it is done, and who may send it."""

    name: str
    form_class: type[forms.Form]
    done: str
    chair: bool = False


#: Obstacles that lie in who the reader is.
_PERSONAL = {"no_seat", "recused", "own_pilot", "not_chair", "no_committee"}


@access(signed_in)
def proposal_detail(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """What is put before the committee, who has voted, and what the reader may do."""
    return _page(request, _sheet(request, code, pk))


@access(signed_in)
@once
def vote_cast(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Vote, or change one's vote."""

    def act(sheet: ProposalSheet, said: dict[str, Any], when: dict[str, Any]) -> None:
        choice = VoteChoice(said["choice"])
        cast_vote(actor=request.user, proposal=sheet.proposal, choice=choice, reason=said["reason"], **when)

    return _posted(request, code, pk, Asked("vote", VoteForm, "Your vote is recorded."), act)


@access(signed_in)
@once
def vote_recuse(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Keep out of the vote, with a reason."""

    def act(sheet: ProposalSheet, said: dict[str, Any], when: dict[str, Any]) -> None:
        recuse(actor=request.user, proposal=sheet.proposal, reason=said["reason"], **when)

    return _posted(request, code, pk, Asked("recusal", ReasonForm, "You keep out of this vote."), act)


@access(signed_in)
@once
def proposal_call_in(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Call a decision on notice into a meeting."""

    def act(sheet: ProposalSheet, said: dict[str, Any], when: dict[str, Any]) -> None:
        call_in(actor=request.user, proposal=sheet.proposal, reason=said["reason"], **when)

    return _posted(request, code, pk, Asked("calling", ReasonForm, "It is called into a meeting."), act)


@access(signed_in)
@once
def proposal_withdraw(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Take a proposal back."""

    def act(sheet: ProposalSheet, said: dict[str, Any], when: dict[str, Any]) -> None:
        withdraw_proposal(actor=request.user, proposal=sheet.proposal, reason=said["reason"], now=when["now"])

    return _posted(request, code, pk, Asked("withdrawing", ReasonForm, "The proposal is taken back.", chair=True), act)


@access(signed_in)
@once
def vote_close(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Close a vote in a meeting."""

    def act(sheet: ProposalSheet, _said: dict[str, Any], when: dict[str, Any]) -> None:
        close_vote(actor=request.user, proposal=sheet.proposal, **when)

    return _posted(request, code, pk, Asked("closing", forms.Form, "The vote is closed and counted.", chair=True), act)


@access(signed_in)
@once
def proposal_record(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Record what was carried as the decision."""

    def act(sheet: ProposalSheet, _said: dict[str, Any], when: dict[str, Any]) -> None:
        record_carried(actor=request.user, proposal=sheet.proposal, seen=None, **when)

    return _posted(request, code, pk, Asked("recording", forms.Form, "The decision is recorded.", chair=True), act)


def _posted(
    request: SignedInRequest,
    code: str,
    pk: int,
    asked: Asked,
    act: Callable[[ProposalSheet, dict[str, Any], dict[str, Any]], None],
) -> HttpResponse:
    """Let a form act on a proposal; what is refused is shown on the same page, with what was typed."""
    sheet = _sheet(request, code, pk)
    address = sheet.proposal.get_absolute_url()
    if request.method != "POST":
        return redirect(address)
    obstacles = sheet.not_chair if asked.chair else sheet.obstacles
    if any(one.code in _PERSONAL for one in obstacles):
        raise PermissionDenied(
            "to chair this committee" if asked.chair else "a seat in this committee, and no part in the pilot"
        )
    form = asked.form_class(request.POST)
    if not form.is_valid():
        return _page(request, sheet, {asked.name: form}, status=422)
    now = timezone.now()
    try:
        act(sheet, form.cleaned_data, {"today": day_of(sheet.proposal.committee, now), "now": now})
    except ValidationError as error:
        refused = add_errors(form, error)
        return _page(request, _sheet(request, code, pk), {asked.name: form}, refusal=refused, status=422)
    messages.success(request, asked.done)
    sheet = _sheet(request, code, pk)
    return redirect_to(request, sheet.decision.get_absolute_url() if sheet.decision else address)


def _sheet(request: SignedInRequest, code: str, pk: int) -> ProposalSheet:
    pilot = visible_pilot(request.user, code)
    rows = Proposal.objects.select_related("round__pilot__unit", "committee", "opened_by", "closed_by")
    proposal = get_object_or_404(rows, pk=pk, round__pilot=pilot)
    now = timezone.now()
    return proposal_sheet(proposal, request.user, today=day_of(proposal.committee, now), now=now)


def _page(
    request: SignedInRequest,
    sheet: ProposalSheet,
    bound: Mapping[str, forms.Form] | None = None,
    *,
    refusal: list[Obstacle] | None = None,
    status: int = 200,
) -> HttpResponse:
    mine = next((one.vote for one in sheet.ballots if one.voter is sheet.mine), None)
    bound = bound or {}
    initial = {"choice": mine.choice, "reason": mine.reason} if mine else {}
    context = {
        "sheet": sheet,
        "proposal": sheet.proposal,
        "pilot": sheet.proposal.round.pilot,
        "vote": bound.get("vote") or VoteForm(initial=initial),
        "mine": mine,
        "recusal": bound.get("recusal") or ReasonForm(),
        "calling": bound.get("calling") or ReasonForm(),
        "withdrawing": bound.get("withdrawing") or ReasonForm(),
        "refusal": refusal,
        "session": session_seen_by(request.user, sheet.proposal.committee),
    }
    return render(request, "gates/proposal_detail.html", context, status=status)
