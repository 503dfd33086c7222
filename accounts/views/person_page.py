"""The page of one person, shown by itself and by every act on it that was refused."""

from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import SignedInRequest
from accounts.bouncing import bounce_of
from accounts.forms.people import GrantForm, LeavingForm
from accounts.joining import state_of
from accounts.models import Invitation, User
from accounts.naming import invitation_obstacles
from accounts.obstacles import Obstacle
from accounts.queries import roles_in_order

CHANGED_MEANWHILE = Obstacle(
    "stale", "Somebody else changed this person while you were looking. This is how it stands now: look, then decide."
)


def person_page(
    request: SignedInRequest,
    person: User,
    *,
    grant: GrantForm | None = None,
    leaving: LeavingForm | None = None,
    obstacles: Sequence[Obstacle] = (),
    status: int = 200,
) -> HttpResponse:
    """Render the page of `person` as saved, with the form that was refused or what stands in the way."""
    person.refresh_from_db()
    now, today = timezone.now(), timezone.localdate()
    invitations = Invitation.objects.filter(user=person).select_related("user", "invited_by").order_by("-created_at")
    context = {
        "person": person,
        "grants": roles_in_order(person),
        "today": today,
        "invitations": [(invitation, state_of(invitation, now=now)) for invitation in invitations[:5]],
        "second_step": Authenticator.objects.filter(user=person).exists(),
        "bounce": bounce_of(person.email),
        "may_invite": not invitation_obstacles(person),
        "grant": grant or GrantForm(initial={"since": today}),
        "leaving": leaving or LeavingForm(today=today, initial={"left_on": today, "version": person.version}),
        "obstacles": obstacles,
    }
    return render(request, "accounts/person_detail.html", context, status=status)
