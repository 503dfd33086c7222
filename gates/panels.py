"""What this room adds to the pilot page, and to who may see a restricted pilot."""

from django.db.models import Q

from accounts.models import User
from gates.models import Committee, CommitteeSeat
from portfolio.registry import register_committees, register_reader


def _committee_of(user: User) -> Q:
    return Q(committee_slug__in=CommitteeSeat.objects.filter(user=user, until=None).values("committee__slug"))


register_reader("committee", _committee_of)
register_committees(lambda: list(Committee.objects.order_by("name").values_list("slug", "name")))
