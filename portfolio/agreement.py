"""Reading the contract of a round: as it was agreed, and as amendments have made it since."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from portfolio.models import Amendment, Contract

_FIELDS = {
    one.name: one for one in Contract._meta.fields if one.name not in {"round", "frozen_on", "gaps_at_start", "version"}
}
#: Names of everything that a contract answers.
ANSWERS = tuple(_FIELDS)


@dataclass(frozen=True)
class AgreedContract:
    """What a round agreed: the row frozen at the start, if there is one, and what holds now."""

    original: Contract | None
    #: Every answer as it holds now, by its name; empty where nothing was ever said.
    now: dict[str, Any]
    #: Those about the contract itself, oldest first.
    amendments: tuple[Amendment, ...] = ()
    #: Each amended answer with its amendments, oldest first.
    amended: dict[str, list[Amendment]] = field(default_factory=dict)

    @property
    def frozen_on(self) -> date | None:
        """Day of the start that froze it; None for drafts, and for rounds that were not started here."""
        return self.original.frozen_on if self.original else None

    @property
    def version(self) -> int:
        """Version of the row; 0 where there is none yet."""
        return self.original.version if self.original else 0

    @property
    def last_amendment(self) -> int:
        """Number of the last amendment, 0 where there is none: what a form of it has seen."""
        return self.amendments[-1].number if self.amendments else 0


def agreed_contracts(round_ids: Collection[int]) -> dict[int, AgreedContract]:
    """The contract of each of the rounds. Two queries, however many rounds."""
    originals = {row.pk: row for row in Contract.objects.filter(pk__in=round_ids)}
    amendments: dict[int, list[Amendment]] = {}
    about = Amendment.objects.filter(round__in=round_ids, criterion=None)
    for amendment in about.select_related("approver", "made_by").order_by("number"):
        amendments.setdefault(amendment.round_id, []).append(amendment)
    return {key: folded_contract(originals.get(key), amendments.get(key, ())) for key in round_ids}


def folded_contract(original: Contract | None, amendments: Collection[Amendment]) -> AgreedContract:
    """Fold amendments, oldest first, into what was agreed."""
    said = original or Contract()
    now = {name: getattr(said, name) for name in ANSWERS}
    amended: dict[str, list[Amendment]] = {}
    for amendment in amendments:
        for name, value in changed(amendment.changes).items():
            now[name] = value
            amended.setdefault(name, []).append(amendment)
    return AgreedContract(original, now, tuple(amendments), amended)


def changed(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The new values of an amendment of the contract, as its fields hold them."""
    return {name: _FIELDS[name].to_python(to["new"]) for name, to in changes.items()}


def plain(value: Any) -> Any:
    """A value as an amendment keeps it: days ISO 8601, figures as text without trailing noughts."""
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    if isinstance(value, date):
        return value.isoformat()
    return value


def is_blank(answer: Any) -> bool:
    """Whether a question has no answer. Nought is one."""
    return answer is None or (isinstance(answer, str | list) and not answer)
