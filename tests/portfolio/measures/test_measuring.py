"""Entering, correcting and withdrawing values: what each refuses, and what it leaves behind."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from portfolio.amending import withdraw_criterion
from portfolio.measure_sheet import Entry
from portfolio.measuring import correct_measurement, record_sheet, withdraw_measurement
from portfolio.models import Measurement, Standing
from portfolio.progress import progress_of
from portfolio.states import Origin, Outcome, Progress
from tests.gates.deciding_for import decide
from tests.portfolio.measures.building import MINUTES, criterion_of, measure, measured_pilot


@pytest.fixture
def pilot(cast, today, now):
    return measured_pilot(cast, today=today, now=now)


def correct(cast, row, value, *, today, now, **changes):
    return correct_measurement(
        **{
            "actor": cast.alice, "measurement": row, "on": row.on, "value": Decimal(value), "note": "", "source": "",
            "reason": "Two digits were swapped.", "today": today, "now": now, **changes,
        }
    )  # fmt: skip


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


def test_a_value_is_kept_with_who_said_it_and_told(cast, pilot, today, now):
    row = measure(cast, pilot, "41.5", ago=2, today=today, now=now, note=" Week 45 ", source="Queue report")
    row.refresh_from_db()
    assert (row.value, row.on, row.note, row.source, row.origin) == (
        Decimal("41.5"), today - timedelta(days=2), "Week 45", "Queue report", Origin.ENTERED,
    )  # fmt: skip
    assert (row.recorded_by, row.at, row.afterwards) == (cast.alice, now, False)
    event = Event.objects.get(kind="portfolio.measurement.recorded")
    assert (event.actor, event.scope) == (cast.alice.ref, pilot.scope)
    assert (event.data["metric"], event.data["value"]) == ("Handling time", "41.5\N{NO-BREAK SPACE}minutes")


def test_a_measurement_is_a_sign_of_life(cast, pilot, today, now):
    assert Standing.objects.get(pilot=pilot).last_sign_on == today - timedelta(days=100)
    measure(cast, pilot, 41, ago=50, today=today, now=now)
    assert Standing.objects.get(pilot=pilot).last_sign_on == today


@pytest.mark.parametrize(("ago", "refused"), [(-1, True), (0, False), (100, False), (101, True)])
def test_it_is_of_a_day_of_the_round_that_has_come(cast, pilot, today, now, ago, refused):
    if refused:
        with pytest.raises(RefusedError) as error:
            measure(cast, pilot, 41, ago=ago, today=today, now=now)
        assert codes(error) == ["on"]
    else:
        assert measure(cast, pilot, 41, ago=ago, today=today, now=now).pk


def test_one_day_has_one_value(cast, pilot, today, now):
    row = measure(cast, pilot, 41, ago=2, today=today, now=now)
    with pytest.raises(RefusedError) as error:
        measure(cast, pilot, 42, ago=2, today=today, now=now)
    assert codes(error) == ["on"]
    assert error.value.obstacles[0].url == f"/pilots/{pilot.code}/measures/1/{row.pk}/correct/"
    assert measure(cast, pilot, 61, ago=2, today=today, now=now, number=2).pk


def test_a_draft_measures_nothing_yet(cast, today, now):
    from portfolio.contracting import add_criterion
    from tests import building

    pilot = building.proposed(cast, today=today, now=now)
    add_criterion(actor=cast.alice, pilot=pilot, now=now, **MINUTES)
    with pytest.raises(RefusedError) as error:
        measure(cast, pilot, 41, ago=0, today=today, now=now)
    assert codes(error) == ["not_started"]


def test_a_withdrawn_criterion_takes_no_more_values(cast, pilot, today, now):
    withdraw_criterion(
        actor=cast.alice, pilot=pilot, number=1, approver=cast.sponsor, reason="The desk was closed.", seen=0, now=now
    )
    with pytest.raises(RefusedError) as error:
        measure(cast, pilot, 41, ago=0, today=today, now=now)
    assert codes(error) == ["withdrawn"]


def test_a_correction_stands_in_the_place_of_the_row_that_is_kept(cast, pilot, today, now):
    row = measure(cast, pilot, 14, ago=2, today=today, now=now)
    later = correct(cast, row, 41, today=today, now=now)
    assert later.supersedes == row
    assert list(Measurement.objects.counting()) == [later]
    assert Measurement.objects.count() == 2


def test_who_corrects_what_was_corrected_meanwhile_sees_it(cast, pilot, today, now):
    row = measure(cast, pilot, 14, ago=2, today=today, now=now)
    later = correct(cast, row, 41, today=today, now=now)
    with pytest.raises(StaleError) as stale:
        correct(cast, row, 44, today=today, now=now)
    assert (stale.value.seen, stale.value.current) == (row.pk, later.pk)
    with pytest.raises(StaleError):
        withdraw_measurement(actor=cast.alice, measurement=row, reason="Wrong.", now=now)


def test_a_correction_or_withdrawal_says_why(cast, pilot, today, now):
    row = measure(cast, pilot, 14, ago=2, today=today, now=now)
    with pytest.raises(RefusedError) as error:
        correct(cast, row, 41, today=today, now=now, reason=" ", on=today + timedelta(days=1))
    assert codes(error) == ["on", "reason"]
    with pytest.raises(RefusedError) as error:
        withdraw_measurement(actor=cast.alice, measurement=row, reason="", now=now)
    assert codes(error) == ["reason"]


def test_what_is_withdrawn_stays_withdrawn(cast, pilot, today, now):
    row = measure(cast, pilot, 14, ago=2, today=today, now=now)
    withdraw_measurement(actor=cast.alice, measurement=row, reason="Another team's figure.", now=now)
    with pytest.raises(RefusedError) as error:
        correct(cast, row, 41, today=today, now=now)
    assert codes(error) == ["withdrawn"]
    assert list(Measurement.objects.counting()) == list(Measurement.objects.standing()) == []


def test_a_decided_round_takes_values_only_as_added_afterwards(cast, gate_set, today, now):
    pilot = measured_pilot(cast, due=-5, today=today, now=now)
    row = measure(cast, pilot, 41, ago=10, today=today, now=now)
    decide(cast, pilot, Outcome.STOP, today=today, now=now)
    with pytest.raises(RefusedError) as error:
        measure(cast, pilot, 29, ago=1, today=today, now=now)
    assert codes(error) == ["afterwards"]
    with pytest.raises(RefusedError) as error:
        correct(cast, row, 29, today=today, now=now)
    assert codes(error) == ["afterwards"]
    late = measure(cast, pilot, 29, ago=1, today=today, now=now, afterwards=True)
    corrected = correct(cast, row, 14, today=today, now=now, afterwards=True)
    assert late.afterwards
    assert corrected.afterwards
    round_ = criterion_of(pilot).round
    assert [value for _, value in progress_of([round_.pk], today)[round_.pk][0].values] == [41]


_SILENT_CORRECTION = """
INSERT INTO portfolio_measurement (criterion_id, "on", value, note, source, origin, reason, withdrawn, afterwards, at,
    supersedes_id)
SELECT criterion_id, "on", 29, '', '', 'entered', '', false, false, at, id FROM portfolio_measurement
"""


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE portfolio_measurement SET value = 29",
        "DELETE FROM portfolio_measurement",
        "TRUNCATE portfolio_measurement CASCADE",
        _SILENT_CORRECTION,
    ],
    ids=["update", "delete", "truncate", "correct without a reason"],
)
def test_rows_are_only_added(cast, pilot, today, now, attack):
    measure(cast, pilot, 41, ago=2, today=today, now=now)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert [row.value for row in Measurement.objects.all()] == [41]


class TestSheets:
    """Many values at once: all of them, or none."""

    @pytest.fixture
    def entries(self, today):
        return [Entry(line, 1, today - timedelta(days=20 - line), Decimal(50 - line)) for line in (2, 3, 4)]

    def add(self, cast, pilot, entries, *, today, now, seen=None):
        return record_sheet(
            actor=cast.alice, round_=pilot.open_round(), entries=entries, origin=Origin.PASTED, seen=seen, today=today,
            now=now,
        )  # fmt: skip

    def test_all_are_added_with_one_event(self, cast, pilot, entries, today, now):
        plan = self.add(cast, pilot, entries, today=today, now=now)
        assert (len(plan.new), plan.here, plan.refused) == (3, [], [])
        assert [row.value for row in Measurement.objects.order_by("on")] == [48, 47, 46]
        event = Event.objects.get(kind="portfolio.measurements.added")
        assert (event.data["count"], event.data["metrics"]) == (3, ["Handling time"])

    def test_the_same_sheet_twice_adds_nothing(self, cast, pilot, entries, today, now):
        self.add(cast, pilot, entries, today=today, now=now)
        with pytest.raises(RefusedError) as error:
            self.add(cast, pilot, entries, today=today, now=now)
        assert codes(error) == ["nothing_new"]
        assert Measurement.objects.count() == 3

    def test_what_was_corrected_or_withdrawn_does_not_come_back(self, cast, pilot, entries, today, now):
        self.add(cast, pilot, entries, today=today, now=now)
        first, second, _ = Measurement.objects.order_by("on")
        correct(cast, first, 49, on=today, today=today, now=now)
        withdraw_measurement(actor=cast.alice, measurement=second, reason="Another team's figure.", now=now)
        plan = self.add(
            cast, pilot, [*entries, Entry(5, 1, today - timedelta(days=1), Decimal(40))], today=today, now=now
        )
        assert [finding.code for finding in plan.refused] == ["replaced", "replaced"]
        assert (len(plan.new), len(plan.here)) == (1, 1)

    def test_another_value_on_the_same_day_is_refused(self, cast, pilot, entries, today, now):
        twice = [
            *entries,
            Entry(9, 1, entries[0].on, Decimal(1)),
            entries[1],
            Entry(11, 1, date(2020, 1, 1), Decimal(1)),
        ]
        plan = self.add(cast, pilot, twice, today=today, now=now)
        assert [(finding.line, finding.code) for finding in plan.refused] == [
            (9, "other_value"),
            (11, "day_before_start"),
        ]
        assert (len(plan.new), plan.here) == (3, [entries[1]])

    def test_nothing_is_added_once_it_is_not_what_was_looked_at(self, cast, pilot, entries, today, now):
        from portfolio.measure_plan import plan_entries

        seen = plan_entries(pilot.open_round(), entries, today=today).mark
        row = measure(cast, pilot, 48, ago=18, today=today, now=now)
        assert row.on == entries[0].on
        with pytest.raises(RefusedError) as error:
            self.add(cast, pilot, entries, today=today, now=now, seen=seen)
        assert codes(error) == ["changed"]
        assert Measurement.objects.count() == 1


def test_progress_is_never_set_by_anybody():
    """There is no field for it: it is computed from the values each time."""
    names = {field.name for field in Measurement._meta.get_fields()} | {
        field.name for field in Measurement._meta.get_field("criterion").related_model._meta.get_fields()
    }
    assert names & {"state", "progress", "met", *Progress.values} == set()
