"""Benches ask for what tests ask for, and clean up as they do."""

from tests.conftest import *  # noqa: F403
