"""Granting and ending roles."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, access, administrators
from accounts.forms.people import EndForm, GrantForm
from accounts.granting import end_role, grant_role
from accounts.models import User
from accounts.obstacles import RefusedError
from accounts.posting import add_errors, once, redirect_to
from accounts.states import Role
from accounts.views.person_page import person_page


@access(administrators)
@require_POST
@once
def role_grant(request: SignedInRequest, pk: int) -> HttpResponse:
    """Grant a role, with its dates."""
    person = get_object_or_404(User, pk=pk)
    form = GrantForm(request.POST)
    if form.is_valid():
        try:
            grant = grant_role(
                actor=request.user,
                person=person,
                role=Role(form.cleaned_data["role"]),
                since=form.cleaned_data["since"],
                until=form.cleaned_data["until"],
                now=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"{person} is granted the role {grant.get_role_display().lower()}.")
            return redirect_to(request, reverse("accounts:person-detail", args=[pk]))
    return person_page(request, person, grant=form, status=422)


@access(administrators)
@require_POST
@once
def role_end(request: SignedInRequest, pk: int, role: str) -> HttpResponse:
    """End a role, today unless another day is given."""
    person = get_object_or_404(User, pk=pk)
    if role not in Role.values:
        raise Http404
    form = EndForm(request.POST)
    until = form.cleaned_data["until"] if form.is_valid() else timezone.localdate()
    try:
        end_role(actor=request.user, person=person, role=Role(role), until=until, now=timezone.now())
    except RefusedError as refused:
        return person_page(request, person, obstacles=refused.obstacles, status=422)
    messages.success(request, f"{person} holds the role {Role(role).label.lower()} no longer.")
    return redirect_to(request, reverse("accounts:person-detail", args=[pk]))
