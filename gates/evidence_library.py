"""Reading evidence: what supports a criterion, whether it still counts, and what has lapsed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, DateField, ExpressionWrapper, F, OrderBy, Q, QuerySet, When
from django.db.models.functions import Least, TruncDate
from django.utils import timezone

from accounts.models import User
from gates.models import Criterion, Decision, Evidence, EvidenceUse, StoredFile
from gates.queries import gate_set_of
from gates.states import COUNTING_EVIDENCE, EXPIRES_SOON_DAYS, EvidenceState, FileState, UseChange
from portfolio.models import Measurement, Pilot, Round
from portfolio.states import OPEN_ROUND_STATES


@dataclass(frozen=True)
class EvidenceView:
    """A piece of evidence as it supports one criterion on a day."""

    evidence: Evidence
    state: EvidenceState
    #: The last day on which it counts for this criterion; None where it does not age.
    counts_until: date | None
    attached_by: User | None
    attached_at: datetime

    @property
    def counts(self) -> bool:
        """Whether a reviewer can rely on it today."""
        return self.state in COUNTING_EVIDENCE and is_readable(self.evidence)


def evidence_for(
    criteria: Collection[Criterion], round_: Round | None, *, today: date
) -> dict[int, list[EvidenceView]]:
    """What supports each of `criteria` in a round, by criterion id, oldest first. One query.

    Pieces that expired, were superseded or withdrawn stay in the list, and say so by their state.
    """
    found: dict[int, list[EvidenceView]] = {criterion.pk: [] for criterion in criteria}
    if round_ is None or not criteria:
        return found
    uses = current_uses(EvidenceUse.objects.filter(round=round_, criterion__in=criteria))
    for use in uses.order_by("evidence_id"):
        until = counts_until(use.evidence, use.criterion)
        found[use.criterion_id].append(
            EvidenceView(use.evidence, state_of(use.evidence, until, today), until, use.by, use.at)
        )
    return found


def pieces_of(pilot: Pilot) -> QuerySet[Evidence]:
    """Every piece in a pilot's library, with what its state is read from, newest first."""
    return (
        Evidence.objects.filter(pilot=pilot)
        .select_related(
            "pilot", "file", "measurement__criterion", "added_by", "withdrawal__by", "superseded_by", "supersedes"
        )
        .order_by("-id")
    )


def current_uses(uses: QuerySet[EvidenceUse]) -> QuerySet[EvidenceUse]:
    """Of `uses`, those that stand: the last row of each piece, criterion and round, where it is not an end."""
    keys = ("round_id", "evidence_id", "criterion_id")
    newest = uses.order_by(*keys, "-id").distinct(*keys).values("pk")
    return EvidenceUse.objects.filter(pk__in=newest, change=UseChange.BEGUN).select_related(
        "by",
        "criterion__gate",
        "evidence__pilot",
        "evidence__file",
        "evidence__added_by",
        "evidence__withdrawal",
        "evidence__superseded_by",
    )


def counts_until(evidence: Evidence, criterion: Criterion | None) -> date | None:
    """The last day on which a piece counts: its own, or the one up to which its criterion lets evidence grow old."""
    days = criterion.evidence_valid_days if criterion else 0
    if not days:
        return evidence.valid_until
    aged = timezone.localdate(evidence.at, timezone=ZoneInfo(settings.TIME_ZONE)) + timedelta(days=days)
    return min(aged, evidence.valid_until) if evidence.valid_until else aged


def state_of(evidence: Evidence, until: date | None, today: date) -> EvidenceState:
    """Whether a piece that counts `until` a day still does `today`."""
    if hasattr(evidence, "withdrawal"):
        return EvidenceState.WITHDRAWN
    if hasattr(evidence, "superseded_by"):
        return EvidenceState.SUPERSEDED
    if until is None:
        return EvidenceState.CURRENT
    if until < today:
        return EvidenceState.EXPIRED
    return EvidenceState.EXPIRING if until - today <= timedelta(days=EXPIRES_SOON_DAYS) else EvidenceState.CURRENT


def is_readable(evidence: Evidence) -> bool:
    """Whether what it holds can be opened: a file that is quarantined or blocked cannot."""
    return evidence.file is None or evidence.file.state == FileState.CLEAN


@dataclass(frozen=True)
class Shelved:
    """A piece in the library, with what relies on it."""

    evidence: Evidence
    state: EvidenceState
    #: The criteria that it supports now, or supported when their round ended.
    uses: list[EvidenceUse]
    #: The decisions of rounds in which it did so when they were decided, newest first.
    decisions: list[Decision]


def shelved(pieces: Sequence[Evidence], today: date) -> list[Shelved]:
    """`pieces` with what they support and which decisions relied on them. Two queries."""
    uses: dict[int, list[EvidenceUse]] = {}
    standing = current_uses(EvidenceUse.objects.filter(evidence__in=pieces)).select_related("criterion__gate", "round")
    for use in standing.order_by("round__number", "criterion__gate__number", "criterion__number"):
        uses.setdefault(use.evidence_id, []).append(use)
    rounds = {use.round_id for found in uses.values() for use in found}
    decided: dict[int, list[Decision]] = {}
    for decision in Decision.objects.filter(round__in=rounds, superseded_by=None).order_by("-number"):
        decided.setdefault(decision.round_id, []).append(decision)
    return [
        Shelved(
            evidence=piece,
            state=state_of(piece, piece.valid_until, today),
            uses=uses.get(piece.pk, []),
            decisions=_relying(uses.get(piece.pk, []), decided),
        )
        for piece in pieces
    ]


def _relying(uses: list[EvidenceUse], decided: dict[int, list[Decision]]) -> list[Decision]:
    found = {
        decision.pk: decision
        for use in uses
        for decision in decided.get(use.round_id, [])
        if use.at <= decision.recorded_at
    }
    return sorted(found.values(), key=lambda decision: decision.number, reverse=True)


def narrowed(
    pieces: QuerySet[Evidence], today: date, *, search: str = "", kind: str = "", state: str = "", criterion: str = ""
) -> QuerySet[Evidence]:
    """Those of `pieces` that fit; an empty value does not narrow. Search looks into title, note, address, file name."""
    wanted = Q()
    if search:
        wanted &= (
            Q(title__icontains=search)
            | Q(note__icontains=search)
            | Q(url__icontains=search)
            | Q(file_name__icontains=search)
        )
    if kind:
        wanted &= Q(kind=kind)
    if state:
        wanted &= _in_state(EvidenceState(state), today)
    if criterion:
        supporting = current_uses(EvidenceUse.objects.filter(criterion__slug=criterion, evidence__in=pieces))
        wanted &= Q(pk__in=supporting.values("evidence"))
    return pieces.filter(wanted)


def _in_state(state: EvidenceState, today: date) -> Q:
    withdrawn, superseded = Q(withdrawal__isnull=False), Q(superseded_by__isnull=False)
    if state == EvidenceState.WITHDRAWN:
        return withdrawn
    if state == EvidenceState.SUPERSEDED:
        return superseded & ~withdrawn
    soon = today + timedelta(days=EXPIRES_SOON_DAYS)
    between = {
        EvidenceState.EXPIRED: Q(valid_until__lt=today),
        EvidenceState.EXPIRING: Q(valid_until__gte=today, valid_until__lte=soon),
        EvidenceState.CURRENT: Q(valid_until=None) | Q(valid_until__gt=soon),
    }
    return between[state] & ~withdrawn & ~superseded


#: How the library can be sorted.
SORTS: dict[str, tuple[OrderBy | str, ...]] = {
    "-added": ("-id",),
    "added": ("id",),
    "title": ("title", "-id"),
    "-title": ("-title", "-id"),
    "until": (F("valid_until").asc(nulls_last=True), "-id"),
    "-until": (F("valid_until").desc(nulls_last=True), "-id"),
}
NEWEST_FIRST = "-added"


def criteria_supported(pilot: Pilot) -> list[Criterion]:
    """The criteria that a pilot's evidence supports, in the order of the gates."""
    used = current_uses(EvidenceUse.objects.filter(evidence__pilot=pilot)).values("criterion")
    return list(Criterion.objects.filter(pk__in=used).select_related("gate").order_by("gate__number", "number"))


def room_in(pilot: Pilot, *, besides: str = "") -> int:
    """How many bytes of files a pilot's library has room for. A file counts once, however many pieces hold it.

    The one whose hash is `besides` does not count.
    """
    files = StoredFile.objects.filter(evidence__pilot=pilot).exclude(sha256=besides).distinct().values("id", "size")
    used: int = sum(file["size"] for file in files)
    return int(settings.EVIDENCE_QUOTA) - used


def criteria_asked(round_: Round | None) -> list[Criterion]:
    """Every criterion of a round's gate set, in the order of the gates."""
    gate_set = gate_set_of(round_)
    return list(
        Criterion.objects.filter(gate__gate_set=gate_set).select_related("gate").order_by("gate__number", "number")
    )


def measurements_of(pilot: Pilot) -> QuerySet[Measurement]:
    """The measurements of a pilot that can be evidence, newest first."""
    return (
        Measurement.objects.standing()
        .filter(criterion__round__pilot=pilot)
        .select_related("criterion__round")
        .order_by("-on", "-id")
    )


def lapsed(today: date) -> QuerySet[EvidenceUse]:
    """What supports a criterion of an open round and no longer counts: it expired, or was withdrawn. One query.

    Each use tells the last day on which its piece counted (`until`), or None where the piece did not age.
    """
    uses = current_uses(EvidenceUse.objects.filter(round__state__in=OPEN_ROUND_STATES)).annotate(until=_UNTIL)
    gone = Q(until__lt=today, evidence__superseded_by=None) | Q(evidence__withdrawal__isnull=False)
    return uses.filter(gone).order_by("round_id", "criterion_id", "evidence_id")


_ADDED = TruncDate("evidence__at", tzinfo=ZoneInfo(settings.TIME_ZONE))
_AGED = Case(
    When(
        criterion__evidence_valid_days__gt=0,
        then=ExpressionWrapper(_ADDED + F("criterion__evidence_valid_days"), output_field=DateField()),
    ),
    output_field=DateField(),
)
#: The same as `counts_until`, in the database. LEAST of PostgreSQL passes over what is not known.
_UNTIL = Least(F("evidence__valid_until"), _AGED)


def attachable(pilot: Pilot, criterion: Criterion, round_: Round | None, *, search: str = "") -> QuerySet[Evidence]:
    """Pieces of the library that stand and do not support `criterion` in a round yet, newest first."""
    supporting = current_uses(EvidenceUse.objects.filter(criterion=criterion, round=round_))
    standing = pieces_of(pilot).filter(withdrawal=None, superseded_by=None)
    pieces = standing.exclude(pk__in=supporting.values("evidence"))
    return pieces.filter(Q(title__icontains=search) | Q(note__icontains=search)) if search else pieces
