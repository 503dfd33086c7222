"""Shorthand for tests of gate pages: addresses, and findings by the reviewer of the cast."""

from datetime import timedelta

from gates.conditioning import ConditionTerms
from gates.models import Criterion, GateReview
from gates.reviewing import Found, assess_criteria, assess_in_pilot, conclude_in_pilot, open_review
from gates.settling import write_precedent
from gates.states import CONCLUSIONS, Finding, mandatory
from portfolio.states import LampState
from tests.remembering import remembering

GATE = "production-data"


def page_of(pilot, gate=GATE):
    return f"/pilots/{pilot.code}/gates/{gate}/"


def address_of(pilot, criterion):
    return f"{page_of(pilot, criterion.gate.slug)}criteria/{criterion.slug}/"


def first(gate=GATE):
    return Criterion.objects.select_related("gate").get(gate__gate_set__version=1, gate__slug=gate, number=1)


def found(cast, pilot, criterion, finding=Finding.MET, comment="", *, today, now, actor=None, seen=None):
    return assess_in_pilot(
        actor=actor or cast.reviewer, pilot=pilot, criterion=criterion, finding=finding, comment=comment, seen=seen,
        today=today, now=now,
    )  # fmt: skip


@remembering
def all_required(cast, pilot, *, today, now, gate=GATE, finding=Finding.MET, comment="", actor=None):
    actor = actor or cast.reviewer
    review = open_review(actor=actor, pilot=pilot, gate_slug=gate, now=now)
    asked = [
        Found(criterion, finding, comment)
        for criterion in Criterion.objects.filter(gate=review.gate)
        if mandatory(criterion.mandatory_from, pilot.risk_class)
    ]
    assess_criteria(actor=actor, review=review, found=asked, today=today, now=now)


@remembering
def concluded(cast, pilot, *, today, now, gate=GATE, state=LampState.PASSED, conclusion="", actor=None):
    """A gate of which every required criterion is met, concluded by `actor`, else the reviewer of the cast."""
    all_required(cast, pilot, today=today, now=now, gate=gate, actor=actor)
    return conclude_in_pilot(
        actor=actor or cast.reviewer, pilot=pilot, gate_slug=gate, state=state, conclusion=conclusion, seen=None,
        today=today, now=now,
    )  # fmt: skip


def settled(cast, pilot, *, today, now, gate=GATE, text="Eight weeks of live data were enough.", actor=None):
    """A precedent on the first criterion of a gate, which is concluded for it where it was not."""
    review = GateReview.objects.filter(round__pilot=pilot, gate__slug=gate, state__in=CONCLUSIONS).first()
    review = review or concluded(cast, pilot, today=today, now=now, gate=gate, actor=actor)
    return write_precedent(
        actor=actor or cast.reviewer, review=review, criterion=first(gate), text=text, today=today, now=now
    )


def conditions_for(cast, *, today, count=1):
    """Conditions of Alice's, due in thirty days."""
    return [
        ConditionTerms(text=f"Keep log {number}.", owner=cast.alice, due=today + timedelta(days=30))
        for number in range(1, count + 1)
    ]
