"""Signing in whoever has just got an account, with a session of its own."""

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse

from accounts.models import User


def enter(request: HttpRequest, person: User) -> HttpResponse:
    """Sign `person` in, as the sign-in page would, and lead to the first page."""
    response: HttpResponse = perform_login(request, person, email=person.email)
    return response
