"""The production build, scoped while the pilot runs: who makes each piece, how far it is, by when."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from portfolio.models.pilot import Pilot
from portfolio.states import ScopeKind, ScopeState


class ScopeItem(models.Model):
    """One piece of a pilot's production build. Of the four standard ones there is no row until somebody says a word."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="scope_items")
    kind = models.CharField(max_length=16, choices=ScopeKind)
    #: Only of a pilot's own pieces; the standard ones are named by their kind.
    title = models.CharField(max_length=120, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=ScopeState, default=ScopeState.NOT_STARTED)
    due = models.DateField(null=True, blank=True)
    #: Where it stands; of a piece that is not needed, why.
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["pilot", "kind"], condition=~Q(kind=ScopeKind.OWN), name="portfolio_scope_each_once"
            ),
            models.CheckConstraint(
                condition=(Q(kind=ScopeKind.OWN) & ~Q(title="")) | (~Q(kind=ScopeKind.OWN) & Q(title="")),
                name="portfolio_scope_own_has_title",
            ),
            models.CheckConstraint(
                condition=~Q(state=ScopeState.NOT_NEEDED) | ~Q(note=""), name="portfolio_scope_not_needed_has_reason"
            ),
        )

    def __str__(self) -> str:
        return self.title or ScopeKind(self.kind).label
