"""The outbox: every mail is a row before it is a mail."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models.user import User
from accounts.states import MAIL_DUE, MailKind, MailState


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self, now: datetime) -> Self:
        """Mails whose turn has come, or whose sender died while holding them."""
        return self.filter(state__in=[*MAIL_DUE, MailState.SENDING], next_try_at__lte=now)


class Mail(models.Model):
    """One mail to one recipient, as it will be sent, and what became of it."""

    #: Made at insert and never changed, so that a mail sent twice carries the same one.
    message_id = models.CharField(max_length=255, unique=True)
    kind = models.CharField(max_length=12, choices=MailKind)
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="mails")
    to_address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    #: Further headers, name to value (List-Unsubscribe and the like).
    headers = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: When it is its turn; of one that is being sent, when its sender counts as dead.
    next_try_at = models.DateTimeField(db_default=Now())
    #: Fence: only who holds this token may say what became of the mail.
    lease = models.UUIDField(null=True, blank=True)
    #: What the server said last, in its words, without the recipient's address.
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["next_try_at", "id"],
                name="accounts_mail_due",
                condition=Q(state__in=[*MAIL_DUE, MailState.SENDING]),
            ),
            models.Index(fields=["recipient", "-created_at"], name="accounts_mail_recipient"),
            models.Index(fields=["-created_at"], name="accounts_mail_newest"),
        )
