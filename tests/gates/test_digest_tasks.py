"""What waits on a person, and what changed for the better, in their digest; and what the things remember of it."""

from datetime import timedelta

import pytest

from accounts.models import Mail
from accounts.states import Function
from gates.allotting import name_substitute
from gates.composing import compose_due, subject_of
from gates.conditioning import set_conditions
from gates.digests import Content, contents
from gates.models import DigestRun, Flag, Reminded, ReviewRequest
from gates.reminders import Reminder, days_of, reminders_of
from gates.returning import return_review
from gates.reviewing import open_review
from gates.standing import keep_judgements
from portfolio.assigning import assign_part
from portfolio.states import Outcome, Part, Severity, Visibility
from portfolio.stuck import StuckPattern
from tests import building
from tests.gates.clinic.building import diagnosed, started
from tests.gates.deciding_for import decide
from tests.gates.preparing_for import concluded, submitted
from tests.gates.reviewing_for import all_required, conditions_for
from tests.portfolio.measures.building import MINUTES, measure, measured_pilot

DAY = timedelta(days=1)


@pytest.fixture
def cast(cast, gate_set):
    return building.join_all(cast)


def content(person, now) -> Content:
    return contents([person], now=now)[person.pk]


def waits(person, now) -> list[tuple[str, str, bool, str]]:
    return [(task.what, task.age, task.late, task.path) for task in content(person, now).tasks]


def better(person, now) -> list[str]:
    return [news.what for news in content(person, now).news]


def flag(pilot, today, *, closed=None, rule="silent") -> Flag:
    made = Flag.objects.create(
        pilot=pilot, rule=rule, severity=Severity.WARNING, detail="Silent.", since=today, opened_on=today,
        closed_on=closed,
    )  # fmt: skip
    keep_judgements([pilot.pk])
    return made


class TestWhatWaits:
    def test_a_submitted_gate_waits_on_each_reviewer_who_is_asked(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now, due=30)
        submitted(cast, pilot, today=today, now=now)
        asked = ReviewRequest.objects.filter(reviewer=cast.reviewer).values_list("function", flat=True)
        assert sorted(waits(cast.reviewer, now)) == sorted(
            (f"Review for {Function(one).label}: Production data", "asked today", False,
             f"/pilots/{pilot.code}/gates/production-data/")
            for one in asked
        )  # fmt: skip
        assert waits(cast.alice, now) == waits(cast.bob, now) == []

    @pytest.mark.parametrize(
        ("days", "age", "late"), [(1, "1 day", False), (14, "14 days", False), (15, "15 days", True)]
    )
    def test_a_review_is_late_after_two_weeks(self, cast, today, now, days, age, late):
        pilot = building.running(cast, today=today, now=now, due=300)
        submitted(cast, pilot, today=today, now=now)
        assert {task[1:3] for task in waits(cast.reviewer, now + days * DAY)} == {(f"asked {age} ago", late)}

    def test_once_all_findings_are_in_the_gate_waits_to_be_concluded(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now, due=30)
        submitted(cast, pilot, today=today, now=now)
        all_required(cast, pilot, today=today, now=now + DAY)
        assert waits(cast.reviewer, now + 3 * DAY) == [
            (
                "To conclude: Production data",
                "all findings in for 2 days",
                False,
                f"/pilots/{pilot.code}/gates/production-data/",
            )
        ]

    @pytest.mark.parametrize("visibility", list(Visibility))
    def test_whoever_stands_in_hears_of_open_pilots_while_they_do(self, cast, today, now, visibility):
        pilot = building.running(cast, today=today, now=now, due=30, visibility=visibility)
        submitted(cast, pilot, today=today, now=now)
        name_substitute(
            actor=cast.reviewer, stands_in=cast.charlie, since=today, until=today + 2 * DAY,
            today=today, now=now,
        )  # fmt: skip
        told = {what.partition(":")[0] for what, *_ in waits(cast.charlie, now + 2 * DAY)}
        if visibility == Visibility.OPEN:
            assert "Review for Data, in place of a colleague" in told
        else:
            assert told == set()
        assert waits(cast.charlie, now + 3 * DAY) == []

    def test_nobody_is_asked_about_a_pilot_in_which_they_have_a_part(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now, due=30)
        submitted(cast, pilot, today=today, now=now)
        assign_part(
            actor=cast.alice, pilot=pilot, person=cast.reviewer, part=Part.IT_PARTNER, since=today, now=now
        )  # fmt: skip
        assert [one for one in waits(cast.reviewer, now) if one[0].startswith("Review")] == []

    def test_a_returned_gate_waits_on_the_owner(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now, due=30)
        review = submitted(cast, pilot, today=today, now=now)
        return_review(actor=cast.reviewer, review=review, reason="No numbers.", seen=None, today=today, now=now)
        path = f"/pilots/{pilot.code}/gates/production-data/prepare/"
        assert waits(cast.alice, now) == [("Returned to you: Production data", "with you since today", False, path)]
        assert waits(cast.alice, now + 20 * DAY)[0][1:3] == ("with you for 20 days", True)
        assert waits(cast.reviewer, now) == []

    @pytest.mark.parametrize(
        ("days", "age", "late"),
        [(15, None, None), (16, "due in 14 days", False), (30, "due today", False), (31, "1 day past due", True)],
    )
    def test_a_condition_is_told_of_from_two_weeks_before_it_is_due(self, cast, today, now, days, age, late):
        pilot = building.running(cast, today=today, now=now, due=300)
        review = open_review(actor=cast.alice, pilot=pilot, gate_slug="production-data", now=now)
        (condition,) = set_conditions(
            actor=cast.reviewer, pilot=pilot, of=review, terms=conditions_for(cast, today=today), now=now
        )
        path = f"/pilots/{pilot.code}/conditions/{condition.pk}/"
        expected = [("Condition: Keep log 1.", age, late, path)] if age else []
        assert waits(cast.alice, now + days * DAY) == expected

    @pytest.mark.parametrize(
        ("days", "age", "late"), [(13, None, None), (14, "due today", False), (15, "1 day past due", True)]
    )
    def test_an_intervention_is_told_of_from_the_day_on_which_it_is_due(self, cast, today, now, days, age, late):
        pilot = building.running(cast, today=today, now=now, due=300)
        diagnosed(cast, pilot, StuckPattern.NO_SPONSOR, now=now)
        begun = started(cast, pilot, StuckPattern.NO_SPONSOR, today=today, now=now, due=14)
        path = f"/pilots/{pilot.code}/clinic/interventions/{begun.pk}/"
        assert waits(cast.carol, now + days * DAY) == ([("Intervention: Ask finance.", age, late, path)] if age else [])

    def test_what_is_late_stands_first_and_the_subject_counts(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now, due=-3)
        review = open_review(actor=cast.alice, pilot=pilot, gate_slug="production-data", now=now)
        set_conditions(
            actor=cast.reviewer, pilot=pilot, of=review, terms=conditions_for(cast, today=today - 31 * DAY), now=now
        )
        other = submitted(cast, building.running(cast, today=today, now=now, due=30), today=today, now=now)
        return_review(actor=cast.reviewer, review=other, reason="No.", seen=None, today=today, now=now)
        found = content(cast.alice, now)
        assert [task.late for task in found.tasks] == [True, False]
        assert subject_of(found) == "2 things wait for you, 1 pilot waits for a decision"

    def test_who_is_only_a_reviewer_gets_a_mail(self, cast, today, now):
        submitted(cast, building.running(cast, today=today, now=now, due=30), today=today, now=now)
        compose_due(now=now)
        mail = Mail.objects.get(recipient=cast.reviewer)
        assert "WHAT WAITS FOR YOU" in mail.text
        assert "Assess it: http://127.0.0.1:8000/pilots/" in mail.text


class TestWhatGotBetter:
    """Pilots are built, and things happen, at `now`; people look a day later, unless said otherwise."""

    def test_a_passed_gate_is_news_for_all_but_who_passed_it(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now, due=300)
        concluded(cast, pilot, today=today, now=now)
        later = now + DAY
        assert better(cast.alice, later) == better(cast.bob, later) == ["Passed: Production data"]
        assert better(cast.reviewer, later) == better(cast.charlie, later) == []
        assert better(cast.alice, now + 8 * DAY) == []

    def test_a_decision_is_news_for_all_but_who_recorded_it(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now, due=-40)
        flag(pilot, today - 3 * DAY, closed=today)
        decision = decide(cast, pilot, Outcome.STOP, today=today, now=now)
        for person in (cast.alice, cast.sponsor, cast.carol, cast.manager):
            assert better(person, now + DAY) == [f"Decided: stop it ({decision.number})"]
        assert better(cast.bob, now + DAY) == better(cast.viewer, now + DAY) == []

    @pytest.mark.parametrize(("values", "told"), [((40, 30), 1), ((30, 28), 0), ((40, 35), 0)])
    def test_a_target_that_is_newly_met_is_news(self, cast, today, now, values, told):
        pilot = measured_pilot(cast, MINUTES, today=today, now=now, due=300)
        measure(cast, pilot, values[0], ago=20, today=today, now=now)
        measure(cast, pilot, values[1], ago=0, today=today, now=now + 10 * DAY)
        assert better(cast.bob, now + 11 * DAY) == ["Target met: Handling time"] * told
        assert better(cast.alice, now + 11 * DAY) == []

    def test_closed_flags_are_one_line_a_day_and_no_news_for_who_worked_on_the_pilot(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now, due=300)
        for rule in ("silent", "gap-criteria", "gap-baseline"):
            flag(pilot, today, closed=today + 5 * DAY, rule=rule)
        later = now + 9 * DAY
        assert better(cast.alice, later) == ["No longer flagged: silent, contract gaps"]
        building.report(cast, pilot, now=now + 5 * DAY)
        assert better(cast.alice, later) == []
        assert better(cast.bob, later) == ["No longer flagged: silent, contract gaps"]

    def test_a_flag_that_closed_is_told_once_from_the_next_day_on(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now, due=300)
        flag(pilot, today - 5 * DAY, closed=today)
        told = []
        for week in (0, 1, 2):
            compose_due(now=now + 7 * week * DAY)
            told.append(Mail.objects.filter(recipient=cast.bob, text__contains="No longer flagged").count())
        assert told == [0, 1, 1]

    def test_the_next_digest_covers_all_that_passed_since_the_last(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now, due=300)
        DigestRun.objects.create(recipient=cast.alice, kind="stalled", period="2026-W46", composed_at=now - DAY)
        concluded(cast, pilot, today=today, now=now)
        assert better(cast.alice, now + 30 * DAY) == ["Passed: Production data"]
        assert better(cast.bob, now + 30 * DAY) == []

    def test_good_news_alone_is_worth_a_mail(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now, due=300)
        concluded(cast, pilot, today=today, now=now)
        compose_due(now=now + DAY)
        assert Mail.objects.get(recipient=cast.alice).subject == "1 thing got better"


class TestReminders:
    def test_a_flag_knows_who_was_reminded_and_when(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now, due=300)
        silent = flag(pilot, today)
        compose_due(now=now)
        compose_due(now=now + DAY)
        compose_due(now=now + 7 * DAY)
        reminders = reminders_of([silent])[silent.pk]
        assert reminders == [Reminder(today, ("Alice",)), Reminder(today + 7 * DAY, ("Alice",))]
        assert days_of(reminders) == [today, today + 7 * DAY]

    def test_a_decision_that_waits_is_told_of_as_its_pilot(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now, due=-40)
        compose_due(now=now)
        assert reminders_of([pilot]) == {pilot.pk: [Reminder(today, ("Alice", "Bob", "Carol", "Manager"))]}

    def test_tasks_are_remembered_and_what_is_only_counted_is_not(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now, due=300)
        submitted(cast, pilot, today=today, now=now)
        requests = list(ReviewRequest.objects.filter(reviewer=cast.reviewer))
        compose_due(now=now)
        assert set(reminders_of(requests)) == {request.pk for request in requests}
        assert set(Reminded.objects.values_list("person", "mail__recipient")) == {(cast.reviewer.pk, cast.reviewer.pk)}

    def test_many_are_read_with_one_query(self, cast, today, now, django_assert_num_queries):
        flags = [flag(building.running(cast, today=today, now=now, due=300), today) for _ in range(3)]
        compose_due(now=now)
        with django_assert_num_queries(1):
            assert len(reminders_of(flags)) == 3
