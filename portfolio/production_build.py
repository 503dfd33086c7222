"""Reading the production build of a pilot: its pieces, and which of them nobody has scoped."""

from dataclasses import dataclass
from datetime import date

from portfolio.models import Pilot, Round, ScopeItem
from portfolio.states import STANDARD_PIECES, ScopeKind, ScopeState


@dataclass(frozen=True)
class Piece:
    """A piece of the build; `item` is what was said of it, None where nobody has said a word."""

    kind: ScopeKind
    item: ScopeItem | None

    @property
    def slug(self) -> str:
        """Its name in addresses: `data-pipeline`, or the number of a pilot's own piece."""
        return str(self.item.pk) if self.item and self.kind == ScopeKind.OWN else self.kind.value.replace("_", "-")

    @property
    def title(self) -> str:
        return str(self.item) if self.item else self.kind.label

    @property
    def state(self) -> ScopeState:
        return ScopeState(self.item.state) if self.item else ScopeState.NOT_STARTED

    @property
    def is_scoped(self) -> bool:
        """Somebody has worked out what it takes, or that it is not needed."""
        return self.state != ScopeState.NOT_STARTED

    @property
    def is_open(self) -> bool:
        """Scoped and not done."""
        return self.state in {ScopeState.SCOPED, ScopeState.BUILDING}

    def is_late(self, today: date) -> bool:
        """Past its day and not done."""
        return bool(self.item and self.item.due and self.item.due < today and (self.is_open or not self.is_scoped))


def scope_of(pilot: Pilot) -> list[Piece]:
    """The four standard pieces, said of or not, and the pilot's own in the order of their making. One query."""
    items = list(ScopeItem.objects.filter(pilot=pilot).select_related("owner").order_by("pk"))
    said = {item.kind: item for item in items if item.kind != ScopeKind.OWN}
    own = [Piece(ScopeKind.OWN, item) for item in items if item.kind == ScopeKind.OWN]
    return [Piece(kind, said.get(kind.value)) for kind in STANDARD_PIECES] + own


def piece_of(pilot: Pilot, slug: str) -> Piece | None:
    """The piece of that name in addresses; one that has no row yet is still a piece if it is a standard one."""
    return next((piece for piece in scope_of(pilot) if piece.slug == slug), None)


def unscoped(pieces: list[Piece]) -> list[Piece]:
    """Standard pieces that nobody has scoped."""
    return [piece for piece in pieces if piece.kind != ScopeKind.OWN and not piece.is_scoped]


def half_over(round_: Round | None, today: date) -> bool:
    """Whether half of the window has passed in which a round's work is to be done."""
    if round_ is None or not round_.is_undecided or round_.starts_on is None or round_.planned_end is None:
        return False
    return today - round_.starts_on >= (round_.planned_end - round_.starts_on) / 2
