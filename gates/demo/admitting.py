"""Letting a person of the demo sign in with the trial's password."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.acting import note
from accounts.models import User
from audit.recording import verb

#: Known to everybody who has read the README; set only where `settings.TRIAL` holds.
TRIAL_PASSWORD = "four-good-decisions"  # noqa: S105  published on purpose


@verb
def admit(*, people: list[User], now: datetime) -> None:
    """Give each of `people` the trial's password and a verified address. One hash serves all: it is no secret."""
    password = make_password(TRIAL_PASSWORD)
    for person in people:
        person.password = password
        person.save(update_fields=["password"])
        EmailAddress.objects.get_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
        note(person, "accounts.user.joined", person, now=now)
