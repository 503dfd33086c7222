"""The contract of a round as a page shows it: by step, what was agreed beside what holds now, and what is missing."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.templatetags.screen import money
from portfolio.agreement import AgreedContract, agreed_contracts
from portfolio.criteria import AgreedCriterion, agreed_criteria
from portfolio.gap_kinds import CRITERIA, WINDOW
from portfolio.gaps import Gap, open_gaps, step_url
from portfolio.models import Amendment, Contract, Pilot, Round
from portfolio.questions import ASPECTS, CONDITIONS, STEP_OF, STEPS, Step
from portfolio.states import Commitment, DataUsed, Involvement, RoundState

_WORDS: dict[str, dict[str, str]] = {
    "commitment": dict(Commitment.choices),
    "data_used": dict(DataUsed.choices),
    "users_involved_in": dict(Involvement.choices),
}


@dataclass(frozen=True)
class Answer:
    """An answer with its question; `was` is the original where amendments changed it."""

    label: str
    now: str
    was: str = ""
    amendments: tuple[Amendment, ...] = ()


@dataclass(frozen=True)
class Compared:
    """One condition: in the pilot, in production."""

    title: str
    pilot: Answer
    production: Answer


@dataclass(frozen=True)
class Section:
    """A step with its answers."""

    step: Step
    url: str
    answers: list[Answer]
    gaps: list[Gap]

    @property
    def answered(self) -> int:
        return sum(1 for answer in self.answers if answer.now)

    @property
    def compared(self) -> list[Compared]:
        """The conditions two by two; nothing for other steps."""
        if self.step is not CONDITIONS:
            return []
        pairs = zip(self.answers[::2], self.answers[1::2], strict=True)
        return [Compared(aspect.title, *pair) for aspect, pair in zip(ASPECTS, pairs, strict=True)]


@dataclass(frozen=True)
class ContractSheet:
    """Everything that was agreed for one round."""

    pilot: Pilot
    round: Round
    agreed: AgreedContract
    sections: list[Section]
    criteria: list[AgreedCriterion]
    #: Of the open round only.
    gaps: list[tuple[Gap, str]]

    @property
    def is_draft(self) -> bool:
        return self.round.state == RoundState.DRAFT

    @property
    def may_be_amended(self) -> bool:
        return self.round.is_undecided

    @property
    def criteria_gaps(self) -> list[Gap]:
        return [gap for gap, _ in self.gaps if gap.step == CRITERIA]

    @property
    def window_gaps(self) -> list[Gap]:
        return [gap for gap, _ in self.gaps if gap.step == WINDOW]

    @property
    def people_gaps(self) -> list[Gap]:
        return [gap for gap, _ in self.gaps if gap.kind.part]

    @property
    def amendments(self) -> list[tuple[Amendment, str]]:
        """Every amendment of the round with what it is about, oldest first."""
        told = [(one, _about(one)) for one in self.agreed.amendments]
        told += [(one, criterion.now.metric) for criterion in self.criteria for one in criterion.amendments]
        return sorted(told, key=lambda one: one[0].number)


def contract_sheet(pilot: Pilot, round_: Round) -> ContractSheet:
    """Read what was agreed for `round_`: five queries, whatever it holds."""
    agreed = agreed_contracts([round_.pk])[round_.pk]
    is_open = round_.state == RoundState.DRAFT or round_.is_undecided
    gaps = open_gaps(pilot.pk) if is_open else []
    started = round_.state != RoundState.DRAFT
    sections = [
        Section(
            step,
            step_url(pilot.code, step.slug, started=started),
            [_answer(question.name, question.label, agreed) for question in step.questions],
            [gap for gap in gaps if gap.step == step.slug],
        )
        for step in STEPS
    ]
    linked = [(gap, gap.url(pilot.code, started=started)) for gap in gaps]
    return ContractSheet(pilot, round_, agreed, sections, agreed_criteria([round_.pk])[round_.pk], linked)


def _about(amendment: Amendment) -> str:
    """The parts of the contract that an amendment changes."""
    return ", ".join(dict.fromkeys(STEP_OF[name].title for name in sorted(amendment.changes)))


def in_words(name: str, value: Any) -> str:
    """An answer as a person reads it."""
    words = _WORDS.get(name, {})
    if isinstance(value, list):
        return ", ".join(words.get(str(one), str(one)) for one in value)
    if isinstance(value, Decimal):
        return money(value)
    return "" if value is None else words.get(value, str(value))


def _answer(name: str, label: str, agreed: AgreedContract) -> Answer:
    original = agreed.original or Contract()
    amendments = tuple(agreed.amended.get(name, ()))
    was = in_words(name, getattr(original, name)) if amendments else ""
    return Answer(label, in_words(name, agreed.now[name]), was, amendments)
