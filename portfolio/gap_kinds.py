"""What a contract can lack, and what each gap costs later."""

from dataclasses import dataclass

from portfolio.questions import STEP_OF
from portfolio.states import Part

#: Steps of the contract that are no form of questions.
PEOPLE, CRITERIA, WINDOW = "people", "criteria", "window"


@dataclass(frozen=True)
class GapKind:
    """One thing that a contract can lack. `what` completes "It is missing ..." as a sentence of its own."""

    code: str
    what: str
    #: What it will cost later, in one line.
    cost: str
    #: Slug of the step in which it is closed.
    step: str
    #: Whose it is, where it is a part that nobody holds.
    part: Part | None = None


def _kinds(*kinds: GapKind) -> dict[str, GapKind]:
    return {kind.code: kind for kind in kinds}


def _answer(code: str, what: str, cost: str) -> GapKind:
    return GapKind(code, what, cost, STEP_OF[code].slug)


#: Every gap that there is, in the order in which they are listed.
GAPS = _kinds(
    GapKind("owner", "No business owner is named.", "Nobody brings it to a decision.", PEOPLE, Part.BUSINESS_OWNER),
    GapKind(
        "sponsor",
        "No executive sponsor is named.",
        "Nobody has the budget to answer for when it is to scale.",
        PEOPLE,
        Part.EXECUTIVE_SPONSOR,
    ),
    GapKind(
        "sponsor_is_owner",
        "Sponsor and business owner are the same person.",
        "Nobody is left to ask, or to disagree.",
        PEOPLE,
        Part.EXECUTIVE_SPONSOR,
    ),
    GapKind(
        "production_owner",
        "No production owner is named.",
        "What works has nobody to go to, and waits for one.",
        PEOPLE,
        Part.PRODUCTION_OWNER,
    ),
    GapKind(
        "using_team_sponsor",
        "No sponsor is named inside the team that will use it.",
        "The team hears of it last, and uses it least.",
        PEOPLE,
        Part.USING_TEAM_SPONSOR,
    ),
    GapKind(
        "it_partner",
        "No IT partner is named.",
        "The way into the systems is found late, and costs months.",
        PEOPLE,
        Part.IT_PARTNER,
    ),
    GapKind(
        "it_partner_late",
        "The IT partner comes in after the start.",
        "What was built without IT is often built twice.",
        PEOPLE,
        Part.IT_PARTNER,
    ),
    GapKind(
        "quality_reviewer",
        "Nobody is named who reviews the quality of outputs after the launch.",
        "Errors are found by customers.",
        PEOPLE,
        Part.QUALITY_REVIEWER,
    ),
    GapKind(
        "process_owner",
        "No process owner is named.",
        "The work around it stays as it was, and the gain stays small.",
        PEOPLE,
        Part.PROCESS_OWNER,
    ),
    _answer(
        "adopting_team",
        "It is not said which team takes it on.",
        "A team that is not ready turns a success into a wait.",
    ),
    _answer(
        "integration_to_build",
        "It is not said which integration has to be built.",
        "The longest line of the production plan is found when there is no time left for it.",
    ),
    _answer("owner_then", "It is not said who owns it if it works.", "What works without an owner drifts."),
    _answer(
        "commitment",
        "Nobody has said yes or no to the roll-out, with budget and timeline.",
        "A success waits for the next budget round, and the team moves on.",
    ),
    GapKind(
        "criteria",
        "There is no success criterion.",
        "The result can be called anything, so nobody has to decide.",
        CRITERIA,
    ),
    GapKind(
        "baseline",
        "A success criterion has no baseline.",
        "Nobody can say afterwards what got better.",
        CRITERIA,
    ),
    GapKind("target", "A success criterion has no target.", "Any value will do, so none convinces.", CRITERIA),
    GapKind(
        "business_metric",
        "No success criterion is a business metric.",
        "Use and accuracy can be high while nothing is gained.",
        CRITERIA,
    ),
    GapKind("window", "Start, planned end or decision date are open.", "What has no date is not decided.", WINDOW),
    GapKind(
        "decision_conditions",
        "It is not said for all four outcomes when each is chosen.",
        "Afterwards every result looks like the one that was hoped for.",
        "outcomes",
    ),
    GapKind(
        "pilot_conditions",
        "The pilot's conditions are not all set beside those of production.",
        "What was special about the pilot is found out by its users.",
        "conditions",
    ),
    _answer("data_used", "It is not said which data it uses.", "Nobody knows for which data the result holds."),
    _answer(
        "edge_cases", "It is not said which edge cases are tried.", "They turn up in the first week of production."
    ),
    GapKind(
        "vendor_support",
        "It is not said what the vendor does now, and after the launch.",
        "What was free has a price when nobody can say no any more.",
        "data",
    ),
    _answer(
        "value_hypothesis", "There is no value hypothesis.", "The committee has nothing to weigh the cost against."
    ),
    _answer("measurement_plan", "It is not planned how the value is measured.", "The figures are argued about."),
    _answer("strategic_priority", "It is not said which priority it serves.", "Nobody defends it when money is short."),
    GapKind(
        "scale",
        "Volume and breadth at scale are open.",
        "Costs that grow with volume come as a surprise.",
        "value",
    ),
    _answer("daily_users", "It is not said who uses it every day.", "It is built for those who ordered it."),
    GapKind(
        "user_involvement",
        "Daily users take part in nothing yet.",
        "They judge it when it is too late to change.",
        "work",
    ),
    _answer(
        "escalation_path", "It is not said who is called when an output is wrong.", "The first error stops it all."
    ),
    _answer(
        "workflow_impact", "It is not said how the work changes.", "The work stays as it was, and so does its cost."
    ),
)
