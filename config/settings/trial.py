"""One machine, embedded servers, a demo portfolio: what `make run` uses."""

import os
import secrets

from config.settings.base import *  # noqa: F403  a settings module is its base with changes
from config.settings.base import DATA_DIR

TRIAL = True
#: Below the data, so that two installations from one checkout do not share them.
STATIC_ROOT = DATA_DIR / "staticfiles"


def _kept_secret() -> str:
    """Return this installation's own key, made at the first start and readable by its owner only."""
    path = DATA_DIR / "secret-key"
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as stream:
        key = secrets.token_urlsafe(50)
        stream.write(key)
    return key


SECRET_KEY = os.environ.get("PILOTAGE_SECRET_KEY") or _kept_secret()
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
