"""As whom the servers run: PostgreSQL refuses to run as root, so root hands down to somebody else."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from config.embedded.errors import EmbeddedError

CANDIDATES = ("pilotage", "postgres", "nobody")


class Switch(TypedDict, total=False):
    """The arguments of `subprocess.Popen` that change the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Identity:
    """The user that the servers run as."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether this is somebody else than the one who runs the product."""
        return self.uid != os.geteuid()

    def switch(self) -> Switch:
        """What `subprocess` needs in order to run a program as this user."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def choose(data: Path) -> Identity:
    """The user for the data in a folder: its owner where it is there already, else the first candidate.

    Only root can become somebody else; everybody else runs the servers as themselves.
    """
    if os.geteuid() != 0:
        return Identity(str(os.geteuid()), os.geteuid(), os.getegid())
    if data.exists() and (status := data.stat()).st_uid != 0:
        return Identity(_name_of(status.st_uid), status.st_uid, status.st_gid)
    wanted = os.environ.get("PILOTAGE_USER")
    for name in (wanted,) if wanted else CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Identity(name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL does not run as root, and there is no other user to run it as: add one named pilotage, "
        "name one in PILOTAGE_USER, or set DATABASE_URL to a server of your own."
    )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
