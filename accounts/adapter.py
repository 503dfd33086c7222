"""How sign-in behaves here: accounts come by invitation."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """No open sign-up; everything else as the library does it."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def generate_unique_username(self, txts: Any, regex: str | None = None) -> str:
        return ""
