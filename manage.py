#!/usr/bin/env python3
"""Run a management command, with servers of our own when none are named."""

import os
import sys

from django.core.management import execute_from_command_line

from config.embedded import EmbeddedError, provide

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.trial")
    try:
        provide()
    except EmbeddedError as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)
