"""What the people of a pilot lack, and what its visitor may do with it."""

from django.urls import reverse

from portfolio.pilot_file import PilotFile
from portfolio.registry import Action, Missing, register_actions, register_missing
from portfolio.states import ENDED_STAGES, Part, RoundState, Stage

#: Parts without which nobody can decide well, with what it costs to leave them open.
_NEEDED = {
    Part.EXECUTIVE_SPONSOR: "Without one, nobody has the budget to answer for when it is to scale.",
    Part.BUSINESS_OWNER: "Without one, nobody brings it to a decision.",
    Part.PRODUCTION_OWNER: "Without one, what works has nobody to go to.",
    Part.USING_TEAM_SPONSOR: "Without one, the team that is to use it hears of it last.",
    Part.IT_PARTNER: "Without one, the way into the systems is found late.",
    Part.PROCESS_OWNER: "Without one, the work around it stays as it was.",
}


def _missing(file: PilotFile) -> list[Missing]:
    """No query of its own."""
    url = reverse("portfolio:people", args=[file.pilot.code])
    sponsor, owner = file.holder_of(Part.EXECUTIVE_SPONSOR), file.holder_of(Part.BUSINESS_OWNER)
    found = []
    if sponsor is not None and sponsor == owner:
        why = "Such a sponsor has nobody to answer to; hand over one of the two parts."
        what = "Sponsor and business owner are one person."
        found.append(Missing("sponsor_is_owner", what, why=why, url=f"{url}?part=executive_sponsor#name"))
    return found + [
        Missing(
            f"no_{part.value}",
            f"Nobody is {part.in_words}.",
            who="" if part != Part.BUSINESS_OWNER else "A portfolio manager",
            why=why,
            url=f"{url}?part={part.value}#name",
        )
        for part, why in _NEEDED.items()
        if file.holder_of(part) is None
    ]


def _actions(file: PilotFile) -> list[Action]:
    """No query of its own."""
    if not file.may_edit:
        return []
    pilot, current, code = file.pilot, file.current, [file.pilot.code]
    offered = [
        Action("Edit the file", reverse("portfolio:pilot-edit", args=code), 80, icon="pencil"),
        Action("Name people", reverse("portfolio:people", args=code), 70),
    ]
    if pilot.stage not in ENDED_STAGES:
        say = reverse("portfolio:status-create", args=code)
        offered.append(Action("Say what moved", say, 40, leads=current is not None))
    if current and current.state == RoundState.DRAFT:
        start = reverse("portfolio:round-start", args=code)
        offered.append(Action(f"Start round {current.number}", start, 10, leads=True))
    if current and current.state == RoundState.RUNNING:
        over = current.planned_end is not None and current.planned_end <= file.today
        offered.append(
            Action("End the work", reverse("portfolio:round-end", args=code), 20 if over else 60, leads=over)
        )
    if pilot.stage == Stage.SCALING:
        offered.append(Action("Launch", reverse("portfolio:pilot-launch", args=code), 10, leads=True))
    if pilot.stage == Stage.IN_PRODUCTION:
        offered.append(Action("Retire", reverse("portfolio:pilot-retire", args=code), 90))
    return offered


register_missing("people", 5, _missing)
register_actions("life", _actions)
