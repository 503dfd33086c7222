"""Importing: what is written, what is left alone, and that it is all or nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Unit
from accounts.obstacles import RefusedError
from accounts.organising import add_unit
from audit import recording
from audit.models import Event
from audit.verifying import verify
from gates.standing import keep_judgements
from portfolio import importing
from portfolio.import_plan import plan_import
from portfolio.importing import import_rows
from portfolio.models import Assignment, Pilot, RegisterEntry, Round, Standing
from portfolio.proposing import edit_pilot
from portfolio.registers.findings import UnusableError
from portfolio.standing import keep_facts
from portfolio.starting import end_work, start_round
from portfolio.states import DueBasis, RoundState, Stage
from tests import building
from tests.portfolio.registers.writing import (  # fmt: skip
    AGENCY,
    BUREAU,
    DEVELOPED,
    IMPACT,
    IMPLEMENTED,
    MESSY,
    NAME,
    OUTPUTS,
    PLAIN,
    PURPOSE,
    STAGE,
    as_csv,
    attempted,
    codes,
    understood,
)

pytestmark = pytest.mark.django_db

ALL = (Pilot, Round, RegisterEntry, Standing, Unit, Event, Assignment)


def bring(*rows, now, actor=None, **options):
    """Import rows of the federal shape."""
    return import_rows(actor=actor, contents=understood(as_csv(rows)), now=now, **options)


def counts() -> list[int]:
    return [model.objects.count() for model in ALL]


def everything() -> list[list[tuple]]:
    return [list(model.objects.order_by("pk").values_list()) for model in ALL]


def test_pilots_arrive_with_what_is_known_and_nothing_else(cast, now):
    plan = bring(*MESSY, now=now, actor=cast.manager, committee_slug=cast.committee.slug)
    assert (len(plan.arrivals), plan.refused_rows, plan.unchanged) == (6, 0, 0)
    pilot = Pilot.objects.select_related("unit__parent").get(title=PLAIN[NAME])
    assert (pilot.unit.name, pilot.unit.parent.name) == ("Bureau of Seeds", "Department of Gardens")
    assert (pilot.code, pilot.created_by, pilot.created_at) == ("P-0001", cast.manager, now)
    assert (pilot.external_source, pilot.committee_slug) == ("us-federal-2024", "steering")
    assert pilot.monthly_cost is None
    round_ = pilot.rounds.get()
    assert (round_.number, round_.state, round_.due_basis) == (1, RoundState.RUNNING, DueBasis.ASSUMED)
    assert Standing.objects.get(pilot=pilot).undecided_since == date(2026, 3, 1)
    assert not Assignment.objects.exists()
    assert pilot.register_entry.line == 2


def test_every_pilot_and_unit_has_its_event_and_the_chain_holds(cast, now):
    before = Event.objects.count()
    bring(*MESSY, now=now, actor=cast.manager)
    events = list(Event.objects.filter(sequence__gt=before).order_by("sequence"))
    assert [event.kind for event in events] == ["accounts.unit.added"] * 4 + ["portfolio.pilot.imported"] * 6
    assert {event.actor for event in events} == {cast.manager.ref}
    first = events[4]
    assert first.scope == Pilot.objects.get(code="P-0001").scope
    assert (first.data["title"], first.data["line"], first.data["stage"]) == (PLAIN[NAME], 2, "running")
    assert list(verify()) == []


def test_twice_changes_nothing(cast, now):
    bring(*MESSY, now=now)
    before = everything()
    plan = bring(*MESSY, now=now + timedelta(days=1))
    assert (len(plan.arrivals), len(plan.changes), plan.unchanged) == (0, 0, 6)
    assert everything() == before


def test_a_plan_writes_nothing_and_says_what_the_import_does(cast, now):
    contents = understood(as_csv(MESSY))
    before = everything()
    plan = plan_import(contents)
    assert everything() == before
    done = import_rows(actor=None, contents=contents, now=now)
    assert [arrival.reference for arrival in plan.arrivals] == [arrival.reference for arrival in done.arrivals]


def test_only_what_the_register_changed_is_written(cast, now):
    bring(*MESSY, now=now)
    others = list(Pilot.objects.exclude(title=PLAIN[NAME]).order_by("pk").values_list())
    events = Event.objects.count()
    changed = PLAIN | {PURPOSE: "Finds every packet.", IMPACT: "Both", BUREAU: PLAIN[BUREAU], STAGE: "Retired"}

    plan = bring(changed, *MESSY[1:], now=now)

    assert (len(plan.arrivals), len(plan.changes), plan.unchanged) == (0, 1, 5)
    pilot = Pilot.objects.get(title=PLAIN[NAME])
    assert (pilot.risk_class, pilot.stage, pilot.version) == ("high", Stage.RETIRED, 2)
    assert pilot.summary.startswith("Finds every packet.")
    assert (pilot.rounds.get().state, pilot.rounds.get().decision_due) == (RoundState.PAST, None)
    assert Standing.objects.get(pilot=pilot).undecided_since is None
    assert list(Pilot.objects.exclude(title=PLAIN[NAME]).order_by("pk").values_list()) == others
    event = Event.objects.get(sequence__gt=events)
    assert event.kind == "portfolio.pilot.reimported"
    assert event.data["fields"] == ["decision_due", "due_basis", "risk_class", "stage", "state", "summary"]
    assert (event.data["before"]["stage"], event.data["after"]["stage"]) == ("running", "retired")
    assert bring(changed, *MESSY[1:], now=now).changes_nothing


def test_new_rows_join_and_missing_ones_are_left(cast, now):
    bring(*MESSY[:3], now=now)
    plan = bring(*MESSY[2:], now=now)
    assert (len(plan.arrivals), plan.unchanged, plan.absent) == (3, 1, 2)
    assert Pilot.objects.count() == 6


def test_what_was_changed_here_is_kept(cast, now, today):
    bring(PLAIN, now=now)
    pilot = Pilot.objects.get()
    edit_pilot(actor=cast.manager, pilot=pilot, seen=None, now=now, title="Our own title", unit=cast.unit)
    end_work(actor=cast.manager, pilot=pilot, ended_on=today, now=now)

    assert bring(PLAIN, now=now).changes_nothing  # the register says what it said
    plan = bring(PLAIN | {IMPACT: "Both", STAGE: "Retired"}, now=now)

    pilot.refresh_from_db()
    assert (pilot.title, pilot.unit, pilot.stage) == ("Our own title", cast.unit, Stage.AWAITING_DECISION)
    assert pilot.risk_class == "high"
    assert codes(plan.left) == [(2, "changed_here")]
    assert "stage and days" in plan.left[0].what


def test_a_started_draft_no_longer_follows_the_stage_of_the_register(cast, now, today):
    bring(PLAIN | {DEVELOPED: ""}, now=now)
    pilot = Pilot.objects.get()
    start_round(actor=cast.manager, pilot=pilot, starts_on=today, planned_end=today, decision_due=today, now=now)
    plan = bring(PLAIN, now=now)
    assert codes(plan.left) == [(2, "changed_here")]
    assert pilot.rounds.get().starts_on == today


def test_both_changed_to_the_same_is_no_matter(cast, now):
    bring(PLAIN, now=now)
    edit_pilot(actor=cast.manager, pilot=Pilot.objects.get(), seen=None, now=now, risk_class="high")
    plan = bring(PLAIN | {IMPACT: "Both"}, now=now)
    assert (plan.left, plan.changes_nothing) == ([], True)


def test_a_pilot_follows_its_unit(cast, now):
    bring(PLAIN, now=now)
    plan = bring(PLAIN, now=now)
    assert plan.changes_nothing
    contents = understood(as_csv([PLAIN | {OUTPUTS: "Team Rose"}]), unit=[AGENCY, OUTPUTS])
    plan = import_rows(actor=None, contents=contents, now=now)
    assert [change.after["unit_path"] for change in plan.changes] == [["Department of Gardens", "Team Rose"]]
    assert Pilot.objects.get().unit.name == "Team Rose"


def test_a_pilot_moved_here_stays_where_it_is(cast, now):
    bring(PLAIN, now=now)
    edit_pilot(actor=cast.manager, pilot=Pilot.objects.get(), seen=None, now=now, unit=cast.unit)
    contents = understood(as_csv([PLAIN | {OUTPUTS: "Team Rose"}]), unit=[AGENCY, OUTPUTS])
    plan = import_rows(actor=None, contents=contents, now=now)
    assert ("unit" in plan.left[0].what, Pilot.objects.get().unit) == (True, cast.unit)


def test_units_that_are_here_are_used(cast, now):
    above = add_unit(actor=None, name="department of GARDENS", now=now)
    seeds = add_unit(actor=None, name="Bureau of Seeds", parent=above, now=now)
    add_unit(actor=None, name="Bureau of Seeds", now=now)
    bring(PLAIN, now=now)
    assert Pilot.objects.get().unit == seeds


def test_codes_go_on_where_they_were(cast, now, today):
    building.proposed(cast, today=today, now=now)
    bring(*MESSY[:2], now=now)
    building.proposed(cast, today=today, now=now)
    assert list(Pilot.objects.order_by("pk").values_list("code", flat=True)) == ["P-0001", "P-0002", "P-0003", "P-0004"]


def test_kept_standing_equals_rebuilt(cast, now):
    bring(*MESSY, now=now)
    assert keep_facts(None, zone="Europe/Paris") + keep_judgements(None) == 0


def test_a_fault_on_the_way_leaves_nothing(cast, now, monkeypatch):
    before = counts()

    def fails(*_args, **_options):
        raise RuntimeError("the power went")

    monkeypatch.setattr(importing, "keep_facts", fails)
    with pytest.raises(RuntimeError):
        bring(*MESSY, now=now)
    assert counts() == before


def test_without_the_transaction_the_same_fault_leaves_half_an_import(cast, now, monkeypatch):
    """The control: it is the transaction of the verb that kept the half away."""

    def fails(*_args, **_options):
        raise RuntimeError("the power went")

    monkeypatch.setattr(importing, "keep_facts", fails)
    token = recording._gathered.set([])
    try:
        with pytest.raises(RuntimeError):
            import_rows.__wrapped__(actor=None, contents=understood(as_csv(MESSY)), now=now)
    finally:
        recording._gathered.reset(token)
    assert (Pilot.objects.count(), Standing.objects.count()) == (6, 0)


def at_once(now) -> list[object]:
    """What came of two imports of the same register, begun together."""
    contents, together = understood(as_csv(MESSY)), threading.Barrier(2)

    def one(_number: int) -> object:
        together.wait(timeout=10)
        try:
            return len(import_rows(actor=None, contents=contents, now=now).arrivals)
        except IntegrityError as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, range(2)))


@pytest.mark.django_db(transaction=True)
def test_of_two_imports_at_once_one_brings_all_and_the_other_nothing(now):
    for _ in range(5):
        assert sorted(at_once(now)) == [0, 6]
        assert Pilot.objects.count() == 6
        for model in (Standing, Round, RegisterEntry, Pilot):
            model.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_without_the_queue_two_imports_at_once_collide(now, monkeypatch):
    """The control: both have found the pilots missing before either writes."""
    planned = threading.Barrier(2)

    def plan_together(contents, *, lock=False):
        plan = plan_import(contents, lock=lock)
        planned.wait(timeout=10)
        return plan

    monkeypatch.setattr(importing, "_queue", lambda: None)
    monkeypatch.setattr(importing, "plan_import", plan_together)
    assert IntegrityError in at_once(now)


@pytest.mark.django_db(transaction=True)
def test_an_import_does_not_wait_for_ever_for_another(now):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('portfolio.importing'))")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        with pytest.raises(RefusedError, match="Another import is running"):
            bring(PLAIN, now=now)
        assert not Pilot.objects.exists()
    finally:
        other.close()
        connection.close()


WHOLE = as_csv(MESSY)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["put", "cut", "twice"]), st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=4)
        ),
        min_size=1,
        max_size=8,
    )
)
def test_a_damaged_register_is_imported_row_by_row_or_refused_whole(db, now, damage):
    content = WHOLE
    for kind, place, some in damage:
        if kind == "put":
            content = content[:place] + some + content[place + len(some) :]
        elif kind == "cut":
            content = content[:place] + content[place + 20 * len(some) :]
        else:
            content = content[:place] + content[place // 2 :]
    before = counts()
    contents = attempted(understood, content)
    if isinstance(contents, UnusableError):
        assert contents.way_out
        assert counts() == before
        return
    here = Pilot.objects.count()
    plan = import_rows(actor=None, contents=contents, now=now)
    assert len(contents.rows) + plan.refused_rows == contents.total
    assert Pilot.objects.count() - here == len(plan.arrivals)
    assert len(plan.arrivals) + len(plan.changes) + plan.unchanged == len(contents.rows)
    assert import_rows(actor=None, contents=contents, now=now).changes_nothing


def test_names_of_columns_are_those_of_the_mapping():
    assert {NAME, AGENCY, IMPLEMENTED} <= set(understood(WHOLE).register.columns())
