"""What was agreed before the start, in short, and what of it is missing."""

from typing import Any

from django.urls import reverse

from accounts.models import User
from portfolio.contract_sheet import ContractSheet, contract_sheet
from portfolio.gaps import open_gaps
from portfolio.models import Pilot
from portfolio.pilot_file import PilotFile
from portfolio.queries import open_round_of, rounds_of
from portfolio.questions import THEN
from portfolio.registry import Action, Missing, Panel, register_actions, register_missing, register_panel
from portfolio.states import RoundState


def _contract(pilot: Pilot, _user: User) -> dict[str, Any] | None:
    """Six queries, whatever was agreed."""
    rounds = rounds_of(pilot)
    if not rounds:
        return None
    sheet: ContractSheet = contract_sheet(pilot, open_round_of(rounds) or rounds[0])
    then = next(section for section in sheet.sections if section.step is THEN)
    return {"sheet": sheet, "answers": [answer for answer in then.answers if answer.now], "pilot": pilot}


def _missing(file: PilotFile) -> list[Missing]:
    """What the contract lacks beside people; one line where nothing was ever agreed. One query."""
    current = file.current
    gaps = [gap for gap in open_gaps(file.pilot.pk) if gap.kind.part is None]
    page = reverse("portfolio:contract-detail", args=[file.pilot.code])
    started = current is not None and current.state != RoundState.DRAFT
    if len(gaps) > _MANY:
        what = f"{len(gaps)} answers of the contract are missing."
        return [Missing("contract", what, why="What is not agreed before is argued about after.", url=page)]
    return [
        Missing(f"gap_{gap.code}", gap.what, why=gap.cost, url=gap.url(file.pilot.code, started=started))
        for gap in gaps
    ]


def _actions(file: PilotFile) -> list[Action]:
    """No query of its own."""
    if not file.may_edit or file.current is None:
        return []
    draft = file.current.state == RoundState.DRAFT
    label = "Fill in the contract" if draft else "Amend the contract"
    return [Action(label, reverse("portfolio:contract-detail", args=[file.pilot.code]), 30 if draft else 65)]


#: More gaps than these are one line on the pilot's page.
_MANY = 5

register_panel(Panel("contract", 10, "portfolio/panels/contract.html", _contract, title="Contract"))
register_missing("contract", 10, _missing)
register_actions("contract", _actions)
