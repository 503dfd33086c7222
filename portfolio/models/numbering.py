"""Numbers without gaps, each series with a row of its own to lock."""

from django.db import models


class Counter(models.Model):
    """The last number given out in a series ("pilot", "decision 2026")."""

    series = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)
