"""Files of evidence: a private store, in which each file is named by what is in it.

A file is streamed to a folder of arrivals while it is hashed, looked at, brought to the disk, and only then given its
name in the store; its row comes last. What is left behind by a fault is swept after an hour.
"""

import errno
import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from gates.sniffing import UnfitError, sniff
from gates.states import FileType

#: How long a file may wait for its row before it is swept.
GRACE = timedelta(hours=1)
#: Length of names under which files are downloaded.
NAME_LENGTH = 120
_CHUNK = 1 << 16
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*%;\s]+')
#: What browsers are told that a file is: from here, never from who sent it.
CONTENT_TYPES = {
    FileType.PDF: "application/pdf",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileType.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    FileType.PNG: "image/png",
    FileType.JPEG: "image/jpeg",
    FileType.TEXT: "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class KeptFile:
    """A file that is in the store, and what is known of it."""

    sha256: str
    size: int
    type: FileType
    #: The name under which it is downloaded.
    name: str


class PrivateFolder(FileSystemStorage):
    """The store on the machine's own disk: a folder below `DATA_DIR` that no address leads to."""

    def __init__(self) -> None:
        super().__init__(base_url=None, file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @cached_property
    def base_location(self) -> str:
        return str(Path(settings.DATA_DIR) / "evidence" / "files")

    def take(self, arrived: Path, name: str) -> None:
        """Give a file that has arrived on the same disk its name; it is there as a whole, or not at all."""
        place = Path(self.path(name))
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        arrived.replace(place)
        for folder in (place.parent, place.parent.parent):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def keep(upload: "File[bytes]", *, name: str, room: int) -> KeptFile:
    """Take a file into the store; `room` is how many bytes its pilot may still add.

    UnfitError for one that is too large, of a type that is not taken, or where the disk is full.
    """
    check_size(upload.size, room=room)
    arrivals = _arrivals()
    try:
        arrivals.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=arrivals)
        arrived = Path(path)
        try:
            with os.fdopen(handle, "w+b") as stream:
                sha256, size = _copied(upload.chunks(_CHUNK), stream, room)
                kind = sniff(stream, name)
            _put(arrived, name_in_store(sha256))
        finally:
            arrived.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise UnfitError(
                "The server's disk is full, so it could not be kept.",
                "Ask whoever runs the server to make room, then choose the file again.",
            ) from error
        raise
    return KeptFile(sha256=sha256, size=size, type=kind, name=safe_name(name))


def check_size(size: int, *, room: int) -> None:
    """Refuse a file that is larger than files may be, or than its pilot has room for."""
    if size > settings.EVIDENCE_FILE_LIMIT:
        raise UnfitError(
            f"It is {megabytes(size)}; a file may have {megabytes(settings.EVIDENCE_FILE_LIMIT)} at most.",
            "Make it smaller, or add a link to where it lives.",
        )
    if size > room:
        raise UnfitError(
            f"It is {megabytes(size)}; this pilot's library has room for {megabytes(max(room, 0))} more.",
            "Add a link to where it lives.",
        )


def megabytes(size: int) -> str:
    """A size in words: `2.4 MB`."""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1000)) if size else 0} kB"


def safe_name(name: str) -> str:
    """Return the name under which a file may be downloaded: one line, no path, nothing that a system reads its way."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(" " if unicodedata.category(one)[0] in "ZC" else one for one in plain)
    plain = _NOT_IN_NAMES.sub(" ", plain).strip(" .")
    path = PurePosixPath(plain or "evidence")
    # Endings within the name (report.exe.pdf) are no endings any more.
    stem = re.sub(r"\.(?=[^\W\d])", "-", path.stem)[: NAME_LENGTH - len(path.suffix)].strip(" .")
    return f"{stem or 'evidence'}{path.suffix.lower()}"


def store() -> Storage:
    """Where files are kept: a private folder, or what `PILOTAGE_FILES` names."""
    return storages["evidence"]


def name_in_store(sha256: str) -> str:
    """The name of a file in the store."""
    return f"{sha256[:2]}/{sha256}"


def is_there(sha256: str) -> bool:
    """Whether the store has the file."""
    return store().exists(name_in_store(sha256))


def opened(sha256: str) -> IO[bytes]:
    """Open a file of the store; FileNotFoundError where it is not there."""
    return store().open(name_in_store(sha256), "rb")


@contextmanager
def on_this_disk(sha256: str) -> Iterator[Path]:
    """Give a file of the store a path on this machine, for programs that want one."""
    arrivals = _arrivals()
    arrivals.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=arrivals) as copy, opened(sha256) as stream:
        while piece := stream.read(_CHUNK):
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)


def hash_of(sha256: str) -> str:
    """Work out the hash of what the store has under `sha256`."""
    digest = hashlib.sha256()
    with opened(sha256) as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def names_there() -> Iterator[str]:
    """The hashes of all files in the store, by their names."""
    with suppress(FileNotFoundError):
        for folder in store().listdir("")[0]:
            yield from store().listdir(folder)[1]


def stored_before(sha256: str, moment: datetime) -> bool:
    """Whether the store has the file, and had it before `moment`."""
    try:
        return store().get_modified_time(name_in_store(sha256)) < moment
    except FileNotFoundError:
        return False


def drop(sha256s: Iterable[str]) -> int:
    """Remove files from the store that no row speaks of; return how many. Only the sweep calls this."""
    number = 0
    for sha256 in sha256s:
        store().delete(name_in_store(sha256))
        number += 1
    return number


def sweep_arrivals(*, now: datetime) -> int:
    """Remove what never left the folder of arrivals: uploads that were cut off. Return how many."""
    number = 0
    with suppress(FileNotFoundError):
        for path in _arrivals().iterdir():
            with suppress(FileNotFoundError):
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - GRACE:
                    path.unlink()
                    number += 1
    return number


def _arrivals() -> Path:
    return Path(settings.DATA_DIR) / "evidence" / "arrivals"


def _copied(chunks: Iterable[bytes], stream: IO[bytes], room: int) -> tuple[str, int]:
    """Write `chunks` to the disk while they are hashed; return the hash and the size."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        check_size(size, room=room)
        digest.update(chunk)
        stream.write(chunk)
    stream.flush()
    os.fsync(stream.fileno())
    return digest.hexdigest(), size


def _put(arrived: Path, name: str) -> None:
    kept = store()
    if isinstance(kept, PrivateFolder):
        kept.take(arrived, name)
    elif not kept.exists(name):
        with arrived.open("rb") as stream:
            kept.save(name, File(stream))
