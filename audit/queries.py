"""Reading the trail."""

from django.db.models import QuerySet

from audit.models import Event


def history(scope: str) -> QuerySet[Event]:
    """The events of one thing's history, newest first."""
    return Event.objects.filter(scope=scope).order_by("-sequence")
