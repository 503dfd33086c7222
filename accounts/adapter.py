"""How sign-in behaves here: accounts come by invitation, links are ours, secrets are kept encrypted."""

import base64
import logging
import secrets
from typing import Any
from urllib.parse import quote, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.joining import keep_password
from accounts.models import User
from accounts.watching import note_own_doing

logger = logging.getLogger("pilotage.accounts")


class AccountAdapter(DefaultAccountAdapter):
    """No open sign-up; addresses in mails from the settings, never from a request; redirects stay here."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Lead on to our own pages only; the library would also go to any other allowed host."""
        return bool(url_has_allowed_host_and_scheme(url, allowed_hosts=None))

    def get_reset_password_from_key_url(self, key: str) -> str:
        path: str = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", quote(key))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        site = {"name": "Pilotage", "domain": urlsplit(settings.BASE_URL).netloc}
        super().send_mail(template_prefix, email, {**context, "current_site": site})

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """Send the link to people who have joined; the others learn that they need an invitation first."""
        if user.has_usable_password():
            super().send_password_reset_mail(user, email, context)
        else:
            self.send_mail("account/email/not_joined", email, {"user": user})

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        keep_password(user, password)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            note_own_doing(actor=request.user, kind="accounts.user.signed_out", now=timezone.now())
        super().logout(request)


class SecondStepAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second steps encrypted, by keys made from the installation's own.

    A secret whose key is no longer known becomes one that nobody has: the code is wrong, the page does not fail.
    """

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.error("a second step was made with a secret key that is no longer known")  # noqa: TRY400  no secrets
            return base64.b32encode(secrets.token_bytes(20)).decode()


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Notes in the trail that somebody ended their other sessions."""

    def end_sessions(self, sessions: list[Any]) -> None:
        super().end_sessions(sessions)
        if sessions:
            note_own_doing(
                actor=sessions[0].user, kind="accounts.user.sessions_ended", now=timezone.now(), count=len(sessions)
            )


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_fernet_key(key)) for key in keys])


def _fernet_key(secret: str | bytes) -> bytes:
    digest = salted_hmac("accounts.second_step", "fernet", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
