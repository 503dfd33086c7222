"""Keeping the store of files in order: what the scanner says, what nobody needs, what is missing or altered."""

import logging
import shlex
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from accounts.acting import note
from accounts.models import User
from audit.recording import verb
from gates import filing
from gates.models import Evidence, StoredFile
from gates.states import FileState

logger = logging.getLogger("pilotage.files")

#: Looks at a file; True: clean, False: blocked. Anything that it raises leaves the file waiting.
Scanner = Callable[[Path], bool]
#: How long a scanner may take for one file, and how many files one sweep looks at.
SCAN_SECONDS = 120
SCANNED_AT_ONCE = 50
_LOCK = "hashtext('pilotage.files')"


@dataclass(frozen=True)
class Swept:
    """What a sweep of the store did and found."""

    removed: int
    cut_off: int
    missing: int


def hold_sweep() -> None:
    """Let no sweep remove files until this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_LOCK})")


def sweep_files(*, now: datetime) -> Swept:
    """Remove files that are older than an hour and belong to no row, and count rows whose file is not there."""
    there = set(filing.names_there())
    known = set(StoredFile.objects.values_list("sha256", flat=True))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
        # Asked again behind the lock: a row may have come for one of them.
        known |= set(StoredFile.objects.filter(sha256__in=there - known).values_list("sha256", flat=True))
        orphans = [name for name in there - known if filing.stored_before(name, now - filing.GRACE)]
        removed = filing.drop(orphans)
    missing = [name for name in known - there if not filing.is_there(name)]
    if missing:
        logger.error("files of evidence are missing from the store: %d", len(missing))
    return Swept(removed=removed, cut_off=filing.sweep_arrivals(now=now), missing=len(missing))


def faults() -> Iterator[tuple[StoredFile, str]]:
    """Read every file and work out its hash again; yield each with what is wrong with it, or nothing."""
    for file in StoredFile.objects.order_by("id").iterator():
        try:
            yield file, "" if filing.hash_of(file.sha256) == file.sha256 else "its content was altered"
        except FileNotFoundError:
            yield file, "it is missing from the store"
        except OSError as error:
            yield file, f"it cannot be read ({type(error).__name__})"


def state_on_arrival() -> FileState:
    """What a new file is: clean where no scanner is set up, else waiting for it."""
    return FileState.QUARANTINED if settings.EVIDENCE_SCANNER else FileState.CLEAN


def scan_waiting(*, now: datetime) -> dict[str, int]:
    """Let the scanner look at files that wait for it, the oldest first; return how many it found clean, and so on."""
    counts = {"clean": 0, "blocked": 0, "not_scanned": 0}
    if not settings.EVIDENCE_SCANNER:
        return counts
    scanner = _scanner(settings.EVIDENCE_SCANNER)
    for file in StoredFile.objects.filter(state=FileState.QUARANTINED).order_by("id")[:SCANNED_AT_ONCE]:
        try:
            with filing.on_this_disk(file.sha256) as path:
                is_clean = scanner(path)
        except Exception as error:  # noqa: BLE001  whatever ails a scanner, the file goes on waiting
            logger.warning("file %s could not be scanned: %s", file.pk, type(error).__name__)
            counts["not_scanned"] += 1
        else:
            settle_file(actor=None, file=file, is_clean=is_clean, now=now)
            counts["clean" if is_clean else "blocked"] += 1
    return counts


@verb
def settle_file(*, actor: User | None, file: StoredFile, is_clean: bool, now: datetime) -> StoredFile:
    """Let go of a file, or block it, as the scanner says. What was settled before stays so."""
    file = StoredFile.objects.select_for_update().get(pk=file.pk)
    if file.state != FileState.QUARANTINED:
        return file
    file.state = FileState.CLEAN if is_clean else FileState.BLOCKED
    file.scanned_at = now
    file.save(update_fields=["state", "scanned_at"])
    kind = "gates.file.cleared" if is_clean else "gates.file.blocked"
    for piece in Evidence.objects.filter(file=file).select_related("pilot"):
        note(actor, kind, piece, now=now, scope=piece.pilot.scope, title=piece.title)
    return file


def _scanner(named: str) -> Scanner:
    """The scanner that the setting names: `module:function`, or a command that ends with 0 (clean) or 1 (blocked)."""
    if ":" in named and not named.strip().count(" "):
        found: Scanner = import_string(named.replace(":", "."))
        return found
    return lambda path: _asked(named, path)


def _asked(command: str, path: Path) -> bool:
    words = [word.replace("{path}", str(path)) for word in shlex.split(command)]
    ended = subprocess.run(  # noqa: S603  the command is the installation's own setting
        words, capture_output=True, timeout=SCAN_SECONDS, check=False
    )
    if ended.returncode not in {0, 1}:
        raise RuntimeError("the scanner failed")
    return ended.returncode == 0
