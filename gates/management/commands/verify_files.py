"""Verify the files of evidence."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from gates.file_keeping import faults
from gates.models import StoredFile


class Command(BaseCommand):
    help = "Read every file of evidence and work out its hash again. Exit status 0: as stored; 1: missing or altered."

    def handle(self, **_: Any) -> None:
        count, found = StoredFile.objects.count(), 0
        with tqdm(total=count, unit="file", disable=not sys.stderr.isatty()) as bar:
            for file, problem in faults():
                bar.update()
                if problem:
                    found += 1
                    self.stdout.write(f"{file.sha256}: {problem}")
        if found:
            self.stderr.write(f"{found} of {count} files are not as they were stored.")
            raise SystemExit(1)
        self.stdout.write(f"{count} files verified: each is as it was stored.")
