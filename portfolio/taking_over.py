"""What an earlier round agreed that a redesign's draft could take over. Nothing is copied unasked."""

from portfolio.agreement import agreed_contracts, is_blank
from portfolio.criteria import agreed_criteria
from portfolio.gap_kinds import CRITERIA
from portfolio.models import Round
from portfolio.questions import BY_SLUG


def earlier_with(rounds: list[Round], current: Round, step: str) -> Round | None:
    """The latest earlier round that says something which `current` does not say yet in `step`."""
    keys = [one.pk for one in rounds if one.number <= current.number]
    if len(keys) < 2 or (step != CRITERIA and step not in BY_SLUG):
        return None
    if step == CRITERIA:
        criteria = agreed_criteria(keys)
        said = {key: any(not one.withdrawn for one in criteria[key]) for key in keys}
        wanted = not criteria[current.pk]
    else:
        names = [question.name for question in BY_SLUG[step].questions]
        agreed = agreed_contracts(keys)
        blank = [name for name in names if is_blank(agreed[current.pk].now[name])]
        said = {key: any(not is_blank(agreed[key].now[name]) for name in blank) for key in keys}
        wanted = bool(blank)
    earlier = [one for one in rounds if one.number < current.number and said.get(one.pk)]
    return max(earlier, key=lambda one: one.number) if wanted and earlier else None
