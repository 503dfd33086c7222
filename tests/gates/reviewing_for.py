"""Shorthand for tests of gate pages: addresses, and findings by the reviewer of the cast."""

from datetime import timedelta

from gates.conditioning import ConditionTerms
from gates.models import Criterion
from gates.reviewing import assess_in_pilot
from gates.states import Finding, mandatory

GATE = "production-data"


def page_of(pilot, gate=GATE):
    return f"/pilots/{pilot.code}/gates/{gate}/"


def address_of(pilot, criterion):
    return f"{page_of(pilot, criterion.gate.slug)}criteria/{criterion.slug}/"


def first(gate=GATE):
    return Criterion.objects.select_related("gate").get(gate__slug=gate, number=1)


def found(cast, pilot, criterion, finding=Finding.MET, comment="", *, today, now, actor=None, seen=None):
    return assess_in_pilot(
        actor=actor or cast.reviewer, pilot=pilot, criterion=criterion, finding=finding, comment=comment, seen=seen,
        today=today, now=now,
    )  # fmt: skip


def all_required(cast, pilot, *, today, now, gate=GATE, finding=Finding.MET, comment=""):
    for criterion in Criterion.objects.select_related("gate").filter(gate__slug=gate):
        if mandatory(criterion.mandatory_from, pilot.risk_class):
            found(cast, pilot, criterion, finding, comment, today=today, now=now)


def conditions_for(cast, *, today, count=1):
    """Conditions of Alice's, due in thirty days."""
    return [
        ConditionTerms(text=f"Keep log {number}.", owner=cast.alice, due=today + timedelta(days=30))
        for number in range(1, count + 1)
    ]
