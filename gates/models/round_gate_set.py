"""Which gate set a round goes by, where it was said: at a publication, or when the round was moved."""

from django.db import models

from accounts.models import User
from audit.models import AppendOnly
from gates.models.gate_set import GateSet
from portfolio.models import Round


class RoundGateSet(AppendOnly):
    """From `at` on a round goes by `gate_set`; the last row counts. `gates.queries.gate_set_of` reads it."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="gate_sets")
    gate_set = models.ForeignKey(GateSet, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    #: Who moved the round; nobody where a publication held it to the set that it began with.
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(AppendOnly.Meta):
        indexes = (models.Index(fields=["round", "-id"], name="gates_roundgateset_latest"),)
