"""Drafts of gate sets: copying, rewording, adding, moving, retiring, and what is different afterwards."""

import pytest
from django.db import IntegrityError, transaction

from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from gates.drafting_sets import (
    CRITERION_FACTS,
    add_criterion,
    begin_draft,
    bring_back_criterion,
    change_criterion,
    change_gate,
    discard_draft,
    move_criterion,
    retire_criterion,
)
from gates.models import Criterion, Gate, GateSet
from gates.queries import draft_set, newest_set
from gates.set_difference import difference, open_rounds_by_set
from tests import building
from tests.gates.drafting_for import FACTS, draft_of, gate_of, one_of, reworded, slugs


@pytest.fixture
def draft(cast, gate_set, now) -> GateSet:
    return draft_of(cast, now=now)


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


def said(gate_set) -> list[tuple]:
    rows = Criterion.objects.filter(gate__gate_set=gate_set).order_by("gate__number", "number")
    return list(rows.values_list("gate__number", "number", "slug", *CRITERION_FACTS))


class TestBeginning:
    def test_a_draft_says_what_the_published_set_says(self, gate_set, draft):
        assert (draft.version, draft.based_on, draft.is_draft) == (2, gate_set, True)
        assert said(draft) == said(gate_set)
        assert len(said(draft)) == 62
        assert not difference(gate_set, draft).is_any

    def test_rounds_do_not_see_it(self, gate_set, draft):
        assert (newest_set(), draft_set()) == (gate_set, draft)

    def test_a_second_draft_is_refused_by_name_of_who_began_the_first(self, cast, draft, now):
        with pytest.raises(RefusedError) as refused:
            begin_draft(actor=cast.administrator, now=now)
        assert refused.value.messages == ["There is a draft already, begun by Administrator."]

    def test_a_second_draft_is_refused_by_the_database(self, draft):
        with pytest.raises(IntegrityError, match="gates_gateset_one_draft"), transaction.atomic():
            GateSet.objects.create(version=9, title="Another")

    def test_nothing_can_be_copied_before_a_set_is_published(self, cast, now):
        with pytest.raises(RefusedError) as refused:
            begin_draft(actor=cast.administrator, now=now)
        assert codes(refused) == ["nothing_published"]

    def test_a_discarded_draft_leaves_the_published_set_and_a_trace(self, cast, gate_set, draft, now):
        before = said(gate_set)
        discard_draft(actor=cast.administrator, draft=draft, seen=draft.revision, now=now)
        assert (list(GateSet.objects.all()), said(gate_set)) == ([gate_set], before)
        kinds = Event.objects.filter(kind__startswith="gates.set.").order_by("sequence").values_list("kind", flat=True)
        assert list(kinds) == ["gates.set.published", "gates.set.begun", "gates.set.discarded"]

    def test_a_draft_that_changed_meanwhile_is_not_discarded(self, cast, draft, now):
        reworded(cast, draft, "data-owner", now=now)
        with pytest.raises(StaleError) as stale:
            discard_draft(actor=cast.administrator, draft=draft, seen=draft.revision, now=now)
        assert (stale.value.seen, stale.value.current) == (1, 2)


class TestEditing:
    def test_a_criterion_is_added_at_the_end_under_a_name_of_its_own(self, cast, draft, now):
        first = add_criterion(actor=cast.administrator, gate=gate_of(draft), now=now, **FACTS)
        again = add_criterion(actor=cast.administrator, gate=gate_of(draft), now=now, **FACTS)
        assert [(one.number, one.slug) for one in (first, again)] == [
            (12, "somebody-reads-a-sample-of-the-answers-every-week"),
            (13, "somebody-reads-a-sample-of-the-answers-every-week-2"),
        ]

    def test_a_new_criterion_never_takes_the_name_of_a_retired_one(self, cast, draft, now):
        retire_criterion(actor=cast.administrator, criterion=one_of(draft, "data-owner"), now=now)
        added = add_criterion(
            actor=cast.administrator, gate=gate_of(draft), now=now, **FACTS | {"statement": "Data owner"}
        )
        assert added.slug == "data-owner-2"

    def test_a_statement_in_another_script_has_a_name_too(self, cast, draft, now):
        added = add_criterion(actor=cast.administrator, gate=gate_of(draft), now=now, **FACTS | {"statement": "数据"})
        assert added.slug == "criterion"

    @pytest.mark.parametrize(("places", "expected"), [(-1, 0), (1, 2), (-5, 0), (99, 10)])
    def test_moving_keeps_the_others_in_order(self, cast, draft, now, places, expected):
        before = slugs(draft)
        moved = move_criterion(actor=cast.administrator, criterion=one_of(draft, before[1]), places=places, now=now)
        left = [slug for slug in before if slug != before[1]]
        assert slugs(draft) == [*left[:expected], before[1], *left[expected:]]
        assert moved.number == expected + 1

    def test_moving_the_first_one_up_changes_nothing(self, cast, draft, now):
        move_criterion(actor=cast.administrator, criterion=one_of(draft, slugs(draft)[0]), places=-1, now=now)
        draft.refresh_from_db()
        assert (draft.revision, Event.objects.filter(kind="gates.criterion.moved").count()) == (1, 0)

    def test_retiring_closes_the_gap_and_bringing_back_restores_the_words(self, cast, gate_set, draft, now):
        reworded(cast, draft, "data-owner", now=now)
        retire_criterion(actor=cast.administrator, criterion=one_of(draft, "data-owner"), now=now)
        left = Criterion.objects.filter(gate=gate_of(draft)).order_by("number").values_list("number", flat=True)
        assert list(left) == list(range(1, 11))
        back = bring_back_criterion(actor=cast.administrator, gate=gate_of(draft), slug="data-owner", now=now)
        assert (back.number, back.statement) == (11, one_of(gate_set, "data-owner").statement)

    def test_what_was_never_retired_is_not_brought_back(self, cast, draft, now):
        kept = bring_back_criterion(actor=cast.administrator, gate=gate_of(draft), slug="data-owner", now=now)
        assert kept == one_of(draft, "data-owner")
        with pytest.raises(RefusedError) as refused:
            bring_back_criterion(actor=cast.administrator, gate=gate_of(draft), slug="nonsense", now=now)
        assert codes(refused) == ["not_retired"]

    def test_two_editors_of_one_criterion_do_not_overwrite_each_other(self, cast, draft, now):
        seen = one_of(draft, "data-owner")
        reworded(cast, draft, "data-owner", now=now, statement="First.")
        with pytest.raises(StaleError):
            change_criterion(actor=cast.administrator, criterion=seen, seen=seen.version, now=now, statement="Second.")
        assert one_of(draft, "data-owner").statement == "First."

    def test_two_editors_of_one_gate_do_not_either(self, cast, draft, now):
        change_gate(actor=cast.administrator, gate=gate_of(draft), seen=1, now=now, title="Data")
        with pytest.raises(StaleError):
            change_gate(actor=cast.administrator, gate=gate_of(draft), seen=1, now=now, title="Facts")
        assert gate_of(draft).title == "Data"

    def test_saving_what_is_there_already_is_no_change(self, cast, draft, now):
        change_gate(actor=cast.administrator, gate=gate_of(draft), seen=1, now=now, title=gate_of(draft).title)
        same = one_of(draft, "data-owner").statement
        reworded(cast, draft, "data-owner", now=now, statement=same)
        draft.refresh_from_db()
        assert (draft.revision, gate_of(draft).version, one_of(draft, "data-owner").version) == (1, 1, 1)

    @pytest.mark.parametrize("verb", ["change", "add", "move", "retire", "bring back", "gate", "discard"])
    def test_a_published_set_is_not_edited(self, cast, gate_set, now, verb):
        criterion, who = one_of(gate_set, "data-owner"), {"actor": cast.administrator, "now": now}
        edits = {
            "change": lambda: change_criterion(criterion=criterion, seen=None, statement="Other.", **who),
            "add": lambda: add_criterion(gate=criterion.gate, **who, **FACTS),
            "move": lambda: move_criterion(criterion=criterion, places=1, **who),
            "retire": lambda: retire_criterion(criterion=criterion, **who),
            "bring back": lambda: bring_back_criterion(gate=criterion.gate, slug="data-owner", **who),
            "gate": lambda: change_gate(gate=criterion.gate, seen=None, title="Other", **who),
            "discard": lambda: discard_draft(draft=gate_set, seen=None, **who),
        }
        with pytest.raises(RefusedError) as refused:
            edits[verb]()
        assert refused.value.messages == ["Gate set 1 is published and stays as it is."]


class TestDifference:
    def test_everything_that_was_done_is_told_and_nothing_else(self, cast, gate_set, draft, now):
        who = {"actor": cast.administrator, "now": now}
        change_gate(gate=gate_of(draft), seen=None, question="Will the data come?", **who)
        reworded(cast, draft, "data-owner", now=now, statement="Each source has an owner.")
        reworded(cast, draft, "quality-limits", now=now, mandatory_from="high", evidence_required=False)
        reworded(cast, draft, "permitted-use", now=now, function="risk")
        retire_criterion(criterion=one_of(draft, "hard-cases"), **who)
        add_criterion(gate=gate_of(draft), **who, **FACTS)
        move_criterion(criterion=one_of(draft, "keeping-and-deleting"), places=-99, **who)
        compared = difference(gate_set, draft)
        [gate] = compared.changed_gates
        assert [(field.label, field.after) for field in gate.fields] == [("Question", "Will the data come?")]
        assert [
            (change.new.slug, [field.label for field in change.fields], change.moved, change.anew)
            for change in gate.changed
        ] == [
            ("keeping-and-deleting", [], True, False),
            ("data-owner", ["Statement"], False, True),
            ("quality-limits", ["Required from", "Evidence"], False, False),
            ("permitted-use", ["Function"], False, True),
        ]
        assert [one.slug for one in gate.added] == ["somebody-reads-a-sample-of-the-answers-every-week"]
        assert [one.slug for one in gate.retired] == ["hard-cases"]
        assert (compared.carried, compared.anew, compared.total) == (59, 3, 62)
        assert [one.slug for one in gate.anew] == [
            "data-owner", "permitted-use", "somebody-reads-a-sample-of-the-answers-every-week",
        ]  # fmt: skip

    def test_both_texts_stand_beside_each_other(self, cast, gate_set, draft, now):
        reworded(cast, draft, "data-owner", now=now, evidence_valid_days=0)
        [change] = difference(gate_set, draft).changed_gates[0].changed
        [field] = change.fields
        assert (field.label, field.before, field.after) == (
            "Evidence counts for", "365 days", "As long as it is not withdrawn",
        )  # fmt: skip

    def test_two_queries_whatever_the_sets_hold(self, gate_set, draft, django_assert_num_queries):
        with django_assert_num_queries(2):
            difference(gate_set, draft)

    def test_open_rounds_are_counted_by_their_set(self, cast, gate_set, draft, today, now):
        for _ in range(3):
            building.running(cast, today=today, now=now)
        assert open_rounds_by_set() == {gate_set.pk: 3}
        assert Gate.objects.filter(gate_set=draft).count() == 6
