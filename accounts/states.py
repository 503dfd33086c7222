"""States and their groupings of this room. A leaf: imports nothing of the product."""

from django.db import models


class Function(models.TextChoices):
    """What a person, or a criterion, stands for (requirement 28)."""

    BUSINESS = "business", "Business"
    IT = "it", "IT"
    DATA = "data", "Data"
    RISK = "risk", "Risk"
    LEGAL = "legal", "Legal"
    HR = "hr", "HR"
    OPERATIONS = "operations", "Operations"


class Role(models.TextChoices):
    """A role granted for the whole installation. An administrator has no business authority."""

    ADMINISTRATOR = "administrator", "Administrator"
    PORTFOLIO_MANAGER = "portfolio_manager", "Portfolio manager"
    AUDITOR = "auditor", "Auditor"
    VIEWER = "viewer", "Viewer"


class InvitationState(models.TextChoices):
    """Whether an invitation can be accepted; not kept, but read from its dates."""

    OPEN = "open", "Open"
    USED = "used", "Accepted"
    EXPIRED = "expired", "Expired"


class DigestRhythm(models.TextChoices):
    """How often a person gets a digest."""

    WEEKLY = "weekly", "Weekly"
    DAILY = "daily", "Daily"
    MONTHLY = "monthly", "Monthly"
    OFF = "off", "Never"


class MailKind(models.TextChoices):
    """What a mail is about; each kind can be unsubscribed from on its own, account mail cannot."""

    DIGEST = "digest", "Digest"
    INVITATION = "invitation", "Invitation"
    ACCOUNT = "account", "Account"
    NOTICE = "notice", "Notice"


class MailState(models.TextChoices):
    """Where a mail stands in the outbox."""

    QUEUED = "queued", "Queued"
    SENDING = "sending", "Sending"
    SENT = "sent", "Sent"
    RETRY = "retry", "Waiting to try again"
    FAILED = "failed", "Failed"
    UNCERTAIN = "uncertain", "Uncertain"
    SUPPRESSED = "suppressed", "Suppressed"


#: States from which the sweep takes a mail.
MAIL_DUE = (MailState.QUEUED, MailState.RETRY, MailState.UNCERTAIN)
