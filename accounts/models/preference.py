"""When and how often a person wants mail."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models.user import User
from accounts.states import DigestRhythm


class Weekday(models.IntegerChoices):
    """Days of the week, as ISO 8601 numbers them."""

    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6
    SUNDAY = 7


class Preference(models.Model):
    """A person's wishes for digests. A person without a row has the defaults: weekly, Monday, 8 o'clock."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="preference")
    rhythm = models.CharField(max_length=8, choices=DigestRhythm, default=DigestRhythm.WEEKLY)
    weekday = models.PositiveSmallIntegerField(choices=Weekday, default=Weekday.MONDAY)
    #: Hour of the day in the person's own time zone, 0 to 23.
    hour = models.PositiveSmallIntegerField(default=8, validators=[MinValueValidator(0), MaxValueValidator(23)])
    #: First and last day of an absence, in which no digest comes; the next one covers it.
    away_from = models.DateField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True)
    #: Random part of the address that unsubscribes without signing in.
    unsubscribe_key = models.CharField(max_length=43, unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(hour__lte=23), name="accounts_preference_hour"),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="accounts_preference_weekday"),
            models.CheckConstraint(
                condition=Q(away_from=None, away_until=None) | Q(away_until__gte=F("away_from")),
                name="accounts_preference_away_ends_after_start",
            ),
        )

    def is_away(self, day: date) -> bool:
        """Whether `day`, in the person's own zone, falls into an absence."""
        return self.away_from is not None and self.away_until is not None and self.away_from <= day <= self.away_until
