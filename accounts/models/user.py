"""People."""

import functools
import zoneinfo
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower, Now

from accounts.states import Function

#: Names of all zones; reading them from the disk takes 20 ms, so it is done once.
_zones = functools.cache(zoneinfo.available_timezones)


def known_time_zone(name: str) -> None:
    """Refuse a name that is not an IANA time zone."""
    if name not in _zones():
        raise ValidationError(
            "%(name)s is not a time zone. Choose one such as Europe/Paris.",
            code="unknown_time_zone",
            params={"name": name},
        )


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        """People who may sign in."""
        return self.filter(is_active=True)

    def joined(self) -> Self:
        """People who may sign in and have done what it takes: an address that was only named is nobody's yet."""
        return self.active().exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def with_role(self, role: str, *, today: date) -> Self:
        """People who hold `role` on `today`."""
        return self.filter(
            models.Q(grants__until=None) | models.Q(grants__until__gt=today),
            grants__role=role,
            grants__since__lte=today,
        ).distinct()


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """People, found by their e-mail address in any case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        user: User = self.get(email=(username or "").lower())
        return user


class User(AbstractBaseUser):
    """A person. May be named on a pilot before the first sign-in; then the password is unusable."""

    email = models.EmailField("e-mail address", max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    function = models.CharField(max_length=12, choices=Function, blank=True)
    time_zone = models.CharField(max_length=64, default=settings.TIME_ZONE, validators=[known_time_zone])
    language = models.CharField(max_length=12, default=settings.LANGUAGE_CODE)
    #: May sign in. Cleared when the person leaves; `left_on` says when that was.
    is_active = models.BooleanField(default=True)
    left_on = models.DateField(null=True, blank=True)
    joined_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email",
                violation_error_message="This address is already known.",
            ),
        )
        ordering = ("name", "email")

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def ref(self) -> str:
        """Name of this person in the audit trail: a number, so that the trail holds no personal data."""
        return f"user:{self.pk}"
