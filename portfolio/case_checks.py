"""What a business case is asked: obstacles that keep it from being submitted, questions that a reader should see."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils import formats

from accounts.obstacles import Obstacle
from accounts.templatetags.screen import money
from portfolio.case_sheet import FEW_TIMES, MANY_TIMES, Sheet
from portfolio.models.business_case import Figures
from portfolio.states import BenefitKind, CostKind

#: Field, what is missing, why it is asked.
_PLANS = (
    ("integration_plan", "How it is connected is not written down.", "plans-integration_plan"),
    ("adoption_plan", "How people will come to use it is not written down.", "plans-adoption_plan"),
    ("accountability", "Who is accountable after the launch is not written down.", "plans-accountability"),
    ("measurement", "How its value will be measured is not written down.", "plans-measurement"),
    ("confidence", "How sure you are of the whole is not said.", "plans-confidence"),
)
_TIMES = {"one_off": "once", "yearly": "every year"}
_WORDS = {"low": "low", "likely": "likely", "high": "high"}


@dataclass(frozen=True)
class Question:
    """Something that a reader of the case should ask. It blocks nothing."""

    code: str
    what: str
    #: What the case says to it already.
    answer: str = ""


def obstacles(sheet: Sheet) -> list[Obstacle]:
    """Everything that keeps a draft from being submitted."""
    return [
        *_missing_plans(sheet),
        *_integrations(sheet),
        *_incomplete(sheet),
        *_benefits(sheet),
        *_assumptions(sheet),
        *_explanation(sheet),
    ]


def questions(sheet: Sheet) -> list[Question]:
    """What a reader should ask: forgotten costs, a build too cheap or too dear for its pilot."""
    return [*_size(sheet), *_silent_costs(sheet), *_unanswered(sheet)]


def ratio(sheet: Sheet) -> str:
    """How the production work compares with the pilot, in words: "2.4 times what the pilot has cost"."""
    return in_times(sheet.times)


def in_times(times: Decimal | None) -> str:
    """A ratio in words, nothing for nothing."""
    return "" if times is None else f"{formats.number_format(times, decimal_pos=1)} times what the pilot has cost"


def out_of_order(line: Figures) -> list[Obstacle]:
    """Figures of a line that are below zero, or of which a low one is above a higher one; by field."""
    found = []
    for when, words in _TIMES.items():
        for name, word in _WORDS.items():
            figure = getattr(line, f"{when}_{name}")
            if figure is not None and figure < 0:
                found.append(
                    Obstacle(f"{when}_{name}", f"{line.label}, {words}: the {word} figure is below zero.", "you")
                )
        for lower, higher in (("low", "likely"), ("likely", "high"), ("low", "high")):
            below, above = getattr(line, f"{when}_{lower}"), getattr(line, f"{when}_{higher}")
            if below is not None and above is not None and below > above:
                what = f"{line.label}, {words}: the {lower} figure is above the {higher} one."
                found.append(Obstacle(f"{when}_{lower}", what, "you"))
    return found


def _at(sheet: Sheet, anchor: str) -> str:
    return f"{reverse('portfolio:business-case-edit', args=[sheet.case.pilot.code])}#{anchor}"


def _missing_plans(sheet: Sheet) -> Iterator[Obstacle]:
    for name, what, anchor in _PLANS:
        if not getattr(sheet.case, name):
            yield Obstacle(name, what, url=_at(sheet, anchor))


def _integrations(sheet: Sheet) -> Iterator[Obstacle]:
    line = sheet.cost(CostKind.INTEGRATIONS)
    if (line.is_empty or line.is_zero) and not line.reason:
        what = "Integrations cost nothing here. Enter what they cost, or say why they cost nothing."
        yield Obstacle("no_integrations", what, url=_at(sheet, f"cost-{line.kind}"))


def _incomplete(sheet: Sheet) -> Iterator[Obstacle]:
    lines = [(line, f"cost-{line.kind}") for line in sheet.costs]
    for line, anchor in [*lines, *((line, f"benefit-{line.place}") for line in sheet.benefits)]:
        for when, words in _TIMES.items():
            given = {word: getattr(line, f"{when}_{name}") for name, word in _WORDS.items()}
            missing = [word for word, figure in given.items() if figure is None]
            if 0 < len(missing) < len(given):
                what = f"{line.label}, {words}: the {' and the '.join(missing)} figure is missing."
                yield Obstacle("incomplete", what, url=_at(sheet, anchor))


def _benefits(sheet: Sheet) -> Iterator[Obstacle]:
    if not any(not line.is_empty for line in sheet.benefits):
        yield Obstacle("no_benefit", "No benefit has figures yet.", url=_at(sheet, "benefits"))
    for line in sheet.benefits:
        anchor = _at(sheet, f"benefit-{line.place}")
        if line.starts_in > sheet.case.horizon_years:
            years = sheet.case.horizon_years
            what = f"{line.name} starts in year {line.starts_in}, after the horizon of {years} years."
            yield Obstacle("starts_late", what, url=anchor)
        if line.kind == BenefitKind.CAPACITY and not line.becomes:
            what = f"{line.name}: say what the saved time becomes. Time that becomes nothing is no benefit."
            yield Obstacle("becomes", what, url=anchor)


def _assumptions(sheet: Sheet) -> Iterator[Obstacle]:
    if not sheet.assumptions:
        what = "No assumption is written down. Every case rests on some."
        yield Obstacle("no_assumption", what, url=_at(sheet, "assumptions"))


def _explanation(sheet: Sheet) -> Iterator[Obstacle]:
    if sheet.times is not None and sheet.times > MANY_TIMES and not sheet.case.build_explanation:
        what = f"Production work is {ratio(sheet)}. Over five times asks for an explanation."
        yield Obstacle("build_explanation", what, url=_at(sheet, "plans-build_explanation"))


def _size(sheet: Sheet) -> Iterator[Question]:
    if sheet.times is None:
        yield Question(
            "pilot_cost", "What the pilot has cost is not known, so nobody can see whether the build is the right size."
        )
        return
    compared = f"{ratio(sheet)} ({money(sheet.range.likely.investment)} against {money(sheet.pilot_cost)})"
    if sheet.times < FEW_TIMES:
        yield Question("few_times", f"Production work is only {compared}. Under three times: what is forgotten?")
    elif sheet.times > MANY_TIMES:
        yield Question(
            "many_times", f"Production work is {compared}. Over five times: why?", sheet.case.build_explanation
        )


def _silent_costs(sheet: Sheet) -> Iterator[Question]:
    empty = [line.label for line in sheet.costs if line.is_empty and not line.reason]
    if empty:
        yield Question("silent", f"Nothing is said about {_listed(empty)}. It counts as nothing: is it?")
    bare = [line.label for line in sheet.costs if line.is_zero and not line.reason]
    if bare:
        yield Question("bare_zero", f"Zero without a reason: {_listed(bare)}. Why does it cost nothing?")


def _unanswered(sheet: Sheet) -> Iterator[Question]:
    silent = sum(answer.holds is None for answer in sheet.answers)
    if silent:
        verb = "is" if silent == 1 else "are"
        yield Question(
            "conditions", f"{silent} of the conditions of a quick launch {verb} not answered, so not counted on."
        )


def _listed(words: list[str]) -> str:
    lowered = [word.lower() for word in words]
    return lowered[0] if len(lowered) == 1 else f"{', '.join(lowered[:-1])} and {lowered[-1]}"
