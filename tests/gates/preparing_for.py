"""Shorthand for tests of preparing and reviewing: gates that are claimed, submitted, assessed, concluded."""

from gates.evidencing import Content, add_evidence
from gates.models import Criterion, GateReview
from gates.preparing import save_claim, submit_review
from gates.queries import gate_set_of, latest_round
from gates.reviewing import conclude_review
from gates.states import EvidenceKind, Finding, mandatory
from portfolio.states import LampState
from tests.gates.reviewing_for import GATE, all_required
from tests.remembering import remembering


def required(pilot, gate=GATE):
    asked = Criterion.objects.filter(gate__gate_set=gate_set_of(latest_round(pilot)), gate__slug=gate)
    criteria = asked.select_related("gate").order_by("number")
    return [one for one in criteria if mandatory(one.mandatory_from, pilot.risk_class)]


@remembering
def claimed(cast, pilot, *, today, now, gate=GATE, but=(), valid_until=None):
    """Claims, views and one note as evidence for every required criterion, but those named in `but`."""
    criteria = [one for one in required(pilot, gate) if one.slug not in but]
    for one in criteria:
        save_claim(actor=cast.alice, pilot=pilot, criterion=one, text="It holds.", view=Finding.MET, seen=None, now=now)
    content = Content(kind=EvidenceKind.NOTE, title="Minutes", note="We looked.", valid_until=valid_until)
    return add_evidence(actor=cast.alice, pilot=pilot, content=content, criteria=criteria, today=today, now=now)


@remembering
def submitted(cast, pilot, *, today, now, gate=GATE, **further) -> GateReview:
    claimed(cast, pilot, today=today, now=now, gate=gate, **further)
    return submit_review(actor=cast.alice, pilot=pilot, gate_slug=gate, seen=None, today=today, now=now)


@remembering
def concluded(cast, pilot, *, today, now, gate=GATE, **further) -> GateReview:
    """Prepared, submitted, every required criterion met, passed."""
    review = submitted(cast, pilot, today=today, now=now, gate=gate, **further)
    all_required(cast, pilot, today=today, now=now, gate=gate)
    return conclude_review(
        actor=cast.reviewer, review=review, state=LampState.PASSED, conclusion="", seen=None, today=today, now=now
    )
