"""The contract of a round: what is agreed before it starts, frozen from then on."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from portfolio.models.round import Round
from portfolio.states import Commitment, DataUsed, Involvement

NO_TRUNCATE = pgtrigger.Trigger(
    name="no_truncate",
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    level=pgtrigger.Statement,
    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
)

#: Whoever writes waits for a start that is under way, and the other way round: the round's row is locked.
_FROZEN = """
IF TG_OP <> 'INSERT' THEN
    PERFORM 1 FROM portfolio_round WHERE id = OLD.round_id FOR SHARE;
    IF OLD.frozen_on IS NOT NULL
       OR EXISTS (SELECT 1 FROM portfolio_round WHERE id = OLD.round_id AND state <> 'draft') THEN
        RAISE EXCEPTION 'pgtrigger: The contract of round % is frozen; amend it', OLD.round_id;
    END IF;
END IF;
IF TG_OP <> 'DELETE' THEN
    PERFORM 1 FROM portfolio_round WHERE id = NEW.round_id FOR SHARE;
    IF EXISTS (SELECT 1 FROM portfolio_round WHERE id = NEW.round_id AND state <> 'draft') THEN
        RAISE EXCEPTION 'pgtrigger: Round % has started without this contract; amend it', NEW.round_id;
    END IF;
    RETURN NEW;
END IF;
RETURN OLD;
"""


class Contract(models.Model):
    """What was agreed before the start, everything optional. After the start only amendments say what changed.

    A round that was started here has one with `frozen_on`; imported and research rounds have none.
    """

    round = models.OneToOneField(Round, on_delete=models.PROTECT, primary_key=True, related_name="contract")
    #: Day of the start that froze it.
    frozen_on = models.DateField(null=True, editable=False)

    #: Codes of what was missing then, as whoever started it was told; null where nobody was asked.
    gaps_at_start = ArrayField(models.CharField(max_length=24), null=True, blank=True, editable=False)

    # If this works, what do we do then? (requirements 1 to 3)
    adopting_team = models.TextField(blank=True)
    integration_to_build = models.TextField(blank=True)
    owner_then = models.TextField(blank=True)
    commitment = models.CharField(max_length=3, choices=Commitment, blank=True)
    committed_by = models.CharField(max_length=160, blank=True)
    #: In the installation's currency.
    commitment_budget = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    commitment_timeline = models.TextField(blank=True)

    # What leads to which decision (requirement 13)
    scale_if = models.TextField(blank=True)
    redesign_if = models.TextField(blank=True)
    stop_if = models.TextField(blank=True)
    research_if = models.TextField(blank=True)

    # Conditions of the pilot beside those of production (requirement 18)
    team_in_pilot = models.TextField(blank=True)
    team_in_production = models.TextField(blank=True)
    users_in_pilot = models.TextField(blank=True)
    users_in_production = models.TextField(blank=True)
    data_in_pilot = models.TextField(blank=True)
    data_in_production = models.TextField(blank=True)
    vendor_in_pilot = models.TextField(blank=True)
    vendor_in_production = models.TextField(blank=True)
    hard_cases_in_pilot = models.TextField(blank=True)
    hard_cases_in_production = models.TextField(blank=True)
    manual_steps_in_pilot = models.TextField(blank=True)
    manual_steps_in_production = models.TextField(blank=True)

    # Data and vendor (requirements 19 and 20)
    data_used = models.CharField(max_length=14, choices=DataUsed, blank=True)
    edge_cases = models.TextField(blank=True)
    vendor_support_now = models.TextField(blank=True)
    vendor_support_after = models.TextField(blank=True)

    # What it is worth (requirements 14 and 24)
    value_hypothesis = models.TextField(blank=True)
    measurement_plan = models.TextField(blank=True)
    strategic_priority = models.TextField(blank=True)
    volume_at_scale = models.TextField(blank=True)
    breadth_at_scale = models.TextField(blank=True)

    # The people who work with it (requirements 8, 9 and 23)
    daily_users = models.TextField(blank=True)
    users_involved_in = ArrayField(models.CharField(max_length=11, choices=Involvement), default=list, blank=True)
    escalation_path = models.TextField(blank=True)
    workflow_impact = models.TextField(blank=True)

    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(commitment_budget=None) | Q(commitment_budget__gte=0),
                name="portfolio_contract_budget_not_negative",
            ),
        )
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_FROZEN,
            ),
            NO_TRUNCATE,
        ]
