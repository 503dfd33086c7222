"""Gate sets: published versions of the six gates and their criteria."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import IsNull
from django.urls import reverse

from accounts.models import User
from accounts.states import Function
from portfolio.states import RiskClass

_PARENT_PUBLISHED = """
    IF EXISTS (SELECT 1 FROM gates_gateset s WHERE s.published_at IS NOT NULL AND s.id IN ({gate_sets})) THEN
        RAISE EXCEPTION 'gate set is published and cannot be changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN {row};
"""
_SET_OF_GATE = "(SELECT g.gate_set_id FROM gates_gate g WHERE g.id = {row}.gate_id)"


_NO_TRUNCATE = pgtrigger.Trigger(
    name="no_truncate",
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    level=pgtrigger.Statement,
    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
)


def _guards(gate_set: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse every change below a published set; `gate_set` is SQL over {row}.

    A row may neither leave a published set nor come into one, so an update looks at both of its ends.
    """
    return [
        pgtrigger.Trigger(
            name=f"published_{name}",
            when=pgtrigger.Before,
            operation=operation,
            func=_PARENT_PUBLISHED.format(gate_sets=", ".join(gate_set.format(row=row) for row in rows), row=rows[-1]),
        )
        for name, operation, rows in (
            ("insert", pgtrigger.Insert, ("NEW",)),
            ("update", pgtrigger.Update, ("OLD", "NEW")),
            ("delete", pgtrigger.Delete, ("OLD",)),
        )
    ] + [_NO_TRUNCATE]


class GateSet(models.Model):
    """A version of the gates: a draft, at most one at a time, until it is published; from then on immutable."""

    version = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=160)
    #: The published set of which a draft is a copy.
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: What is new in it and why, for those whose rounds may move to it.
    note = models.TextField(blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    #: Counts the changes of a draft, so that what is published is what was confirmed.
    revision = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                IsNull(F("published_at"), True),  # noqa: FBT003  as the lookup is spelled
                condition=Q(published_at=None),
                name="gates_gateset_one_draft",
            ),
        )
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(
                name="published",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
            _NO_TRUNCATE,
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.version})"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None


class Gate(models.Model):
    """One of the six readiness questions."""

    gate_set = models.ForeignKey(GateSet, on_delete=models.PROTECT, related_name="gates")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=40)
    title = models.CharField(max_length=80)
    question = models.TextField()
    lead_function = models.CharField(max_length=12, choices=Function)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("gate_set", "number")
        constraints = (
            models.UniqueConstraint(fields=["gate_set", "number"], name="gates_gate_number"),
            models.UniqueConstraint(fields=["gate_set", "slug"], name="gates_gate_slug"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=6), name="gates_gate_six"),
        )
        triggers: ClassVar[list[pgtrigger.Trigger]] = _guards("{row}.gate_set_id")

    def __str__(self) -> str:
        return f"Gate {self.number}: {self.title}"

    def get_absolute_url(self) -> str:
        """Where an administrator edits it while its set is a draft."""
        return reverse("gates:gate-edit", args=[self.gate_set.version, self.slug])


class Criterion(models.Model):
    """One checkable statement of a gate, belonging to a function."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="criteria")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=60)
    statement = models.TextField()
    convincing = models.TextField("what convinces", blank=True)
    not_enough = models.TextField("what does not count", blank=True)
    function = models.CharField(max_length=12, choices=Function)
    mandatory_from = models.CharField(max_length=8, choices=RiskClass)
    evidence_required = models.BooleanField(default=True)
    #: Days for which evidence stays valid; 0 means without limit.
    evidence_valid_days = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("gate", "number")
        verbose_name_plural = "criteria"
        constraints = (
            models.UniqueConstraint(fields=["gate", "number"], name="gates_criterion_number"),
            models.UniqueConstraint(fields=["gate", "slug"], name="gates_criterion_slug"),
        )
        triggers: ClassVar[list[pgtrigger.Trigger]] = _guards(_SET_OF_GATE)
