"""Fetching and authorising in one step: no view ever holds a pilot that its visitor may not see."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.models import User
from portfolio.models import Pilot

_OWNERS = (
    "a part in this pilot that keeps its file (business, production or delivery owner), or the role portfolio manager"
)


def visible_pilot(user: User, code: str) -> Pilot:
    """Return the pilot of that code if `user` may see it; 404 otherwise, the same as for one that is not there."""
    pilots = Pilot.objects.visible_to(user).select_related("unit", "standing__owner", "standing__sponsor")
    return get_object_or_404(pilots, code=code)


def editable_pilot(user: User, code: str) -> Pilot:
    """Return the pilot if `user` may edit its file; 403 for one that they can only see, 404 for others."""
    pilot = visible_pilot(user, code)
    if not Pilot.objects.editable_by(user).filter(pk=pilot.pk).exists():
        raise PermissionDenied(_OWNERS)
    return pilot
