"""The page that makes the first administrator of an empty installation."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import access, public
from accounts.beginning import begin_installation, is_begun
from accounts.forms.entering import BeginForm
from accounts.posting import add_errors, once
from accounts.views.entering import enter


@access(public("answers only while there is no administrator, and never again"))
@sensitive_post_parameters("password", "password_again")
@once
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for the first administrator, who is then signed in."""
    if is_begun():
        raise Http404
    form = BeginForm(request.POST or None)
    obstacles = []
    if request.method == "POST" and form.is_valid():
        try:
            person = begin_installation(
                actor=None,
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                password=form.cleaned_data["password"],
                today=timezone.localdate(),
                now=timezone.now(),
            )
        except ValidationError as error:
            if is_begun():
                raise Http404 from error
            obstacles = add_errors(form, error)
        else:
            return enter(request, person)
    context = {"form": form, "obstacles": obstacles, "zone": settings.TIME_ZONE, "currency": settings.CURRENCY}
    return render(request, "accounts/begin.html", context, status=422 if form.errors or obstacles else 200)
