"""Giving out numbers: one row per series is locked, so that no number is given twice or left out."""

from django.db import connection

_SQL = """
INSERT INTO portfolio_counter AS c (series, last) VALUES (%(series)s, %(count)s)
ON CONFLICT (series) DO UPDATE SET last = c.last + EXCLUDED.last
RETURNING last
"""


def take(series: str, count: int = 1) -> range:
    """Take the next `count` numbers of a series. Inside a transaction; its row is locked until the end of it."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"series": series, "count": count})
        (last,) = cursor.fetchone()
    return range(last - count + 1, last + 1)


def pilot_code(number: int) -> str:
    """Return the code of the pilot of that number: P-0001."""
    return f"P-{number:04d}"
