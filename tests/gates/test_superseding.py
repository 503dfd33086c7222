"""Putting the record right: decisions that supersede others, and decisions that are recorded afterwards."""

from datetime import timedelta

import pytest

from accounts.obstacles import RefusedError
from audit.models import Event
from gates.afterwards import record_afterwards
from gates.conditioning import ConditionTerms
from gates.correcting import Correction
from gates.deciding import record_carried, supersede_decision
from gates.models import Committee, Condition, Decision, DecisionBasis
from gates.record import seal_of
from gates.rules.facts import read_facts
from gates.states import MajorityRule, VoteChoice
from gates.terms import Terms
from gates.voting import cast_vote, open_proposal
from portfolio.models import Pilot, Round, Standing
from portfolio.states import Outcome, RoundState, Stage
from tests import building
from tests.gates.deciding_for import decide, form_of, ready_to_scale, terms_of

YEAR = timedelta(days=365)


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.awaiting(cast, today=today, now=now)


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


def supersede(cast, old, outcome, *, today, now, reason="The reason was another.", **said):
    return supersede_decision(
        actor=cast.bob, decision=old, outcome=outcome, rationale="Too few letters, and too dear.", reason=reason,
        today=today, now=now, **{"terms": terms_of(outcome, today), **said},
    )  # fmt: skip


def lasting(decision) -> tuple:
    kept = Decision.objects.get(pk=decision.pk)
    return kept.rationale, kept.outcome, bytes(kept.snapshot), kept.snapshot_sha256


@pytest.mark.requirement(53, page="/decisions/D-2026-002/")
def test_a_year_later_the_words_are_put_right_and_both_stay_readable(cast, pilot, sign_in, today, now):
    term = ConditionTerms("Keep the letters.", cast.alice, today + timedelta(days=10))
    old = decide(cast, pilot, Outcome.RESEARCH, today=today, now=now, conditions=[term])
    before = lasting(old)
    said = {**vars(terms_of(Outcome.RESEARCH, today)), "learning_goal": "Whether it reads telegrams."}
    new = supersede(cast, old, Outcome.RESEARCH, today=today + YEAR, now=now + YEAR, terms=Terms(**said))
    assert (new.supersedes, new.number, lasting(old) == before) == (old, "D-2027-001", True)
    assert Round.objects.get(pilot=pilot, number=2).learning_goal == "Whether it reads telegrams."
    assert Condition.objects.get().waived_reason == "D-2027-001 supersedes D-2026-001, with conditions of its own."
    assert DecisionBasis.objects.filter(decision=new).exists()
    assert [read.decided.decided_on for read in read_facts([pilot.pk])] == [today + YEAR]
    assert seal_of(new).holds
    for number, text in (
        (old.number, "Superseded by"), (old.number, "Whether it reads handwriting."),
        (new.number, "The reason was another."), (new.number, "Whether it reads telegrams."),
    ):  # fmt: skip
        assert text in sign_in(cast.auditor).get(f"/decisions/{number}/").content.decode()


def test_another_outcome_moves_the_pilot_on_until_something_has_followed(cast, pilot, today, now):
    ready_to_scale(cast, pilot, today=today, now=now)
    old = decide(cast, pilot, Outcome.STOP, today=today, now=now)
    new = supersede(cast, old, Outcome.SCALE, today=today, now=now)
    assert (Pilot.objects.get(pk=pilot.pk).stage, Standing.objects.get().last_outcome) == (Stage.SCALING, "scale")
    last = supersede(cast, new, Outcome.REDESIGN, today=today, now=now)
    assert Pilot.objects.get(pk=pilot.pk).stage == Stage.DRAFT
    with pytest.raises(RefusedError) as refused:
        supersede(cast, last, Outcome.STOP, today=today, now=now, reason=" ")
    assert codes(refused) == ["supersedes_reason", "followed"]
    with pytest.raises(RefusedError) as refused:
        supersede(cast, old, Outcome.STOP, today=today, now=now)
    assert codes(refused) == ["superseded"]


def test_what_was_launched_is_not_undone_on_paper(cast, pilot, today, now):
    old = decide(cast, pilot, Outcome.SCALE, today=today, now=now)
    Pilot.objects.update(stage=Stage.IN_PRODUCTION)
    with pytest.raises(RefusedError) as refused:
        supersede(cast, old, Outcome.STOP, today=today, now=now)
    assert codes(refused) == ["launched"]


def test_a_correction_takes_the_same_path_as_a_decision(cast, pilot, today, now):
    old = decide(cast, pilot, Outcome.STOP, today=today, now=now)
    Committee.objects.update(majority_rule=MajorityRule.SIMPLE, quorum=2)
    with pytest.raises(RefusedError) as refused:
        supersede(cast, old, Outcome.STOP, today=today, now=now)
    assert codes(refused) == ["path"]
    proposal = open_proposal(
        actor=cast.bob, pilot=pilot, outcome=Outcome.STOP, rationale="Too dear.", terms=terms_of(Outcome.STOP, today),
        corrects=Correction(old, "It was the price."), closes_at=now + timedelta(days=3), seen=None, today=today,
        now=now,
    )  # fmt: skip
    for person in (cast.bob, cast.carol):
        cast_vote(actor=person, proposal=proposal, choice=VoteChoice.FOR, reason="", today=today, now=now)
    new = record_carried(actor=cast.bob, proposal=proposal, seen=None, today=today, now=now)
    assert (new.supersedes, new.supersedes_reason, new.authority_path) == (old, "It was the price.", "vote")


def test_the_form_begins_with_the_decision_and_is_the_chairs(cast, pilot, sign_in, today, now, time_machine):
    time_machine.move_to(now, tick=False)
    old = decide(cast, pilot, Outcome.STOP, today=today, now=now)
    url = f"/decisions/{old.number}/supersede/"
    bob = sign_in(cast.bob)
    assert url in bob.get(old.get_absolute_url()).content.decode()
    assert url not in sign_in(cast.carol).get(old.get_absolute_url()).content.decode()
    assert "Letters are sorted faster by hand." in bob.get(url).content.decode()
    sent = form_of(pilot, Outcome.STOP, today)
    refused = bob.post(url, sent)
    assert (refused.status_code, "Say what was wrong with it" in refused.content.decode()) == (422, True)
    Pilot.objects.filter(pk=pilot.pk).update(risk_class="high")
    unheard = bob.get(url).content.decode()
    assert ("Why it cannot be recorded yet" in unheard, 'disabled aria-describedby="not-yet"' in unheard) == (
        True,
        True,
    )
    Pilot.objects.filter(pk=pilot.pk).update(risk_class="low")
    assert bob.post(url, {**sent, "supersedes_reason": "A slip."}).url == "/decisions/D-2026-002/"


class TestAfterwards:
    @pytest.fixture
    def pilot(self, cast, gate_set, today, now):
        pilot = building.proposed(cast, today=today, now=now)
        Round.objects.update(state=RoundState.PAST)
        Pilot.objects.update(stage=Stage.STOPPED)
        return pilot

    def record(self, cast, pilot, *, today, now, **said):
        return record_afterwards(
            pilot=pilot, outcome=Outcome.STOP, rationale="Nobody used it.", terms=terms_of(Outcome.STOP, today),
            today=today, now=now,
            **{"actor": cast.manager, "decided_on": today - YEAR, "deciders": "The board of claims", **said},
        )  # fmt: skip

    def test_it_is_marked_and_changes_nothing_of_the_pilot(self, cast, pilot, sign_in, today, now):
        decision = self.record(cast, pilot, today=today, now=now)
        assert (decision.number, decision.authority_path) == ("D-2025-001", "recorded_afterwards")
        assert Pilot.objects.get().stage == Stage.STOPPED
        assert Event.objects.get(kind="gates.decision.recorded_afterwards").data["number"] == decision.number
        assert seal_of(decision).holds
        text = sign_in(cast.viewer).get(decision.get_absolute_url()).content.decode()
        assert ("recorded afterwards" in text, "The board of claims" in text) == (True, True)
        with pytest.raises(RefusedError) as refused:
            self.record(cast, pilot, today=today, now=now)
        assert codes(refused) == ["no_past_round"]

    @pytest.mark.parametrize(
        ("changes", "code"), [({"decided_on": None}, "decided_on"), ({"deciders": " "}, "deciders")]
    )
    def test_day_and_deciders_are_asked_for(self, cast, pilot, today, now, changes, code):
        with pytest.raises(RefusedError) as refused:
            self.record(cast, pilot, today=today, now=now, **changes)
        assert codes(refused) == [code]

    def test_by_the_page_by_chair_or_manager(self, cast, pilot, sign_in, today, now, time_machine):
        time_machine.move_to(now, tick=False)
        url = f"/pilots/{pilot.code}/decided-before/"
        assert url in sign_in(cast.manager).get(pilot.get_absolute_url()).content.decode()
        assert sign_in(cast.alice).get(url).status_code == 403
        bob, sent = sign_in(cast.bob), form_of(pilot, Outcome.STOP, today, deciders="The board")
        refused = bob.post(url, sent)
        assert (refused.status_code, "Say on which day it was decided" in refused.content.decode()) == (422, True)
        assert bob.post(url, {**sent, "decided_on": str(today - YEAR)}).url == "/decisions/D-2025-001/"
        assert bob.get(url).status_code == 200
