"""The trial's settings with a fixed key, fast password hashing, and nothing kept between runs."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("PILOTAGE_SECRET_KEY", "only-for-tests-" + "x" * 50)

from config.settings.base import *  # noqa: F403  the key must be set before the base is read

TRIAL = True
DATA_DIR = Path(tempfile.gettempdir()) / f"pilotage-test-data-{os.getpid()}"
AUDIT_ANCHORS = DATA_DIR / "audit-anchors.log"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "evidence": {"BACKEND": "gates.filing.PrivateFolder"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
