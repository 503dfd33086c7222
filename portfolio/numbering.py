"""Giving out numbers: one row per series is locked, so that no number is given twice or left out."""

from django.db.models import F

from portfolio.models import Counter


def take(series: str, count: int = 1) -> range:
    """Take the next `count` numbers of a series. Inside a transaction; its row is locked until the end of it."""
    Counter.objects.bulk_create([Counter(series=series)], ignore_conflicts=True)
    Counter.objects.select_for_update().get(series=series)
    Counter.objects.filter(series=series).update(last=F("last") + count)
    last: int = Counter.objects.values_list("last", flat=True).get(series=series)
    return range(last - count + 1, last + 1)


def pilot_code(number: int) -> str:
    """Return the code of the pilot of that number: P-0001."""
    return f"P-{number:04d}"
