"""Evidence as verbs: adding, supporting criteria, superseding, withdrawing; what each refuses."""

from contextlib import nullcontext
from datetime import timedelta

import pytest

from accounts.obstacles import RefusedError
from audit.models import Event
from gates.evidence_library import evidence_for, shelved
from gates.evidencing import Content, add_evidence, stop_using, supersede_evidence, use_evidence, withdraw_evidence
from gates.models import Criterion, Evidence, EvidenceUse, Gate, GateSet
from gates.queries import latest_round
from gates.reviewing import conclude_in_pilot, open_review
from gates.states import EvidenceKind, EvidenceState
from portfolio.history import told
from portfolio.models import Pilot
from portfolio.states import LampState, Outcome
from tests import building
from tests.gates.deciding_for import decide
from tests.gates.evidence.adding import add_note, criterion
from tests.gates.reviewing_for import all_required


@pytest.fixture
def pilot(cast, gate_set, today, now) -> Pilot:
    return building.running(cast, today=today, now=now)


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


def supports(pilot, one, today) -> list[tuple[str, EvidenceState]]:
    found = evidence_for([one], latest_round(pilot), today=today)
    return [(view.evidence.title, view.state) for view in found[one.pk]]


class TestAdding:
    def test_a_piece_supports_as_many_criteria_as_it_is_named_for(self, cast, pilot, today, now):
        first, second = criterion(1, 1), criterion(2, 3)
        piece = add_note(cast, pilot, criteria=[first, second], today=today, now=now)
        found = evidence_for([first, second, criterion(3, 1)], latest_round(pilot), today=today)
        assert {one: [view.evidence for view in views] for one, views in found.items()} == {
            first.pk: [piece], second.pk: [piece], criterion(3, 1).pk: [],
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("content", "refused_for"),
        [
            (Content(kind=EvidenceKind.NOTE, title="A", note="B"), []),
            (Content(kind=EvidenceKind.LINK, title="A", url="https://example.org/a?b#c"), []),
            (Content(kind=EvidenceKind.NOTE, title=" ", note=" "), ["title", "note"]),
            (Content(kind=EvidenceKind.LINK, title="A", url=""), ["url"]),
            (Content(kind=EvidenceKind.LINK, title="A", url="javascript:alert(1)"), ["url"]),
            (Content(kind=EvidenceKind.LINK, title="A", url="ftp://example.org/"), ["url"]),
            (Content(kind=EvidenceKind.LINK, title="A", url="example.org"), ["url"]),
            (Content(kind=EvidenceKind.FILE, title=""), ["title", "file"]),
        ],
    )
    def test_everything_that_is_missing_is_named(self, cast, pilot, today, now, content, refused_for):
        seen = []
        try:
            add_evidence(actor=cast.alice, pilot=pilot, content=content, today=today, now=now)
        except RefusedError as refused:
            seen = [obstacle.code for obstacle in refused.obstacles]
        assert seen == refused_for
        assert Evidence.objects.count() == (not refused_for)

    @pytest.mark.parametrize(("days", "is_refused"), [(-1, True), (0, False), (1, False)])
    def test_what_is_over_already_is_refused(self, cast, pilot, today, now, days, is_refused):
        until = today + timedelta(days=days)
        with pytest.raises(RefusedError) if is_refused else nullcontext():
            add_note(cast, pilot, valid_until=until, today=today, now=now)
        assert Evidence.objects.count() == (not is_refused)

    def test_a_criterion_that_the_round_does_not_ask_for_is_refused_and_nothing_is_added(self, cast, pilot, today, now):
        draft = GateSet.objects.create(version=99, title="Not published")
        gate = Gate.objects.create(gate_set=draft, number=1, slug="strange", title="Strange", lead_function="it")
        strange = Criterion.objects.create(gate=gate, number=1, slug="strange", function="it", mandatory_from="low")
        with pytest.raises(RefusedError) as refused:
            add_note(cast, pilot, criteria=[strange], today=today, now=now)
        assert codes(refused) == ["criterion"]
        assert Evidence.objects.count() == 0

    def test_it_is_told_in_the_pilots_history(self, cast, pilot, today, now):
        add_note(cast, pilot, title="Talk of May", criteria=[criterion(1, 2)], today=today, now=now)
        events = Event.objects.filter(kind__startswith="gates.evidence", scope=pilot.scope).order_by("-sequence")
        assert [event.what for event in told(list(events))] == [
            "Named “Talk of May” as evidence for criterion 1.2",
            "Added evidence “Talk of May” (note)",
        ]


class TestUsing:
    def test_saying_it_twice_adds_one_row(self, cast, pilot, today, now):
        piece = add_note(cast, pilot, today=today, now=now)
        first = use_evidence(actor=cast.alice, evidence=piece, criterion=criterion(), now=now)
        assert use_evidence(actor=cast.alice, evidence=piece, criterion=criterion(), now=now) == first
        assert EvidenceUse.objects.count() == 1

    def test_it_can_cease_and_begin_again_and_all_of_it_is_kept(self, cast, pilot, today, now):
        piece = add_note(cast, pilot, criteria=[criterion()], today=today, now=now)
        assert stop_using(actor=cast.alice, evidence=piece, criterion=criterion(), now=now) is not None
        assert supports(pilot, criterion(), today) == []
        assert stop_using(actor=cast.alice, evidence=piece, criterion=criterion(), now=now) is None
        use_evidence(actor=cast.alice, evidence=piece, criterion=criterion(), now=now)
        assert supports(pilot, criterion(), today) == [(piece.title, EvidenceState.CURRENT)]
        assert list(EvidenceUse.objects.order_by("id").values_list("change", flat=True)) == ["begun", "ended", "begun"]

    def test_what_a_conclusion_relied_on_stays_with_it(self, cast, pilot, today, now):
        piece = add_note(cast, pilot, criteria=[criterion(2, 1)], today=today, now=now)
        open_review(actor=cast.reviewer, pilot=pilot, gate_slug="production-data", now=now)
        all_required(cast, pilot, today=today, now=now)
        conclude_in_pilot(
            actor=cast.reviewer, pilot=pilot, gate_slug="production-data", state=LampState.PASSED, conclusion="",
            seen=None, today=today, now=now,
        )  # fmt: skip
        with pytest.raises(RefusedError) as refused:
            stop_using(actor=cast.alice, evidence=piece, criterion=criterion(2, 1), now=now)
        assert codes(refused) == ["concluded"]
        assert stop_using(actor=cast.alice, evidence=piece, criterion=criterion(1, 1), now=now) is None

    def test_after_the_decision_nothing_is_attached_any_more(self, cast, pilot, today, now):
        piece = add_note(cast, pilot, criteria=[criterion()], today=today, now=now)
        decide(cast, pilot, Outcome.STOP, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            use_evidence(actor=cast.alice, evidence=piece, criterion=criterion(1, 2), now=now)
        assert codes(refused) == ["no_open_round"]

    def test_the_decision_that_relied_on_it_is_named(self, cast, pilot, today, now):
        piece = add_note(cast, pilot, criteria=[criterion()], today=today, now=now)
        unused = add_note(cast, pilot, title="Unused", today=today, now=now)
        decision = decide(cast, pilot, Outcome.STOP, today=today, now=now)
        rows = shelved([piece, unused], today)
        assert [row.decisions for row in rows] == [[decision], []]


class TestAging:
    @pytest.mark.parametrize(
        ("days", "state"),
        [
            (31, EvidenceState.CURRENT),
            (30, EvidenceState.EXPIRING),
            (0, EvidenceState.EXPIRING),
            (-1, EvidenceState.EXPIRED),
        ],
    )
    def test_a_piece_counts_until_its_last_day(self, cast, pilot, today, now, days, state):
        long_ago = today - timedelta(days=60)
        piece = add_note(
            cast, pilot, valid_until=today + timedelta(days=days), criteria=[criterion()], today=long_ago, now=now
        )
        assert supports(pilot, criterion(), today) == [(piece.title, state)]
        assert shelved([piece], today)[0].state == state

    def test_a_criterion_lets_evidence_grow_only_so_old(self, cast, pilot, today, now):
        one = criterion()
        assert one.evidence_valid_days == 365
        added = today - timedelta(days=366)
        piece = add_note(cast, pilot, criteria=[one], today=added, now=now - timedelta(days=366))
        assert supports(pilot, one, today) == [(piece.title, EvidenceState.EXPIRED)]
        assert supports(pilot, one, today - timedelta(days=1)) == [(piece.title, EvidenceState.EXPIRING)]
        assert shelved([piece], today)[0].state == EvidenceState.CURRENT

    def test_who_counts_it_is_told_whether_it_does(self, cast, pilot, today, now):
        add_note(cast, pilot, criteria=[criterion()], valid_until=today, today=today, now=now)
        views = evidence_for([criterion()], latest_round(pilot), today=today)[criterion().pk]
        later = evidence_for([criterion()], latest_round(pilot), today=today + timedelta(days=1))[criterion().pk]
        assert [view.counts for view in views + later] == [True, False]


class TestSupersedingAndWithdrawing:
    def test_the_newer_piece_supports_what_the_older_one_did(self, cast, pilot, today, now):
        old = add_note(cast, pilot, criteria=[criterion(1, 1), criterion(2, 1)], today=today, now=now)
        newer = Content(kind=EvidenceKind.NOTE, title="Talk of June", note="All agreed.")
        supersede_evidence(actor=cast.alice, old=old, content=newer, today=today, now=now)
        for one in (criterion(1, 1), criterion(2, 1)):
            assert supports(pilot, one, today) == [("Talk of June", EvidenceState.CURRENT)]

    def test_a_piece_is_superseded_or_withdrawn_once_and_used_no_more(self, cast, pilot, today, now):
        old = add_note(cast, pilot, criteria=[criterion()], today=today, now=now)
        newer = Content(kind=EvidenceKind.NOTE, title="Talk of June", note="All agreed.")
        supersede_evidence(actor=cast.alice, old=old, content=newer, today=today, now=now)
        for call in (
            lambda: supersede_evidence(actor=cast.alice, old=old, content=newer, today=today, now=now),
            lambda: withdraw_evidence(actor=cast.alice, evidence=old, reason="Wrong.", now=now),
            lambda: use_evidence(actor=cast.alice, evidence=old, criterion=criterion(1, 2), now=now),
        ):
            with pytest.raises(RefusedError) as refused:
                call()
            assert codes(refused) == ["superseded"]

    def test_withdrawn_evidence_stays_and_says_so(self, cast, pilot, today, now):
        piece = add_note(cast, pilot, criteria=[criterion()], today=today, now=now)
        withdraw_evidence(actor=cast.alice, evidence=piece, reason="The numbers were of another team.", now=now)
        assert supports(pilot, criterion(), today) == [(piece.title, EvidenceState.WITHDRAWN)]
        with pytest.raises(RefusedError) as refused:
            withdraw_evidence(actor=cast.alice, evidence=piece, reason="", now=now)
        assert codes(refused) == ["withdrawn", "reason"]
