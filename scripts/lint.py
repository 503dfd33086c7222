"""Every check that needs no running product: style, types, imports, templates, settings, migrations, locks.

`python scripts/lint.py [NAME ...]`, two at a time; prints what each failing check says.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent
FORBIDDEN_IN_LOCKS = ("://", "--index", "--extra-index", "--find-links", "--trusted-host")
#: What production insists on, so that `check --deploy` can look at production's settings.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "PILOTAGE_SECRET_KEY": "only-for-the-check-" + "k3Yz9-" * 10,
    "PILOTAGE_HOSTS": "pilotage.example.org",
    "PILOTAGE_URL": "https://pilotage.example.org",
    "PILOTAGE_PROXIES": "1",
    "DATABASE_URL": "postgresql://pilotage@127.0.0.1/pilotage",
    "REDIS_URL": "redis://127.0.0.1/0",
    "EMAIL_URL": "smtp://mail.example.org",
}


@dataclass(frozen=True)
class Check:
    """One program that must say nothing against us."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)

    def run(self) -> tuple[bool, str, float]:
        """Whether it passed, what it said, and how long it took."""
        began = time.monotonic()
        done = subprocess.run(
            [str(PROGRAMS / self.command[0]), *self.command[1:]],
            cwd=ROOT,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode == 0, done.stdout, time.monotonic() - began


def checks() -> list[Check]:
    """All checks, the slow ones first."""
    trial = {"DJANGO_SETTINGS_MODULE": "config.settings.trial"}
    return [
        Check("types", ("mypy", "--no-error-summary", ".")),
        Check(
            "settings",
            ("python", "-W", "ignore", "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
            PRODUCTION,
        ),
        Check(
            "migrations",
            ("python", "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"),
            trial,
        ),
        Check("imports", ("lint-imports", "--no-cache")),
        Check("style", ("ruff", "check", ".")),
        Check("form", ("ruff", "format", "--check", ".")),
        Check("security", ("bandit", "-q", "-r", "-lll", "config", "audit", "accounts", "portfolio", "gates")),
        Check("packages", ("python", "-m", "pip", "check")),
        Check("templates", ("djlint", "--lint", "--quiet", "templates")),
        Check("template form", ("djlint", "--check", "--quiet", "templates")),
    ]


def faults_in_locks(root: Path = ROOT) -> list[str]:
    """Addresses in locks: these name packages and hashes; the place is everybody's own configuration."""
    faults = []
    for path in sorted((root / "requirements").glob("*.txt")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            faults += [f"{path.name}:{number}: {word}" for word in FORBIDDEN_IN_LOCKS if word in line]
    for number, line in enumerate((root / "package-lock.json").read_text().splitlines(), 1):
        if '"resolved"' in line:
            faults.append(f'package-lock.json:{number}: "resolved"')
    return faults


def main() -> int:
    """Run the checks that are named, or all; exit status 1 if one fails."""
    wanted = set(sys.argv[1:])
    faults = faults_in_locks()
    failed = ["locks"] if faults else []
    print("\n".join(faults) if faults else "locks: fine")
    chosen = [check for check in checks() if not wanted or check.name in wanted]
    with ThreadPoolExecutor(2) as pool:
        for check, (passed, said, seconds) in zip(chosen, pool.map(Check.run, chosen), strict=True):
            print(f"{check.name}: {'fine' if passed else 'FAILED'} ({seconds:.0f} s)", flush=True)
            if not passed:
                print(said.rstrip(), flush=True)
                failed.append(check.name)
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
