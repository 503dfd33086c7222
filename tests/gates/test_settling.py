"""Precedents: who notes how a question was settled, who reads it, and how it is withdrawn."""

import pytest

from accounts.obstacles import RefusedError
from accounts.states import Function
from audit.models import Event
from gates.convening import name_reviewer
from gates.models import Criterion, GateReview, Precedent, PrecedentWithdrawal
from gates.precedents import precedents_of
from gates.settling import withdraw_precedent, write_precedent
from portfolio.states import Visibility
from tests import building
from tests.gates.drafting_for import draft_of, one_of, published, reworded
from tests.gates.reviewing_for import concluded, first, found, settled


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.running(cast, today=today, now=now, risk_class="low")


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


def read(reader, *criteria) -> list[list[str]]:
    return [[note.text for note in notes] for notes in precedents_of(criteria or [first()], reader).values()]


@pytest.mark.requirement(39, page="/precedents/")
class TestReading:
    def test_a_note_stands_beside_the_criterion_in_every_pilot(self, cast, pilot, today, now):
        settled(cast, pilot, today=today, now=now, text="Eight weeks were enough.")
        assert read(cast.charlie) == [["Eight weeks were enough."]]

    def test_a_reworded_criterion_keeps_its_notes_in_the_next_set(self, cast, pilot, today, now):
        settled(cast, pilot, today=today, now=now)
        draft = draft_of(cast, now=now)
        reworded(cast, draft, "representative-data", now=now)
        published(cast, draft, now=now)
        assert read(cast.charlie, one_of(draft, "representative-data")) == [["Eight weeks of live data were enough."]]

    def test_what_was_settled_in_a_restricted_pilot_is_not_there_for_others(self, cast, gate_set, today, now):
        hidden = building.running(cast, today=today, now=now, visibility=Visibility.RESTRICTED)
        settled(cast, hidden, today=today, now=now)
        assert [read(person) for person in (cast.charlie, cast.viewer, cast.alice, cast.manager)] == [
            [[]], [[]], [["Eight weeks of live data were enough."]], [["Eight weeks of live data were enough."]],
        ]  # fmt: skip

    def test_one_query_for_many_criteria(self, cast, pilot, today, now, django_assert_max_num_queries):
        settled(cast, pilot, today=today, now=now)
        criteria = list(Criterion.objects.select_related("gate"))
        precedents_of(criteria[:1], cast.charlie)
        with django_assert_max_num_queries(2):  # the roles of the reader, and the notes
            found = precedents_of(criteria, cast.charlie)
            assert sum(len(notes) for notes in found.values()) == 1
            assert [str(note.review.round.pilot) for notes in found.values() for note in notes] == [str(pilot)]


class TestWriting:
    def write(self, cast, pilot, *, today, now, actor=None, text="Enough."):
        review = GateReview.objects.select_related("gate", "round__pilot").get(round__pilot=pilot)
        return write_precedent(
            actor=actor or cast.reviewer, review=review, criterion=first(), text=text, today=today, now=now
        )

    def test_a_question_is_settled_when_its_gate_is_concluded(self, cast, pilot, today, now):
        found(cast, pilot, first(), today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            self.write(cast, pilot, today=today, now=now, text=" ")
        assert codes(refused) == ["not_concluded", "text"]

    def test_only_what_was_assessed_is_settled(self, cast, pilot, today, now):
        review = concluded(cast, pilot, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            write_precedent(
                actor=cast.reviewer, review=review, criterion=one_of(review.gate.gate_set, "keeping-and-deleting"),
                text="Enough.", today=today, now=now,
            )  # fmt: skip
        assert codes(refused) == ["not_assessed"]

    def test_reviewers_of_its_function_speak_for_a_criterion(self, cast, pilot, today, now):
        concluded(cast, pilot, today=today, now=now)
        name_reviewer(actor=None, person=cast.charlie, function=Function.LEGAL, since=today, now=now)
        with pytest.raises(RefusedError) as refused:
            self.write(cast, pilot, today=today, now=now, actor=cast.charlie)
        assert codes(refused) == ["other_function"]
        name_reviewer(actor=None, person=cast.charlie, function=Function.DATA, since=today, now=now)
        assert self.write(cast, pilot, today=today, now=now, actor=cast.charlie).written_by == cast.charlie

    def test_the_lead_of_the_gate_speaks_for_all_of_it(self, cast, pilot, today, now):
        review = concluded(cast, pilot, today=today, now=now)
        name_reviewer(actor=None, person=cast.charlie, function=Function.DATA, since=today, now=now)
        legal = one_of(review.gate.gate_set, "permitted-use")
        note = write_precedent(actor=cast.charlie, review=review, criterion=legal, text="Enough.", today=today, now=now)
        assert (note.criterion.function, note.written_by) == ("legal", cast.charlie)

    def test_nobody_speaks_for_their_own_pilot(self, cast, pilot, today, now):
        concluded(cast, pilot, today=today, now=now)
        name_reviewer(actor=None, person=cast.alice, function=Function.DATA, since=today, now=now)
        with pytest.raises(RefusedError) as refused:
            self.write(cast, pilot, today=today, now=now, actor=cast.alice)
        assert codes(refused) == ["own_pilot"]

    def test_one_review_notes_it_once(self, cast, pilot, today, now):
        settled(cast, pilot, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            self.write(cast, pilot, today=today, now=now)
        assert codes(refused) == ["noted"]


class TestWithdrawing:
    def withdraw(self, cast, note, *, today, now, actor=None, reason="The law has changed."):
        withdraw_precedent(actor=actor or cast.reviewer, precedent=note, reason=reason, today=today, now=now)

    def test_a_withdrawn_note_is_shown_no_more_and_stays_on_record(self, cast, pilot, today, now):
        note = settled(cast, pilot, today=today, now=now)
        self.withdraw(cast, note, today=today, now=now)
        assert read(cast.charlie) == [[]]
        assert Precedent.objects.get().withdrawal.reason == "The law has changed."
        event = Event.objects.get(kind="gates.precedent.withdrawn")
        assert (event.scope, event.data["criterion"]) == (pilot.scope, "2.1")

    def test_then_another_one_can_be_written(self, cast, pilot, today, now):
        self.withdraw(cast, settled(cast, pilot, today=today, now=now), today=today, now=now)
        settled(cast, pilot, today=today, now=now, text="Twelve weeks now.")
        assert read(cast.charlie) == [["Twelve weeks now."]]

    def test_twice_is_once(self, cast, pilot, today, now):
        note = settled(cast, pilot, today=today, now=now)
        for reason in ("The law has changed.", "Another reason."):
            self.withdraw(cast, note, today=today, now=now, reason=reason)
        assert [one.reason for one in PrecedentWithdrawal.objects.all()] == ["The law has changed."]

    def test_it_needs_a_reason_and_somebody_who_speaks_for_it(self, cast, pilot, today, now):
        note = settled(cast, pilot, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            self.withdraw(cast, note, today=today, now=now, actor=cast.alice, reason=" ")
        assert codes(refused) == ["other_function", "own_pilot", "reason"]
