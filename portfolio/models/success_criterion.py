"""Success criteria: what a round promised to show, in figures."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from portfolio.models.contract import NO_TRUNCATE
from portfolio.models.round import Round
from portfolio.states import Direction, MetricKind

#: A criterion of a round that has started comes with the amendment that adds it, which is written first.
_FROZEN = """
IF TG_OP <> 'INSERT' THEN
    PERFORM 1 FROM portfolio_round WHERE id = OLD.round_id FOR SHARE;
    IF EXISTS (SELECT 1 FROM portfolio_round WHERE id = OLD.round_id AND state <> 'draft')
       OR EXISTS (SELECT 1 FROM portfolio_contract WHERE round_id = OLD.round_id AND frozen_on IS NOT NULL) THEN
        RAISE EXCEPTION 'pgtrigger: The criteria of round % are frozen; amend them', OLD.round_id;
    END IF;
END IF;
IF TG_OP <> 'DELETE' THEN
    PERFORM 1 FROM portfolio_round WHERE id = NEW.round_id FOR SHARE;
    IF (EXISTS (SELECT 1 FROM portfolio_round WHERE id = NEW.round_id AND state <> 'draft')
        OR EXISTS (SELECT 1 FROM portfolio_contract WHERE round_id = NEW.round_id AND frozen_on IS NOT NULL))
       AND NOT EXISTS (
           SELECT 1 FROM portfolio_amendment
           WHERE criterion_id = NEW.id AND round_id = NEW.round_id AND kind = 'added'
       ) THEN
        RAISE EXCEPTION 'pgtrigger: Round % has started; a criterion is added by an amendment', NEW.round_id;
    END IF;
    RETURN NEW;
END IF;
RETURN OLD;
"""


class SuccessCriterion(models.Model):
    """One metric of a round with where it began and where it is to go. Frozen from the start on."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="criteria")
    number = models.PositiveSmallIntegerField()
    metric = models.CharField(max_length=160)
    unit = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=8, choices=MetricKind, default=MetricKind.BUSINESS)
    direction = models.CharField(max_length=6, choices=Direction, default=Direction.HIGHER)
    baseline = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    target = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    #: How it is measured, and where the figures come from.
    method = models.TextField(blank=True)
    source = models.CharField(max_length=200, blank=True)
    measured_by = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("round", "number")
        constraints = (
            models.UniqueConstraint(fields=["round", "number"], name="portfolio_criterion_number"),
            models.CheckConstraint(condition=~Q(metric=""), name="portfolio_criterion_has_metric"),
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

    def __str__(self) -> str:
        return f"{self.number}. {self.metric}"
