"""One's own account: overview and preferences. E-mail, password, second step and sessions are the library's pages."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.comparing import conflict_of
from accounts.forms.preferences import PreferenceForm
from accounts.models import User
from accounts.obstacles import StaleError
from accounts.posting import add_errors, once, redirect_to
from accounts.preferring import change_preference, version_of, wishes_of
from accounts.queries import roles_in_order


@access(signed_in)
def account(request: SignedInRequest) -> HttpResponse:
    """What is set, and where to change it."""
    person = request.user
    context = {
        "wishes": wishes_of(person),
        "grants": roles_in_order(person),
        "second_step": Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists(),
    }
    return render(request, "accounts/account.html", context)


@access(signed_in)
@once
def preferences(request: SignedInRequest) -> HttpResponse:
    """When digests come, and by which clock."""
    form = PreferenceForm(request.POST or None, wishes=wishes_of(request.user))
    if request.method == "POST" and form.is_valid():
        wanted = dict(form.cleaned_data)
        try:
            change_preference(
                actor=request.user, person=request.user, seen=wanted.pop("version"), now=timezone.now(), **wanted
            )
        except StaleError:
            return _conflict(request, form)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect_to(request, reverse("accounts:preferences"))
    return render(request, "accounts/preferences.html", {"form": form}, status=422 if form.errors else 200)


def _conflict(request: SignedInRequest, form: PreferenceForm) -> HttpResponse:
    person = User.objects.get(pk=request.user.pk)
    wishes = wishes_of(person)
    conflict = conflict_of(
        form,
        current=PreferenceForm.shown(wishes),
        row=person,
        version=version_of(wishes),
        action=request.path,
        back=request.path,
    )
    return render(request, "accounts/preferences.html", {"conflict": conflict}, status=409)
