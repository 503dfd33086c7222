"""Uploaded tables between the preview and the import: private files with names that cannot be guessed.

Each has a folder of its own below `DATA_DIR/imports`, readable by the server only. It belongs to the person who
uploaded it, and is swept after a day. Nothing of it is ever served again but the report.
"""

import json
import re
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import User

#: How long an upload is kept.
KEPT_FOR = timedelta(days=1)
_TOKEN = re.compile(r"[0-9a-f]{48}")
_REGISTER, _ABOUT, _REPORT, _ACCOUNT = "register", "about.json", "report.csv", "account.json"


@dataclass(frozen=True)
class Upload:
    """An uploaded table: whose it is, what it is for, how it is to be read, and when it came."""

    token: str
    owner: int
    name: str
    mapping: str
    committee: str
    received_at: str
    #: "register", or what else it is to be read as; one is never taken for the other.
    purpose: str = "register"

    @property
    def _folder(self) -> Path:
        return _root() / self.token

    def content(self) -> bytes | None:
        """The uploaded bytes, or None where they were imported and are gone."""
        try:
            return (self._folder / _REGISTER).read_bytes()
        except FileNotFoundError:
            return None

    def report(self) -> str:
        """The table of rows that need somebody."""
        try:
            return (self._folder / _REPORT).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    def account(self) -> dict[str, Any] | None:
        """The account of the import, once there was one."""
        try:
            account: dict[str, Any] = json.loads((self._folder / _ACCOUNT).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return account

    def finish(self, *, account: dict[str, Any]) -> None:
        """Keep the account of the first import, and let go of the register."""
        if self.account() is None:
            (self._folder / _ACCOUNT).write_text(json.dumps(account), encoding="utf-8")
        (self._folder / _REGISTER).unlink(missing_ok=True)

    def keep_report(self, report: str) -> None:
        """Keep the table of rows that need somebody."""
        (self._folder / _REPORT).write_text(report, encoding="utf-8")


def keep_upload(
    content: bytes,
    *,
    owner: User,
    name: str,
    mapping: str,
    committee: str = "",
    purpose: str = "register",
    now: datetime,
) -> Upload:
    """Keep an upload for its owner, under a name that cannot be guessed; `mapping` says how it is to be read."""
    upload = Upload(
        token=secrets.token_hex(24),
        owner=owner.pk,
        name=name[:120],
        mapping=mapping,
        committee=committee,
        received_at=now.isoformat(),
        purpose=purpose,
    )
    _root().mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = _root() / upload.token
    folder.mkdir(mode=0o700)
    (folder / _REGISTER).write_bytes(content)
    (folder / _ABOUT).write_text(json.dumps(asdict(upload)), encoding="utf-8")
    return upload


def find_upload(token: str, *, owner: User, purpose: str = "register") -> Upload | None:
    """The upload of that name, if it is there, `owner`'s, and for that purpose."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        upload = Upload(**json.loads((_root() / token / _ABOUT).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    return upload if (upload.owner, upload.purpose) == (owner.pk, purpose) else None


def forget_upload(upload: Upload) -> None:
    """Remove an upload and all that belongs to it."""
    shutil.rmtree(_root() / upload.token, ignore_errors=True)


def sweep_uploads(*, now: datetime) -> int:
    """Remove uploads older than a day, finished or not; return how many."""
    folders = list(_root().iterdir()) if _root().is_dir() else []
    old = [folder for folder in folders if folder.stat().st_mtime < (now - KEPT_FOR).timestamp()]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _root() -> Path:
    return Path(settings.DATA_DIR) / "imports"
