"""Where the data, the sockets and the locks of a server lie."""

import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from config.embedded.errors import EmbeddedError
from config.embedded.identity import Identity

CHECKOUT = Path(__file__).resolve().parents[2]
OWN_ROOT = Path("/var/lib/pilotage")
LONGEST_SOCKET_FOLDER = 85


def data_folder() -> Path:
    """The folder for everything that this installation keeps: `PILOTAGE_DATA`, else `var` in the checkout."""
    setting = os.environ.get("PILOTAGE_DATA")
    return Path(setting).expanduser().resolve() if setting else CHECKOUT / "var"


@dataclass(frozen=True)
class Place:
    """The folders of one server: `control` for the locks and the log, `home` for what the server writes."""

    control: Path
    home: Path
    identity: Identity

    @property
    def data(self) -> Path:
        """The server's own data."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.control / "server.log"


def control_folder(folder: Path, kind: str) -> Path:
    """Make the folder of one server's locks below a data folder.

    Root lets others pass through (the server runs as somebody else), everybody else lets nobody in. Folders
    that are there already keep their permissions.
    """
    control = folder / "embedded" / kind
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        for each in reversed([control, *control.parents]):
            if not each.exists():
                each.mkdir(exist_ok=True)
                each.chmod(mode if each.is_relative_to(folder / "embedded") else 0o755)
    except OSError as error:
        raise EmbeddedError(
            f"The data folder {folder} cannot be used ({error.strerror}): name another one in PILOTAGE_DATA."
        ) from error
    return control


def home_folder(control: Path, identity: Identity) -> Path:
    """Where the server's user can write: beside the locks, else in a folder of our own below /var/lib.

    The second is for root in a checkout that others cannot reach; permissions on the way are left alone.
    """
    if not identity.is_other or reaches(identity, control):
        return control
    home = OWN_ROOT / _name_for(control.parent.parent) / control.name
    try:
        home.mkdir(parents=True, exist_ok=True)
        for each in (OWN_ROOT, home.parent, home):
            each.chmod(0o755)
        (home.parent / "belongs-to").write_text(f"{control.parent.parent}\n")
    except OSError as error:
        raise EmbeddedError(
            f"{home} cannot be made ({error.strerror}), and the user {identity.name} does not reach "
            f"{control}: name a folder that this user reaches in PILOTAGE_DATA."
        ) from error
    return home


def remove_home(folder: Path) -> None:
    """Remove the folder that `home_folder` made for a data folder, once both servers' homes are gone from it."""
    with suppress(OSError):
        if [each.name for each in folder.iterdir()] == ["belongs-to"]:
            shutil.rmtree(folder)


def expected_data(control: Path) -> Path:
    """Where the data lie already, if they do: beside the locks or in our own folder below /var/lib."""
    elsewhere = OWN_ROOT / _name_for(control.parent.parent) / control.name / "data"
    return elsewhere if elsewhere.exists() and not (control / "data").exists() else control / "data"


def reaches(identity: Identity, folder: Path) -> bool:
    """Whether the server's user can go into a folder, seen by trying."""
    done = subprocess.run(
        ["/bin/sh", "-c", 'cd "$0"', str(folder)],
        cwd="/",
        capture_output=True,
        check=False,
        **identity.switch(),
    )
    return done.returncode == 0


def own(folder: Path, identity: Identity) -> None:
    """Make a folder that only the server's user may enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if identity.is_other:
        os.chown(folder, identity.uid, identity.gid)
    folder.chmod(0o700)


def socket_folder(place: Place) -> Path:
    """A private folder with a short name, since the path of a socket has at most 107 characters.

    It is remembered, so that a server started again after a crash answers at the same address.
    """
    note = place.control / "sockets"
    remembered = Path(note.read_text().strip()) if note.exists() else None
    if remembered and _is_private(remembered, place.identity):
        return remembered
    folder = _new_socket_folder(place)
    if place.identity.is_other:
        os.chown(folder, place.identity.uid, place.identity.gid)
    note.write_text(f"{folder}\n")
    return folder


def forget_sockets(place: Place) -> None:
    """Remove the folder of the sockets, after the last user of the server."""
    note = place.control / "sockets"
    with suppress(OSError):
        shutil.rmtree(note.read_text().strip(), ignore_errors=True)
        note.unlink()


def _new_socket_folder(place: Place) -> Path:
    temporary = Path("/tmp")  # noqa: S108 - a short path; the folder made in it is private
    near = place.home / "s"
    if place.home.is_relative_to(temporary) and len(str(near)) <= LONGEST_SOCKET_FOLDER:
        near.mkdir(mode=0o700, exist_ok=True)
        return near
    for parent in (temporary, Path(tempfile.gettempdir()), place.home):
        if len(str(parent)) + len("/pilotage-12345678") > LONGEST_SOCKET_FOLDER:
            continue
        with suppress(OSError):
            folder = Path(tempfile.mkdtemp(prefix="pilotage-", dir=parent))
            if not place.identity.is_other or reaches(place.identity, parent):
                return folder
            folder.rmdir()
    raise EmbeddedError(
        "No folder with a short path can be made for the sockets of the servers: make /tmp writable, "
        "or set DATABASE_URL and REDIS_URL to servers of your own."
    )


def _is_private(folder: Path, identity: Identity) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == identity.uid and status.st_mode & 0o077 == 0


def _name_for(folder: Path) -> str:
    return hashlib.sha256(str(folder).encode()).hexdigest()[:12]
