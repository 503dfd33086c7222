"""The tests' settings for processes of their own, with a lease short enough to wait for."""

import os
from datetime import timedelta

from config.settings.test import *  # noqa: F403  a settings module is its base with changes

MAIL_LEASE = timedelta(seconds=float(os.environ.get("FAULTS_LEASE_SECONDS", "1")))
EMAIL_BACKEND = "accounts.transport.OutboxBackend"
