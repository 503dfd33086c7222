"""Fresh servers for a test run: a PostgreSQL and a Valkey of its own, in a folder that goes with them.

Loaded by `-p tests.servers` (pyproject.toml), so that the addresses stand in the environment before the
settings are read. The workers of a parallel run inherit them. The servers end with their last user, however
the run ends; folders that a killed keeper left behind are swept by the next run.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from config.embedded.locks import FileLock
from config.embedded.providing import INHERITED, VARIABLES, provide

PREFIX = "pilotage-test-"
#: What a process keeps (config.settings.test) bears its number.
DATA = f"{PREFIX}data-"
YOUNGEST_SWEPT = 120.0


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> Generator[None]:
    """Start or join the servers before anything reads the settings."""
    if not {"-h", "--help", "-V", "--version"} & set(args):
        start()
    return (yield)


def start() -> None:
    """Provide the servers, unless the environment names others."""
    if os.environ.get(INHERITED) or all(os.environ.get(name) for name in VARIABLES.values()):
        provide()
        return
    sweep(temporary_root())
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=temporary_root()))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    provide(folder=folder, fast=True)


def temporary_root() -> Path:
    """A folder with a short name, for the sake of the sockets in it."""
    return Path("/tmp") if os.access("/tmp", os.W_OK) else Path(tempfile.gettempdir())  # noqa: S108


def sweep(root: Path) -> list[Path]:
    """Remove the folders of runs whose keepers were killed; returns what was removed."""
    old = [folder for folder in root.glob(f"{PREFIX}*") if is_left_over(folder)]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return old


def is_left_over(folder: Path) -> bool:
    """Whether a folder is ours, not of this minute, its process has ended, and nobody holds any lock in it."""
    try:
        status = folder.lstat()
        if status.st_uid != os.geteuid() or time.time() - status.st_mtime < YOUNGEST_SWEPT:
            return False
        process = folder.name.removeprefix(DATA)
        if process.isdigit() and Path("/proc", process).exists():
            return False
        return all(_is_free(path) for path in folder.glob("embedded/*/*.lock"))
    except OSError:
        return False


def _is_free(path: Path) -> bool:
    with closing(FileLock(path)) as lock:
        return lock.try_exclusive()
