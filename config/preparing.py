"""What has to be true before the product serves: tables, static files, and what the rooms lay out.

`python -m config.preparing [--demo]`: one process for all of it, since starting Django is what takes time.
"""

import argparse
import hashlib
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.embedded import EmbeddedError, provide


def main() -> None:
    """Prepare everything that is not prepared yet, in plain lines."""
    parser = argparse.ArgumentParser(prog="python -m config.preparing")
    parser.add_argument("--demo", action="store_true", help="fill an empty installation with the demo")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.trial")
    try:
        provide()
    except EmbeddedError as error:
        sys.exit(str(error))
    django.setup()
    migrate()
    collect_static_files()
    call_command("prepare", demo=arguments.demo)


def migrate() -> None:
    """Bring the tables up to date; quick where there is nothing to do."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        _say("Preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)


def collect_static_files() -> None:
    """Collect and compress the static files if any of them changed."""
    root = Path(settings.STATIC_ROOT)
    stamp = settings.DATA_DIR / "static-files-stamp"
    wanted = _static_digest()
    if stamp.exists() and stamp.read_text() == wanted and (root / "staticfiles.json").exists():
        return
    _say("Collecting the static files ...")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)


def _static_digest() -> str:
    """One hash over names, sizes and times of all static files, and over where they are collected."""
    digest = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
