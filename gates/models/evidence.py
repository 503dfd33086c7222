"""Evidence: one library per pilot. Pieces, what becomes of them and what they support are rows that are only added."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from audit.models import AppendOnly
from gates.models.gate_set import Criterion
from gates.states import EvidenceKind, FileState, FileType, UseChange
from portfolio.models import Measurement, Pilot, Round


class StoredFile(models.Model):
    """A file in the private store, named by what is in it. Only what the scanner says of it ever changes."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    #: Found in the content, never taken from who sent it.
    type = models.CharField(max_length=8, choices=FileType)
    state = models.CharField(max_length=12, choices=FileState)
    #: When a scanner looked at it; None where none has.
    scanned_at = models.DateTimeField(null=True, blank=True)
    stored_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="gates_storedfile_sha256"),
            models.CheckConstraint(
                condition=~Q(state=FileState.BLOCKED) | Q(scanned_at__isnull=False),
                name="gates_storedfile_blocked_by_scanner",
            ),
        )
        indexes = (
            models.Index(fields=["id"], condition=Q(state=FileState.QUARANTINED), name="gates_storedfile_waiting"),
        )
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="same_content", fields=["sha256", "size", "type", "stored_at"]),
        ]


class Evidence(AppendOnly):
    """One piece of evidence of a pilot. It is never edited: another piece supersedes it, or it is withdrawn."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=12, choices=EvidenceKind)
    title = models.CharField(max_length=200)
    #: What it shows; of a note, the note itself. Markdown.
    note = models.TextField(blank=True)
    url = models.URLField(max_length=1000, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    #: The name under which it is downloaded.
    file_name = models.CharField(max_length=160, blank=True)
    measurement = models.ForeignKey(
        Measurement, on_delete=models.PROTECT, null=True, blank=True, related_name="as_evidence"
    )
    #: The last day on which it counts; None: as long as its criterion lets it.
    valid_until = models.DateField(null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        verbose_name_plural = "evidence"
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="gates_evidence_has_title"),
            models.CheckConstraint(
                condition=Q(kind=EvidenceKind.FILE, file__isnull=False, url="", measurement=None) & ~Q(file_name="")
                | Q(kind=EvidenceKind.LINK, file=None, measurement=None) & ~Q(url="")
                | Q(kind=EvidenceKind.NOTE, file=None, url="", measurement=None) & ~Q(note="")
                | Q(kind=EvidenceKind.MEASUREMENT, file=None, url="", measurement__isnull=False),
                name="gates_evidence_is_what_its_kind_says",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes=F("id")), name="gates_evidence_not_itself"
            ),
        )
        indexes = (models.Index(fields=["pilot", "-id"], name="gates_evidence_newest"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("gates:evidence-detail", args=[self.pilot.code, self.pk])


class Withdrawal(AppendOnly):
    """A piece of evidence no longer stands, and why. It stays readable."""

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="gates_withdrawal_has_reason"),)


class EvidenceUse(AppendOnly):
    """A piece began or ceased to support a criterion in a round; the last row of the three says which."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="uses")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    change = models.CharField(max_length=8, choices=UseChange)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = (
            models.Index(fields=["round", "evidence", "criterion", "-id"], name="gates_evidenceuse_latest"),
            models.Index(fields=["evidence", "criterion", "round", "-id"], name="gates_evidenceuse_of_piece"),
        )
