"""Evidence: adding pieces, letting them support criteria, superseding and withdrawing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from accounts.acting import note as told
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from accounts.ringing import ring
from audit.recording import verb
from gates.evidence_library import current_uses, room_in
from gates.file_keeping import hold_sweep, state_on_arrival
from gates.filing import KeptFile, is_there
from gates.models import Criterion, Evidence, EvidenceUse, GateReview, StoredFile, Withdrawal
from gates.queries import gate_set_of
from gates.states import CONCLUSIONS, EvidenceKind, FileState, UseChange
from portfolio.locking import locked_pilot, open_round
from portfolio.models import Measurement, Pilot, Round
from portfolio.states import OPEN_ROUND_STATES


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a piece of evidence holds, as somebody hands it in."""

    kind: EvidenceKind
    title: str
    #: What it shows; of a note, the note itself.
    note: str = ""
    url: str = ""
    file: KeptFile | None = None
    measurement: Measurement | None = None
    #: The last day on which it counts.
    valid_until: date | None = None


#: The job that lets the scanner look at new files.
SCAN_JOB = "files.scan"

_valid_url = URLValidator(schemes=["https", "http"])


@verb
def add_evidence(
    *,
    actor: User | None,
    pilot: Pilot,
    content: Content,
    criteria: Sequence[Criterion] = (),
    today: date,
    now: datetime,
) -> Evidence:
    """Add a piece to the pilot's library and let it support `criteria` in its open round.

    Refuses a piece without a title or without what its kind holds, one that has expired, and a blocked file.
    """
    pilot = locked_pilot(pilot)
    refuse_any(_content_obstacles(content, today) + _source_obstacles(content, pilot))
    piece = _add(actor, pilot, content, now)
    told(actor, "gates.evidence.added", piece, now=now, scope=pilot.scope, title=piece.title, **_traced(piece))
    if criteria:
        round_ = open_round(pilot)
        refuse_any(_criteria_obstacles(criteria, round_))
        for criterion in criteria:
            _begin(actor, piece, criterion, round_, now)
    return piece


@verb
def supersede_evidence(*, actor: User | None, old: Evidence, content: Content, today: date, now: datetime) -> Evidence:
    """Put a new piece in the place of an old one: in the open round it supports what the old one supported.

    Refuses what `add_evidence` refuses, and where the old one was superseded or withdrawn already.
    """
    pilot = locked_pilot(old.pilot)
    refuse_any(_standing_obstacles(old) + _content_obstacles(content, today) + _source_obstacles(content, pilot))
    piece = _add(actor, pilot, content, now, supersedes=old)
    told(
        actor,
        "gates.evidence.superseded",
        piece,
        now=now,
        scope=pilot.scope,
        title=old.title,
        by=piece.title,
        **_traced(piece),
    )
    for use in current_uses(EvidenceUse.objects.filter(evidence=old, round__state__in=OPEN_ROUND_STATES)):
        _end(actor, use, now)
        _begin(actor, piece, use.criterion, use.round, now)
    return piece


@verb
def use_evidence(*, actor: User | None, evidence: Evidence, criterion: Criterion, now: datetime) -> EvidenceUse:
    """Let a piece support a criterion in the pilot's open round. Saying it again adds nothing.

    Refuses a piece that was superseded or withdrawn, and a criterion of another gate set than the round's.
    """
    pilot = locked_pilot(evidence.pilot)
    round_ = open_round(pilot)
    refuse_any(_standing_obstacles(evidence) + _criteria_obstacles([criterion], round_))
    return _begin(actor, evidence, criterion, round_, now)


@verb
def stop_using(*, actor: User | None, evidence: Evidence, criterion: Criterion, now: datetime) -> EvidenceUse | None:
    """Let a piece no longer support a criterion in the open round; None where it did not.

    Refuses where the gate is concluded: what its reviewers relied on stays beside their conclusion.
    """
    round_ = open_round(locked_pilot(evidence.pilot))
    refuse_any(_conclusion_obstacles([criterion], round_))
    use = _current(evidence, criterion, round_)
    return _end(actor, use, now) if use else None


@verb
def change_uses(
    *, actor: User | None, evidence: Evidence, begin: Sequence[Criterion], end: Sequence[Criterion], now: datetime
) -> None:
    """Let a piece support some criteria more and others no longer, all of it or nothing.

    Refuses what `use_evidence` and `stop_using` refuse.
    """
    round_ = open_round(locked_pilot(evidence.pilot))
    obstacles = _standing_obstacles(evidence) if begin else []
    refuse_any(obstacles + _criteria_obstacles(begin, round_) + _conclusion_obstacles(end, round_))
    for criterion in begin:
        _begin(actor, evidence, criterion, round_, now)
    for use in current_uses(EvidenceUse.objects.filter(evidence=evidence, round=round_, criterion__in=end)):
        _end(actor, use, now)


@verb
def withdraw_evidence(*, actor: User | None, evidence: Evidence, reason: str, now: datetime) -> Withdrawal:
    """Say that a piece no longer stands, and why. It stays readable, and where it was used it is shown as withdrawn.

    Refuses without a reason, and where it was superseded or withdrawn already.
    """
    pilot = locked_pilot(evidence.pilot)
    obstacles = _standing_obstacles(evidence)
    if not reason.strip():
        obstacles.append(Obstacle("reason", "Say why it no longer stands.", "you, in the reason"))
    refuse_any(obstacles)
    withdrawal = Withdrawal.objects.create(evidence=evidence, reason=reason.strip(), by=actor, at=now)
    told(
        actor,
        "gates.evidence.withdrawn",
        evidence,
        now=now,
        scope=pilot.scope,
        title=evidence.title,
        reason=withdrawal.reason,
    )
    return withdrawal


def _add(
    actor: User | None, pilot: Pilot, content: Content, now: datetime, supersedes: Evidence | None = None
) -> Evidence:
    return Evidence.objects.create(
        pilot=pilot,
        kind=content.kind,
        title=content.title.strip(),
        note=content.note.strip(),
        url=content.url.strip(),
        file=_stored(content.file, now) if content.file else None,
        file_name=content.file.name if content.file else "",
        measurement=content.measurement,
        valid_until=content.valid_until,
        supersedes=supersedes,
        added_by=actor,
        at=now,
    )


def _stored(kept: KeptFile, now: datetime) -> StoredFile:
    stored, is_new = StoredFile.objects.get_or_create(
        sha256=kept.sha256,
        defaults={"size": kept.size, "type": kept.type, "state": state_on_arrival(), "stored_at": now},
    )
    if is_new and stored.state == FileState.QUARANTINED:
        ring(SCAN_JOB)
    return stored


def _begin(actor: User | None, evidence: Evidence, criterion: Criterion, round_: Round, now: datetime) -> EvidenceUse:
    known = _current(evidence, criterion, round_)
    if known:
        return known
    use = EvidenceUse(evidence=evidence, criterion=criterion, round=round_, change=UseChange.BEGUN, by=actor, at=now)
    return _kept(use, actor, "gates.evidence.attached")


def _end(actor: User | None, use: EvidenceUse, now: datetime) -> EvidenceUse:
    end = EvidenceUse(
        evidence=use.evidence, criterion=use.criterion, round=use.round, change=UseChange.ENDED, by=actor, at=now
    )
    return _kept(end, actor, "gates.evidence.detached")


def _kept(use: EvidenceUse, actor: User | None, kind: str) -> EvidenceUse:
    use.save()
    label = f"{use.criterion.gate.number}.{use.criterion.number}"
    scope = use.evidence.pilot.scope
    told(actor, kind, use, now=use.at, scope=scope, title=use.evidence.title, criterion=label)
    return use


def _current(evidence: Evidence, criterion: Criterion, round_: Round) -> EvidenceUse | None:
    uses = current_uses(EvidenceUse.objects.filter(evidence=evidence, criterion=criterion, round=round_))
    return uses.select_related(None).first()  # the joins of a page would take longer to plan than to read


def _traced(piece: Evidence) -> dict[str, str]:
    """What the trail keeps of a piece, so that it can be told from another one later."""
    return {"piece": piece.get_kind_display().lower(), "sha256": piece.file.sha256 if piece.file else ""}


def _criteria_obstacles(criteria: Sequence[Criterion], round_: Round) -> list[Obstacle]:
    asked = gate_set_of(round_)
    return [
        Obstacle("criterion", f"The round does not ask for this criterion: {one.statement}", "you, by choosing others")
        for one in criteria
        if one.gate.gate_set != asked
    ]


def _conclusion_obstacles(criteria: Sequence[Criterion], round_: Round) -> list[Obstacle]:
    gates = {criterion.gate_id for criterion in criteria}
    concluded = GateReview.objects.filter(round=round_, gate__in=gates, state__in=CONCLUSIONS).select_related("gate")
    return [
        Obstacle(
            "concluded",
            f"{review.gate} is concluded; what its reviewers relied on stays with it.",
            "the lead reviewer, who can reopen the gate",
        )
        for review in concluded
    ]


def _standing_obstacles(evidence: Evidence) -> list[Obstacle]:
    if Withdrawal.objects.filter(evidence=evidence).exists():
        return [Obstacle("withdrawn", f"“{evidence.title}” was withdrawn.", "you, by adding another piece")]
    newer = Evidence.objects.filter(supersedes=evidence).select_related("pilot").first()
    if newer:
        what = f"“{evidence.title}” was superseded by “{newer.title}”."
        return [Obstacle("superseded", what, "you, by using the newer piece", newer.get_absolute_url())]
    return []


def _content_obstacles(content: Content, today: date) -> list[Obstacle]:
    obstacles = []
    if not content.title.strip():
        obstacles.append(Obstacle("title", "Say in a few words what it is.", "you, in the title"))
    if content.kind == EvidenceKind.FILE and content.file is None:
        obstacles.append(Obstacle("file", "Choose a file.", "you"))
    if content.kind == EvidenceKind.MEASUREMENT and content.measurement is None:
        obstacles.append(Obstacle("measurement", "Choose a measurement.", "you"))
    if content.kind == EvidenceKind.LINK and not _is_link(content.url.strip()):
        what = "Give the whole address, beginning with https://."
        obstacles.append(Obstacle("url", what, "you, in the address"))
    if content.kind == EvidenceKind.NOTE and not content.note.strip():
        obstacles.append(Obstacle("note", "Write the note.", "you, in the note"))
    if content.valid_until and content.valid_until < today:
        what = "That day is over; evidence that no longer counts supports nothing."
        obstacles.append(Obstacle("valid_until", what, "you, with a later day or none"))
    return obstacles


def _source_obstacles(content: Content, pilot: Pilot) -> list[Obstacle]:
    """What keeps a file, or a measurement, from becoming evidence of `pilot`; no sweep takes the file meanwhile."""
    if content.measurement and content.measurement.criterion.round.pilot_id != pilot.pk:
        return [Obstacle("measurement", "This measurement is of another pilot.", "you")]
    kept = content.file
    if kept is None:
        return []
    hold_sweep()
    if not is_there(kept.sha256):
        return [Obstacle("file", f"{kept.name} did not reach the store.", "you, by choosing it again")]
    known = StoredFile.objects.filter(sha256=kept.sha256).first()
    if known and known.state == FileState.BLOCKED:
        return [
            Obstacle("file", f"{kept.name} is blocked: the scanner found something in it.", "you, with another file")
        ]
    if kept.size > room_in(pilot, besides=kept.sha256):
        return [Obstacle("file", f"{kept.name} is larger than the room left in this library.", "you, with a link")]
    return []


def _is_link(url: str) -> bool:
    try:
        _valid_url(url)
    except ValidationError:
        return False
    return True
