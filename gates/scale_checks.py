"""The scale checklist, answered from the file as far as it goes (requirement 55). Pure: people may answer otherwise."""

from collections.abc import Callable

from gates.grounds import Grounds
from gates.states import Answer, ScaleCheck
from gates.terms import Checked


def proposed_answers(grounds: Grounds) -> list[Checked]:
    """What the file says of each of the seven items, with what it rests on."""
    return [Checked(item.value, *_ASKED[item](grounds)) for item in ScaleCheck]


def _said(yes: object, because_yes: str, because_no: str) -> tuple[str, str]:
    return (Answer.YES.value, because_yes) if yes else (Answer.NO.value, because_no)


def _sponsorship(grounds: Grounds) -> tuple[str, str]:
    directs = f"{grounds.sponsor} directs budget and priorities."
    lacks = f"{grounds.sponsor} has not said to direct the budget." if grounds.sponsor else "No sponsor is named."
    return _said(grounds.sponsor and grounds.sponsor_directs, directs, lacks)


def _integration_path(grounds: Grounds) -> tuple[str, str]:
    planned = grounds.case is not None and bool(grounds.case.plans["integration_plan"])
    return _said(planned, "The business case has an integration plan.", "No business case with an integration plan.")


def _adoption(grounds: Grounds) -> tuple[str, str]:
    outside = grounds.users_outside
    people = f"{outside} people outside the pilot team used it, by the last update that says so."
    return _said(outside, people, "No update tells of users outside the pilot team.")


def _workflow(grounds: Grounds) -> tuple[str, str]:
    return _said(grounds.has_change_plan, "The change plan says what changes.", "No change plan is written.")


def _metrics(grounds: Grounds) -> tuple[str, str]:
    unbased = [one for one in grounds.criteria if one.baseline is None]
    if not grounds.criteria:
        return Answer.NO.value, "No success criterion was agreed."
    if unbased:
        return Answer.NO.value, f"{len(unbased)} of {len(grounds.criteria)} criteria have no baseline."
    kinds = "" if grounds.measures_business else ", though none of them measures the business"
    return Answer.YES.value, f"{len(grounds.criteria)} with a baseline{kinds}."


def _economics(grounds: Grounds) -> tuple[str, str]:
    if grounds.case is None:
        return Answer.NO.value, "No business case is submitted."
    worth = grounds.case.net_present_value
    years = grounds.case.horizon_years
    return _said(
        worth > 0,
        f"The likely net present value over {years} years is above nothing.",
        f"The likely net present value over {years} years is not above nothing.",
    )


def _stuck(grounds: Grounds) -> tuple[str, str]:
    blockers = grounds.status.blockers if grounds.status else []
    still = "; ".join(one.blocker.text.rstrip(".") for one in blockers[:3])
    return _said(not blockers, "Nothing is reported as blocking it.", f"Still blocked: {still}.")


_ASKED: dict[ScaleCheck, Callable[[Grounds], tuple[str, str]]] = {
    ScaleCheck.SPONSORSHIP: _sponsorship,
    ScaleCheck.INTEGRATION_PATH: _integration_path,
    ScaleCheck.ADOPTION: _adoption,
    ScaleCheck.WORKFLOW: _workflow,
    ScaleCheck.METRICS: _metrics,
    ScaleCheck.ECONOMICS: _economics,
    ScaleCheck.STUCK: _stuck,
}
