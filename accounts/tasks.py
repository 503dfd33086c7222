"""Envelopes of this room's jobs. What they do stands in `delivering`."""

from celery import shared_task
from django.utils import timezone

from accounts.delivering import deliver_due
from accounts.mailing import DELIVERY
from accounts.ringing import ring
from audit.jobs import job_run


@shared_task(name=DELIVERY)  # type: ignore[untyped-decorator]
def mail_deliver() -> None:
    """Send what is due. Two at once share the work; what is left after the time allowed is rung for again."""
    with job_run(DELIVERY) as outcome:
        delivery = deliver_due(now=timezone.now())
        outcome.update({str(state): count for state, count in delivery.states.items()})
        if delivery.unreachable:
            outcome["unreachable"] = delivery.unreachable
    if delivery.cut_short:
        ring(DELIVERY)
