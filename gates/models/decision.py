"""Decisions: recorded, reasoned, permanent."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from audit.models import AppendOnly
from gates.models.committee import Committee
from gates.models.proposal import Proposal
from gates.states import AuthorityPath, Change, StopReason
from portfolio.models import Round
from portfolio.states import Outcome, TimelineClass


class Decision(AppendOnly):
    """What a committee decided of a round. A correction is a new row that supersedes this one."""

    number = models.CharField(max_length=16, unique=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decisions")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, null=True, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome)
    rationale = models.TextField()
    #: What the committee voted on, or was given notice of; none where the chair decides after hearing.
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="decision")
    authority_path = models.CharField(max_length=20, choices=AuthorityPath, default=AuthorityPath.CHAIR)
    #: Who decided, in words, as the record is read years later.
    deciders = models.TextField(blank=True)
    dissent = models.TextField(blank=True)
    override_reason = models.TextField(blank=True)
    decided_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    learnings = models.TextField(blank=True)
    # scale
    launch_on = models.DateField(null=True, blank=True)
    #: How long the launch takes by what is ready for it (requirement 76), and the case that it rests on.
    timeline_class = models.CharField(max_length=8, choices=TimelineClass, blank=True)
    business_case = models.PositiveIntegerField("version of the business case", null=True, blank=True)
    #: The answers of the scale checklist: item, answer, because (requirement 55).
    checklist = models.JSONField(default=list, blank=True)
    # redesign (requirement 56)
    redesign = models.TextField(blank=True)
    redesign_of = ArrayField(models.CharField(max_length=8, choices=Change), default=list, blank=True)
    next_criteria = models.TextField("what the next round is measured by", blank=True)
    # the window of the round that a redesign or a research round opens
    next_starts_on = models.DateField(null=True, blank=True)
    next_planned_end = models.DateField(null=True, blank=True)
    next_due = models.DateField(null=True, blank=True)
    # stop (requirements 57 to 59)
    stop_reason = models.CharField(max_length=30, choices=StopReason, blank=True)
    not_yet = models.TextField("what must change first", blank=True)
    look_again_on = models.DateField(null=True, blank=True)
    # research (requirement 60); its review date is `next_due`
    learning_goal = models.TextField(blank=True)
    budget_cap = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    #: The matter as it stood: canonical JSON, with its SHA-256.
    snapshot = models.BinaryField()
    snapshot_sha256 = models.CharField(max_length=64)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    supersedes_reason = models.TextField(blank=True)

    class Meta(AppendOnly.Meta):
        ordering = ("-decided_on", "-number")
        constraints = (
            # The first decision of a round is the only one that supersedes nothing, and each is superseded at
            # most once: so a round has one effective decision, the end of one line.
            models.UniqueConstraint(
                fields=["round"], condition=Q(supersedes=None), name="gates_decision_one_per_round"
            ),
            models.CheckConstraint(condition=~Q(rationale=""), name="gates_decision_has_rationale"),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes_reason=""),
                name="gates_decision_correction_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.STOP) | (~Q(stop_reason="") & ~Q(learnings="")),
                name="gates_decision_stop_has_reason_and_learnings",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.RESEARCH)
                | (~Q(learning_goal="") & Q(budget_cap__isnull=False) & Q(next_due__isnull=False)),
                name="gates_decision_research_has_goal_cap_review",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.REDESIGN)
                | (~Q(redesign="") & ~Q(learnings="") & Q(next_due__isnull=False)),
                name="gates_decision_redesign_has_change",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes=F("id")), name="gates_decision_not_itself"
            ),
        )
        indexes = (models.Index(fields=["-decided_on"], name="gates_decision_newest"),)

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("gates:decision-detail", args=[self.number])
