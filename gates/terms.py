"""What a decision says beside its rationale, and which of it each outcome needs. Pure: no clock, no database."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.obstacles import Obstacle
from gates.states import Answer, ScaleCheck
from portfolio.states import Outcome


@dataclass(frozen=True)
class Checked:
    """An answer on the scale checklist, with what it rests on."""

    item: str
    answer: str
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an outcome needs beside its rationale; which of these, `REQUIRED` says."""

    learnings: str = ""
    launch_on: date | None = None
    checklist: tuple[Checked, ...] = ()
    redesign: str = ""
    redesign_of: tuple[str, ...] = ()
    next_criteria: str = ""
    next_starts_on: date | None = None
    next_planned_end: date | None = None
    next_due: date | None = None
    stop_reason: str = ""
    not_yet: str = ""
    look_again_on: date | None = None
    learning_goal: str = ""
    budget_cap: Decimal | None = None
    dissent: str = ""
    override_reason: str = ""

    def of(self, outcome: Outcome) -> "Terms":
        """These terms without blanks around them, and without what belongs to another outcome."""
        said: dict[str, Any] = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in vars(self).items()
            if name in TERMS_OF_ALL or name in TERMS_OF[outcome]
        }
        return Terms(**said)

    def of_round(self) -> dict[str, Any]:
        """What of these terms the round that follows takes over."""
        return {
            "planned_end": self.next_planned_end,
            "decision_due": self.next_due,
            "redesign": self.redesign,
            "learning_goal": self.learning_goal,
            "budget_cap": self.budget_cap,
        }

    def columns(self) -> dict[str, Any]:
        """These terms as a decision's columns hold them."""
        return {**vars(self), "checklist": [vars(one) for one in self.checklist], "redesign_of": [*self.redesign_of]}

    def as_plain(self) -> dict[str, Any]:
        """What was said, as JSON keeps it: days ISO 8601, amounts as text."""
        said = {name: value for name, value in self.columns().items() if value not in ("", None, [])}
        return {name: _plain(value) for name, value in said.items()}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Terms":
        """The terms that `as_plain` wrote down."""
        kinds = {field.name: str(field.type) for field in fields(cls)}
        return cls(**{name: _read(value, kinds[name]) for name, value in plain.items()})


#: Terms that any outcome may come with.
TERMS_OF_ALL = ("learnings", "dissent", "override_reason")
#: Terms that only make sense for one outcome.
TERMS_OF: dict[Outcome, tuple[str, ...]] = {
    Outcome.SCALE: ("launch_on", "checklist"),
    Outcome.REDESIGN: (
        "redesign", "redesign_of", "next_criteria", "next_starts_on", "next_planned_end", "next_due",
    ),
    Outcome.STOP: ("stop_reason", "not_yet", "look_again_on"),
    Outcome.RESEARCH: ("learning_goal", "budget_cap", "next_due"),
}  # fmt: skip
#: Terms that an outcome cannot be recorded without (requirements 56, 57, 58, 60, 61), with what to say of a gap.
REQUIRED: dict[Outcome, dict[str, str]] = {
    Outcome.SCALE: {"launch_on": "Say when it is to be in production."},
    Outcome.REDESIGN: {
        "redesign": "Say what changes: the users, the workflow or the use case.",
        "redesign_of": "Mark which of the three changes.",
        "learnings": "Say what was learned that points there.",
        "next_criteria": "Say what the next round is to be measured by.",
        "next_due": "Say when the next round's decision is due.",
    },
    Outcome.STOP: {
        "stop_reason": "Choose the reason that fits best.",
        "learnings": "Say what was learned, so that it helps the next pilot.",
    },
    Outcome.RESEARCH: {
        "learning_goal": "Say what the research is to find out.",
        "budget_cap": "Say the most that it may cost.",
        "next_due": "Say when it is looked at again.",
    },
}
_DAYS = ("launch_on", "next_planned_end", "next_due", "look_again_on")


def gaps_of(outcome: Outcome, rationale: str, terms: Terms) -> list[Obstacle]:
    """What the outcome cannot be recorded without, and is not said."""
    obstacles = []
    if not rationale.strip():
        obstacles.append(Obstacle("rationale", "Say why, in the words that will be read in two years.", "you"))
    obstacles.extend(
        Obstacle(name, what, "you")
        for name, what in REQUIRED[outcome].items()
        if getattr(terms, name) in ("", None, ())
    )
    return obstacles


def checklist_gaps(terms: Terms) -> list[Obstacle]:
    """Items of the scale checklist that nobody answered, or denied without saying why (requirement 55)."""
    said = {one.item: one for one in terms.checklist}
    obstacles = []
    for item in ScaleCheck:
        one = said.get(item)
        if one is None or one.answer not in Answer:
            obstacles.append(Obstacle(f"check_{item}", f"Answer yes or no: {item.label}.", "you"))
        elif one.answer == Answer.NO and not one.because.strip():
            obstacles.append(Obstacle(f"because_{item}", f"Say why it scales without this: {item.label}.", "you"))
    return obstacles


def out_of_range(terms: Terms, today: date, *, known: Collection[date] = ()) -> list[Obstacle]:
    """Days that are past, but for those `known` before, and amounts below nothing."""
    obstacles = []
    for name in _DAYS:
        day = getattr(terms, name)
        if day is not None and day < today and day not in known:
            obstacles.append(Obstacle(name, "This day is past; choose one to come.", "you"))
    if terms.budget_cap is not None and terms.budget_cap < 0:
        obstacles.append(Obstacle("budget_cap", "An amount below nothing is no cap.", "you"))
    return obstacles


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def _read(value: Any, kind: str) -> Any:
    if "Checked" in kind:
        return tuple(Checked(**one) for one in value)
    if "Decimal" in kind:
        return Decimal(value)
    if "date" in kind:
        return date.fromisoformat(value)
    return tuple(value) if "tuple" in kind else value
