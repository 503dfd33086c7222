"""What a decision stood on, as columns: so that changes since can be seen for all pilots at once."""

from django.db import models

from accounts.models import User
from audit.models import AppendOnly
from gates.models.decision import Decision
from portfolio.states import RiskClass


class DecisionBasis(AppendOnly):
    """Facts of the pilot on the day of a decision. The snapshot holds them too; this is read by drift rules."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, primary_key=True, related_name="basis")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sponsor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    risk_class = models.CharField(max_length=8, choices=RiskClass)
    #: A month, in the installation's currency.
    monthly_cost = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    class Meta(AppendOnly.Meta):
        verbose_name_plural = "decision bases"
