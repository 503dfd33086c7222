"""Mails of votes and notices: what is put to the committee, and one reminder to who has not voted."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string

from accounts.mailing import CONFIDENTIAL, enqueue, with_styles_inline
from accounts.models import User
from accounts.states import MailKind
from gates.models import Proposal
from gates.terms import Terms
from gates.voters import Voter
from portfolio.clock import clock_of
from portfolio.states import Visibility


def tell_of_proposal(proposal: Proposal, voters: Sequence[Voter], *, now: datetime) -> None:
    """Mail everybody who may vote on it, or call it in, that it is open."""
    _send(proposal, voters, now=now, reminder=False)


def remind_of_proposal(proposal: Proposal, voters: Sequence[Voter], *, now: datetime) -> None:
    """Mail those who have not voted that it closes soon."""
    _send(proposal, voters, now=now, reminder=True)


def _send(proposal: Proposal, voters: Sequence[Voter], *, now: datetime, reminder: bool) -> None:
    pilot = proposal.round.pilot
    context = {
        "proposal": proposal, "pilot": pilot, "terms": Terms.from_plain(proposal.terms), "reminder": reminder,
        "committee": proposal.committee, "base_url": settings.BASE_URL,
        "clock": clock_of(pilot, now.astimezone(ZoneInfo(proposal.committee.time_zone)).date()),
    }  # fmt: skip
    outcome = proposal.get_outcome_display().lower()
    what = f"Decision on notice, {outcome}" if proposal.is_notice else f"Your vote: {outcome}"
    text = render_to_string("gates/proposal_mail.txt", context)
    html = with_styles_inline(render_to_string("gates/proposal_mail.html", context))
    for voter in voters:
        if _can_read(voter.casts):
            enqueue(
                kind=MailKind.NOTICE,
                recipient=voter.casts,
                subject=f"{'Reminder: ' if reminder else ''}{pilot.code}: {what}",
                text=text,
                html=html,
                headers={CONFIDENTIAL: "Company-Confidential"} if pilot.visibility == Visibility.RESTRICTED else {},
                now=now,
            )


def _can_read(person: User) -> bool:
    """Who has joined; others would find a page that they cannot open."""
    return person.is_active and person.has_usable_password()
