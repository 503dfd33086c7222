"""Proposals: what a committee votes on, or is given notice of. What it says is frozen when it is opened."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from gates.models.committee import Committee
from gates.states import DecisionManner, MajorityRule, ProposalResult
from portfolio.models import Round
from portfolio.models.contract import NO_TRUNCATE
from portfolio.states import Outcome

#: What is voted on, and how: nothing of it changes after the opening.
FROZEN = (
    "round", "committee", "manner", "meeting", "outcome", "rationale", "terms", "conditions", "rule", "hidden",
    "opened_at", "opened_by", "closes_at", "supersedes", "supersedes_reason",
)  # fmt: skip


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def open(self) -> Self:
        """Neither carried, nor refused, nor taken back."""
        return self.filter(closed_at=None)


class Proposal(models.Model):
    """One of the four decisions with its terms, put before a committee."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="proposals")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="proposals")
    manner = models.CharField(max_length=16, choices=DecisionManner)
    #: The meeting in whose session a vote in a meeting is taken.
    meeting = models.ForeignKey(
        "gates.Meeting", on_delete=models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    outcome = models.CharField(max_length=10, choices=Outcome)
    rationale = models.TextField()
    #: What the outcome needs, and the conditions, as plain values (`gates.terms`, `gates.conditioning`).
    terms = models.JSONField(default=dict)
    conditions = models.JSONField(default=list)
    #: The decision that it would correct, and why; none where the round is undecided.
    supersedes = models.ForeignKey(
        "gates.Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    supersedes_reason = models.TextField(blank=True)
    rule = models.CharField(max_length=12, choices=MajorityRule)
    #: Whether nobody sees the votes of others before all have voted.
    hidden = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    #: When a vote in writing, or a notice, ends; none for a vote in a meeting.
    closes_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=12, choices=ProposalResult, blank=True)
    #: How it was counted, in plain values.
    count = models.JSONField(default=dict, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    #: Why it was called into a meeting, or withdrawn.
    because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["round"], condition=Q(closed_at=None), name="gates_proposal_one_open"),
            models.CheckConstraint(
                condition=Q(closed_at=None, result="") | (Q(closed_at__isnull=False) & ~Q(result="")),
                name="gates_proposal_closed_has_result",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes_reason=""), name="gates_proposal_correction_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=False) | Q(manner=DecisionManner.VOTE_IN_MEETING, meeting__isnull=False),
                name="gates_proposal_in_writing_closes",
            ),
        )
        indexes = (models.Index(fields=["closes_at"], condition=Q(closed_at=None), name="gates_proposal_open"),)
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.ReadOnly(name="frozen", fields=list(FROZEN)),
            pgtrigger.Protect(
                name="closed", operation=pgtrigger.Update, condition=pgtrigger.Q(old__closed_at__isnull=False)
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            NO_TRUNCATE,
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.round}"

    def get_absolute_url(self) -> str:
        return reverse("gates:proposal-detail", args=[self.round.pilot.code, self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_notice(self) -> bool:
        return self.manner == DecisionManner.CHAIR_ON_NOTICE
