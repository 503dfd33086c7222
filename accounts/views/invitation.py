"""The page to which an invitation leads."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import access, public
from accounts.forms.entering import InvitationForm
from accounts.joining import accept_invitation, invitation_of, state_of
from accounts.models import Invitation
from accounts.obstacles import RefusedError
from accounts.posting import add_errors, once
from accounts.states import InvitationState
from accounts.views.entering import enter


@access(public("whoever has the link was sent it, and has no account yet"))
@sensitive_post_parameters("password", "password_again")
@once
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show who is invited by whom; accepting opens the account and signs in. A void link says what to do."""
    found = invitation_of(token)
    if found is None:
        return render(request, "accounts/invitation.html", {"state": "unknown"}, status=404)
    state = state_of(found, now=timezone.now())
    if state is not InvitationState.OPEN:
        return _void(request, found, state)
    if request.user.is_authenticated:
        return render(request, "accounts/invitation.html", {"state": "elsewhere", "invitation": found})
    initial = {"name": found.user.name, "time_zone": found.user.time_zone}
    form = InvitationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            person = accept_invitation(
                token=token,
                name=form.cleaned_data["name"],
                time_zone=form.cleaned_data["time_zone"],
                password=form.cleaned_data["password"],
                now=timezone.now(),
            )
        except RefusedError:
            return _void(request, found, InvitationState.USED)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return enter(request, person)
    context = {"state": state, "invitation": found, "form": form}
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)


def _void(request: HttpRequest, found: Invitation, state: InvitationState) -> HttpResponse:
    return render(request, "accounts/invitation.html", {"state": state, "invitation": found}, status=410)
