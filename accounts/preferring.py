"""Wishes for digests: reading them, changing them, ending the mails without signing in."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError

from accounts.acting import note
from accounts.models import Preference, User
from accounts.obstacles import StaleError
from accounts.states import DigestRhythm
from audit.recording import verb


def preference_of(person: User) -> Preference:
    """Return the person's wishes, kept with the defaults when first needed; safe for two processes at once."""
    preference, _ = Preference.objects.get_or_create(user=person, defaults={"unsubscribe_key": _new_key()})
    return preference


def preferences_of(people: Sequence[User]) -> dict[int, Preference]:
    """Return the wishes of many people by their id, kept with the defaults where needed, in two statements."""
    missing = [Preference(user=person, unsubscribe_key=_new_key()) for person in people]
    Preference.objects.bulk_create(missing, ignore_conflicts=True)
    return {preference.user_id: preference for preference in Preference.objects.filter(user__in=people)}


def wishes_of(person: User) -> Preference:
    """Return the person's wishes as kept, or the defaults, without writing."""
    return Preference.objects.filter(user=person).first() or Preference(user=person)


def version_of(preference: Preference) -> int:
    """Return one number that changes when the wishes or the person's own row change: both only ever count up."""
    return preference.version + preference.user.version


@verb
def change_preference(
    *,
    actor: User | None,
    person: User,
    rhythm: str,
    weekday: int,
    hour: int,
    time_zone: str,
    language: str,
    away_from: date | None = None,
    away_until: date | None = None,
    seen: int | None,
    now: datetime,
) -> Preference:
    """Change when digests come, from when until when none does, and the zone and language of the person.

    `seen` is what `version_of` said when the form was shown. Refuses unknown zones, hours and days, and an absence
    that lacks one of its days or ends before it begins.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    preference = preference_of(person)
    preference.user = person
    if seen is not None and version_of(preference) != seen:
        raise StaleError(seen=seen, current=version_of(preference))
    _refuse_half_an_absence(away_from, away_until)
    wanted = {
        "rhythm": rhythm, "weekday": weekday, "hour": hour, "away_from": away_from, "away_until": away_until
    }  # fmt: skip
    changed = [name for name, value in wanted.items() if getattr(preference, name) != value]
    for name, value in wanted.items():
        setattr(preference, name, value)
    preference.version += 1
    preference.full_clean(validate_unique=False)
    preference.save()
    own = {"time_zone": time_zone, "language": language}
    changed_own = [name for name, value in own.items() if getattr(person, name) != value]
    if changed_own:
        _change_own(person, own)
    note(actor, "accounts.preference.changed", person, now=now, fields=changed + changed_own)
    return preference


@verb
def unsubscribe(*, key: str, now: datetime) -> Preference:
    """End the digests of whoever holds `key`; doing it again changes nothing. Preference.DoesNotExist if unknown."""
    preference = Preference.objects.select_for_update(of=("self",)).select_related("user").get(unsubscribe_key=key)
    if preference.rhythm == DigestRhythm.OFF:
        return preference
    preference.rhythm = DigestRhythm.OFF
    preference.version += 1
    preference.save(update_fields=["rhythm", "version"])
    note(preference.user, "accounts.preference.unsubscribed", preference.user, now=now)
    return preference


def _refuse_half_an_absence(away_from: date | None, away_until: date | None) -> None:
    if away_from and not away_until:
        raise ValidationError({"away_until": "Say until when you are away."})
    if away_until and not away_from:
        raise ValidationError({"away_from": "Say from when you are away."})
    if away_from and away_until and away_until < away_from:
        raise ValidationError({"away_until": "The last day comes before the first."})


def _change_own(person: User, own: dict[str, str]) -> None:
    for name, value in own.items():
        setattr(person, name, value)
    person.version += 1
    person.clean_fields(exclude=["password"])
    person.save(update_fields=[*own, "version"])


def _new_key() -> str:
    return secrets.token_urlsafe(32)
