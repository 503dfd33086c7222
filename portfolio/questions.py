"""What a contract asks, in short steps, each question with one line that says why it is asked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One question; `name` is that of the contract's field that holds the answer."""

    name: str
    label: str
    why: str


@dataclass(frozen=True)
class Step:
    """Some questions that are answered together."""

    slug: str
    title: str
    lead: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Aspect:
    """One condition of a pilot that is rarely that of production (requirement 18)."""

    name: str
    title: str
    why: str

    @property
    def fields(self) -> tuple[str, str]:
        """Names of the answers for the pilot and for production."""
        return f"{self.name}_in_pilot", f"{self.name}_in_production"


ASPECTS = (
    Aspect("team", "Team", "A team of volunteers tries harder than the one that comes after it."),
    Aspect("users", "Users", "Ten who wanted it say little about two hundred who did not."),
    Aspect("data", "Data", "A cleaned extract hides what every morning's data will look like."),
    Aspect("vendor", "Vendor's support", "Engineers on call for a pilot are seldom part of the price."),
    Aspect("hard_cases", "Hard cases", "What was left out comes back on the first day of production."),
    Aspect("manual_steps", "Steps done by hand", "Somebody who copies files every evening is part of the result."),
)

THEN = Step(
    "then",
    "If this works, what then?",
    "A pilot that nobody has a plan for works, and then nothing happens.",
    (
        Question("adopting_team", "Which team takes it on?", "A team that hears of it only then will not be ready."),
        Question(
            "integration_to_build",
            "Which integration has to be built?",
            "It is the longest line of most production plans, and the last to be looked at.",
        ),
        Question("owner_then", "Who owns it then?", "What works without an owner drifts."),
        Question(
            "commitment",
            "Is the roll-out committed to, if it works?",
            "An honest no is worth more than a yes that nobody gave.",
        ),
        Question("committed_by", "By whom?", "A commitment is a person's, with name and function."),
        Question("commitment_budget", "With what budget?", "Without one, success waits for the next budget round."),
        Question("commitment_timeline", "By when?", "It tells everybody else when to be ready."),
    ),
)
OUTCOMES = Step(
    "outcomes",
    "What leads to which decision",
    "Written before the result is known, because afterwards every result looks like the one that was hoped for.",
    (
        Question("scale_if", "We scale if", "The committee reads this beside the result."),
        Question("redesign_if", "We redesign if", "It keeps a half success from being called a whole one."),
        Question("stop_if", "We stop if", "It makes stopping a plan that worked, and not a defeat."),
        Question("research_if", "We keep it as research if", "It says what learning alone would be worth."),
    ),
)
CONDITIONS = Step(
    "conditions",
    "The pilot beside production",
    "What the pilot has and production will not have. The gap between the two is the work that is left.",
    tuple(
        Question(name, f"{aspect.title}, in {place}", aspect.why)
        for aspect in ASPECTS
        for name, place in zip(aspect.fields, ("the pilot", "production"), strict=True)
    ),
)
DATA = Step(
    "data",
    "Data and vendor",
    "Results hold for the data on which they were made, and for the help that came with them.",
    (
        Question("data_used", "Which data does the pilot use?", "A result on an extract is a result on an extract."),
        Question("edge_cases", "Which edge cases are tried?", "They decide whether people trust it."),
        Question("vendor_support_now", "What does the vendor do now?", "It is part of what is being tried."),
        Question("vendor_support_after", "And after the launch?", "What is free now has a price then."),
    ),
)
VALUE = Step(
    "value",
    "What it is worth",
    "The committee weighs this against what production will cost.",
    (
        Question(
            "value_hypothesis",
            "What gets better, for whom, and by how much?",
            "A number that can turn out to be wrong.",
        ),
        Question(
            "measurement_plan", "How and when is that measured?", "What is not planned is not measured until too late."
        ),
        Question(
            "strategic_priority", "Which priority of the organisation does it serve?", "It decides who defends it."
        ),
        Question("volume_at_scale", "What volume is expected at scale?", "Costs and errors grow with it."),
        Question("breadth_at_scale", "For which teams, sites or products?", "One team's gain may not be another's."),
    ),
)
WORK = Step(
    "work",
    "The people who work with it",
    "Those who are to use it every day know first whether it helps.",
    (
        Question("daily_users", "Who uses it every day, and how many?", "Not who ordered it: who has to live with it."),
        Question("users_involved_in", "In what do they take part?", "People defend what they helped to make."),
        Question(
            "escalation_path", "After the launch, who is called when an output is wrong?", "Errors come on a Friday."
        ),
        Question(
            "workflow_impact",
            "How does the work change?",
            "Steps that go, steps that come, hours saved or added, as the process owner sees it.",
        ),
    ),
)

#: The steps with questions, in the order in which they are shown; any order will do to answer them.
STEPS = (THEN, OUTCOMES, CONDITIONS, DATA, VALUE, WORK)
BY_SLUG = {step.slug: step for step in STEPS}
#: The question to each answer, and the step in which it is asked.
QUESTIONS = {question.name: question for step in STEPS for question in step.questions}
STEP_OF = {question.name: step for step in STEPS for question in step.questions}
