"""What people do to their own account on the library's pages, noted in the trail.

The library tells by signals; of second steps it tells only after the commit, so there we look for ourselves.
"""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa.models import Authenticator
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from accounts.acting import note
from accounts.models import User
from audit.recording import verb

#: Signal of the library, and the kind of event that it becomes.
WATCHED: tuple[tuple[Signal, str], ...] = (
    (account_signals.user_logged_in, "accounts.user.signed_in"),
    (account_signals.password_set, "accounts.user.password_changed"),
    (account_signals.password_changed, "accounts.user.password_changed"),
    (account_signals.password_reset, "accounts.user.password_reset"),
    (account_signals.email_added, "accounts.user.address_asked"),
    (account_signals.email_removed, "accounts.user.address_dropped"),
    (account_signals.email_changed, "accounts.user.address_changed"),
)


@verb
def note_own_doing(*, actor: User, kind: str, now: datetime, **data: Any) -> None:
    """Note that a person did something to their own account."""
    note(actor, kind, actor, now=now, **data)


def watch() -> None:
    """Listen to the library. Its pages run in one transaction each (urls_sign_in), so that both are kept or neither."""
    for signal, kind in WATCHED:
        signal.connect(_noting(kind), weak=False, dispatch_uid=f"accounts.watching.{kind}.{id(signal)}")


def noting_second_steps(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Note which second steps a page of the library added, removed or renewed."""

    @functools.wraps(view)
    def noted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = request.user
        if request.method != "POST" or not isinstance(person, User):
            return view(request, *args, **kwargs)
        before = _second_steps(person)
        response = view(request, *args, **kwargs)
        after = _second_steps(person)
        for step, secret in after.items():
            if step not in before:
                note_own_doing(actor=person, kind="accounts.user.second_step_added", now=timezone.now(), type=step)
            elif secret != before[step]:
                note_own_doing(actor=person, kind="accounts.user.second_step_renewed", now=timezone.now(), type=step)
        for step in before.keys() - after.keys():
            note_own_doing(actor=person, kind="accounts.user.second_step_removed", now=timezone.now(), type=step)
        return response

    return noted


def _second_steps(person: User) -> dict[str, Any]:
    """Return the encrypted secret of each kind of second step; a person has at most one of a kind."""
    kept = Authenticator.objects.filter(user=person).values_list("type", "data")
    return {kind: data.get("secret") or data.get("seed") for kind, data in kept}


def _noting(kind: str) -> Callable[..., None]:
    def receiver(*, user: User, **_: Any) -> None:
        note_own_doing(actor=user, kind=kind, now=timezone.now())

    return receiver
