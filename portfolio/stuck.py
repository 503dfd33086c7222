"""Words of the clinic for stuck pilots: six patterns, three answers, states of an intervention. A leaf, as `states`."""

from django.db import models


class StuckPattern(models.TextChoices):
    """Why pilots that work end nowhere (requirement 42). Several may hold at once."""

    NO_SPONSOR = "no_sponsor", "No executive sponsor"
    NO_INTEGRATION = "no_integration", "No path to integration"
    ENTHUSIASTS = "enthusiasts", "Enthusiasts only"
    WORKFLOW = "workflow", "Workflow unchanged"
    METRICS = "metrics", "Metrics unclear"
    WRONG_USE_CASE = "wrong_use_case", "Wrong use case for scale"

    @property
    def in_words(self) -> str:
        """The pattern in the middle of a sentence."""
        return self.label[:1].lower() + self.label[1:]


class ClinicAnswer(models.TextChoices):
    """The answer to one of the six tests. "No" means that its pattern holds; "not sure" is something to find out."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNSURE = "unsure", "Not sure"


class InterventionState(models.TextChoices):
    """What became of an intervention."""

    OPEN = "open", "Under way"
    DONE = "done", "Done"
    GIVEN_UP = "given_up", "Given up"


#: In which order a binding constraint is proposed: each can only be worked on once those before it are out of the way.
BINDING_ORDER = (
    StuckPattern.NO_SPONSOR,
    StuckPattern.METRICS,
    StuckPattern.WRONG_USE_CASE,
    StuckPattern.NO_INTEGRATION,
    StuckPattern.WORKFLOW,
    StuckPattern.ENTHUSIASTS,
)

#: Why a pattern binds before those that come after it.
WHY_IT_BINDS: dict[StuckPattern, str] = {
    StuckPattern.NO_SPONSOR: "Without somebody who directs money and priorities, nobody can order what the rest needs.",
    StuckPattern.METRICS: "While nobody can say what success is, nobody can say whether the rest is worth its price.",
    StuckPattern.WRONG_USE_CASE: "What does not pay at full volume is not helped by building it in.",
    StuckPattern.NO_INTEGRATION: "People cannot change their work around something that does not reach their systems.",
    StuckPattern.WORKFLOW: "More users do not help while the work around them stays as it was.",
    StuckPattern.ENTHUSIASTS: "Everything else is in place; what is missing is those who did not ask for it.",
}


def proposed_binding(patterns: "list[StuckPattern] | tuple[StuckPattern, ...]") -> StuckPattern | None:
    """The pattern to work on first: a sponsor gap before all others (requirement 45); None where none holds."""
    return next((pattern for pattern in BINDING_ORDER if pattern in patterns), None)
