"""The servers of the trial and of the tests: a real PostgreSQL and a real Valkey, started by the product.

Nothing here knows Django. `provide()` is called before Django starts; where `DATABASE_URL` and `REDIS_URL`
are set, it does nothing at all.
"""

from config.embedded.errors import EmbeddedError
from config.embedded.providing import provide, tend
from config.embedded.urls import broker_url

__all__ = ["EmbeddedError", "broker_url", "provide", "tend"]
