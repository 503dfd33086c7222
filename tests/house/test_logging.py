"""Logs say what broke and where, and nothing of what people typed."""

import logging
import sys

from django.conf import settings
from structlog.stdlib import ProcessorFormatter


def broken(secret: str) -> logging.LogRecord:
    """The record of an error in a function that holds `secret` in a variable."""
    try:
        int("no number")
    except ValueError:
        return logging.LogRecord("pilotage.test", logging.ERROR, __file__, 1, "it broke", (), sys.exc_info())
    raise AssertionError(secret)


def test_an_error_is_one_line_with_its_traceback_and_without_local_variables():
    described = settings.LOGGING["formatters"]["plain"]
    formatter = ProcessorFormatter(**{name: value for name, value in described.items() if name != "()"})
    line = formatter.format(broken("what-somebody-typed"))
    assert "\n" not in line
    assert 'event="it broke"' in line
    assert "in broken" in line
    assert "ValueError: invalid literal" in line
    assert "what-somebody-typed" not in line
