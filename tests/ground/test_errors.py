"""Whatever is missing or wrong is said in one sentence that names the way out."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.embedded import EmbeddedError, programs, provide
from config.embedded.children import dismiss, watch
from config.embedded.identity import Identity
from config.embedded.places import Place, control_folder
from config.embedded.server import explain
from config.embedded.urls import broker_url, database_url, redis_url
from tests.ground.conftest import processes_of, wait_until

OURSELVES = Identity("ourselves", os.geteuid(), os.getegid())


def test_without_programs_the_way_out_is_setup_or_a_server_elsewhere(monkeypatch):
    monkeypatch.setattr(programs, "_package", lambda _name: None)
    monkeypatch.setattr(programs, "MACHINE_FOLDERS", ())
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(EmbeddedError, match=r"`make setup`.*DATABASE_URL"):
        programs.postgres(OURSELVES)
    with pytest.raises(EmbeddedError, match=r"`make setup`.*REDIS_URL"):
        programs.valkey(OURSELVES)


def test_settings_that_name_no_program_are_named(monkeypatch):
    monkeypatch.setenv("PILOTAGE_PG_BIN", "/nowhere/bin")
    monkeypatch.setenv("PILOTAGE_VALKEY", "/nowhere/valkey")
    with pytest.raises(EmbeddedError, match="PILOTAGE_PG_BIN names /nowhere/bin"):
        programs.postgres(OURSELVES)
    with pytest.raises(EmbeddedError, match="PILOTAGE_VALKEY names /nowhere/valkey"):
        programs.valkey(OURSELVES)


@pytest.mark.processes
def test_data_of_another_major_version_are_refused_and_kept(new_user, folder):
    stamp = folder / "embedded/postgres/data/PG_VERSION"
    stamp.parent.mkdir(parents=True)
    stamp.write_text("12\n")
    said = new_user().hear()["error"]
    assert "made by PostgreSQL 12" in said
    assert "PILOTAGE_PG_BIN" in said
    assert stamp.exists()


@pytest.mark.processes
def test_a_folder_with_foreign_files_is_refused(new_user, folder):
    foreign = folder / "embedded/postgres/data/letter.txt"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine")
    assert "holds files, but no database" in new_user().hear()["error"]
    assert foreign.read_text() == "mine"


def test_a_data_folder_that_cannot_be_made_names_the_setting(folder):
    (folder / "file").write_text("in the way")
    with pytest.raises(EmbeddedError, match="PILOTAGE_DATA"):
        control_folder(folder / "file", "postgres")


def test_a_full_disk_is_called_a_full_disk(folder):
    place = Place(folder, folder, OURSELVES)
    place.log.write_text("PANIC: could not write to file: No space left on device\n")
    assert "the disk is full" in str(explain("PostgreSQL", place.log))
    place.log.write_text("LOG: hello\nFATAL: no such thing\nLOG: bye\n")
    assert "FATAL: no such thing" in str(explain("PostgreSQL", place.log))


@pytest.mark.processes
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_disk_that_is_really_full(new_user, folder):
    small = folder / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", small], check=False)
    if mounted.returncode != 0:
        pytest.skip("no small disk can be mounted here")
    try:
        assert "the disk is full" in new_user(small).hear()["error"]
        wait_until(lambda: not processes_of(folder))
    finally:
        subprocess.run(["umount", small], check=True)


def test_addresses_that_are_set_are_left_alone(monkeypatch):
    monkeypatch.setattr("config.embedded.providing._memberships", {})
    monkeypatch.delenv("PILOTAGE_EMBEDDED", raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example.org/p")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example.org/0")
    provide(folder=Path("/nowhere/at/all"))
    assert os.environ["DATABASE_URL"] == "postgresql://db.example.org/p"
    assert os.environ["REDIS_URL"] == "redis://cache.example.org/0"
    assert "PILOTAGE_EMBEDDED" not in os.environ


@pytest.mark.parametrize(
    ("url", "for_kombu"),
    [
        ("unix:///tmp/a/valkey.sock?db=0", "redis+socket:///tmp/a/valkey.sock?virtual_host=0"),
        ("unix:///tmp/a/valkey.sock", "redis+socket:///tmp/a/valkey.sock?virtual_host=0"),
        ("unix://:secret@/run/r.sock?db=3", "redis+socket://:secret@/run/r.sock?virtual_host=3"),
        ("redis://cache.example.org:6379/0", "redis://cache.example.org:6379/0"),
        ("rediss://:secret@cache.example.org/1", "rediss://:secret@cache.example.org/1"),
    ],
)
def test_the_broker_has_its_own_form_of_the_address(url, for_kombu):
    assert broker_url(url) == for_kombu


def test_folders_with_odd_names_stand_in_addresses():
    assert database_url("/run/a b&c") == "postgresql://pilotage@/pilotage?host=/run/a%20b%26c"
    assert redis_url("/run/a b/s") == "unix:///run/a%20b/s?db=0"


@pytest.mark.processes
def test_where_the_kernel_sends_no_signal_a_watcher_does():
    sleeper = subprocess.Popen(["sleep", "60"])
    program = f"from config.embedded.children import watch; kept = watch({sleeper.pid}, 15); input()"
    parent = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE)
    wait_until(lambda: processes_of(Path("watcher.py"), f" {sleeper.pid} "))
    assert sleeper.poll() is None
    parent.kill()
    parent.communicate()
    assert sleeper.wait(10) == -signal.SIGTERM


@pytest.mark.processes
def test_a_watcher_that_is_dismissed_does_nothing():
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        dismiss(watch(sleeper.pid, signal.SIGTERM))
        time.sleep(0.1)
        assert sleeper.poll() is None
        sleeper.kill()
