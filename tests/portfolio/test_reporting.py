"""Status updates and the blockers that live across them: what the verb changes, says and refuses."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction

from accounts.models import Mail
from accounts.states import MailKind
from audit.models import Event
from gates.models import Flag
from gates.scanning import scan
from portfolio.assigning import end_part
from portfolio.blockers import open_blockers
from portfolio.handing_over import launch_pilot, retire_pilot
from portfolio.models import Blocker, BlockerReport, Round, StatusUpdate
from portfolio.states import Confidence, Outcome, Part, Visibility
from portfolio.status import status_of
from tests import building
from tests.gates.deciding_for import decide


@pytest.fixture
def pilot(cast, today, now):
    building.join_all(cast)
    return building.running(cast, today=today, now=now)


def standing(pilot):
    return [(one.blocker.text, one.times) for one in open_blockers(pilot)]


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


class TestBlockers:
    @pytest.mark.requirement(47, page="/pilots/P-0001/status/")
    def test_a_blocker_lives_until_an_update_clears_it_and_counts_its_updates(self, cast, pilot, now):
        building.report(cast, pilot, now=now, blocks="No access.")
        building.report(cast, pilot, now=now, blocks="Budget open.")
        assert standing(pilot) == [("No access.", 2), ("Budget open.", 1)]
        access = Blocker.objects.get(text="No access.")
        update = building.report(cast, pilot, now=now, cleared=[access.pk])
        assert standing(pilot) == [("Budget open.", 2)]
        assert list(update.cleared.all()) == [access]

    def test_the_same_words_are_the_same_blocker_and_win_over_clearing_it(self, cast, pilot, now):
        first = building.report(cast, pilot, now=now, blocks="No access.")
        building.report(cast, pilot, now=now, blocks="  no ACCESS. \n\n", cleared=[first.reports.get().blocker_id])
        assert standing(pilot) == [("No access.", 2)]

    def test_what_was_cleared_and_comes_back_counts_anew(self, cast, pilot, now):
        first = building.report(cast, pilot, now=now, blocks="No access.")
        building.report(cast, pilot, now=now, cleared=[first.reports.get().blocker_id])
        building.report(cast, pilot, now=now, blocks="No access.")
        assert standing(pilot) == [("No access.", 1)]

    def test_clearing_what_belongs_to_another_pilot_changes_nothing(self, cast, pilot, today, now):
        other = building.running(cast, today=today, now=now)
        theirs = building.report(cast, other, now=now, blocks="No access.").reports.get().blocker_id
        building.report(cast, pilot, now=now, cleared=[theirs])
        assert standing(other) == [("No access.", 1)]

    def test_a_blocker_that_the_writer_has_not_seen_is_not_passed_over(self, cast, pilot, now):
        building.report(cast, pilot, now=now, blocks="No access.")
        with pytest.raises(ValidationError) as refused:
            building.report(cast, pilot, now=now, moved=" ", seen=[])
        assert codes(refused) == ["nothing_said", "unseen_blocker"]
        assert "Alice added “No access.” while you were writing." in refused.value.messages

    def test_an_update_shows_what_blocked_then(self, cast, pilot, now):
        building.report(cast, pilot, now=now, blocks="No access.\nBudget open.")
        [update] = status_of(pilot).updates
        assert update.blocks == "No access.\nBudget open."

    def test_the_trail_tells_it_in_words(self, cast, pilot, now):
        first = building.report(cast, pilot, now=now, blocks="No access.")
        building.report(cast, pilot, now=now, cleared=[first.reports.get().blocker_id])
        told = Event.objects.filter(scope=pilot.scope).order_by("sequence").values_list("kind", flat=True)
        assert list(told)[-4:] == [
            "portfolio.status.reported", "portfolio.blocker.opened",
            "portfolio.status.reported", "portfolio.blocker.cleared",
        ]  # fmt: skip

    def test_the_database_refuses_a_second_open_one_and_changed_reports(self, cast, pilot, now):
        update = building.report(cast, pilot, now=now, blocks="No access.")
        with pytest.raises(IntegrityError), transaction.atomic():
            Blocker.objects.create(pilot=pilot, text="NO ACCESS.", opened_by=update)
        for change in (BlockerReport.objects.all().delete, lambda: StatusUpdate.objects.update(moved="Else.")):
            with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
                change()


class TestThirdTime:
    def report_three_times(self, cast, pilot, now, *, by):
        for _ in range(3):
            building.report(cast, pilot, now=now, blocks="No access.", actor=by)

    @pytest.mark.requirement(47, page="/settings/mail/")
    def test_the_owner_is_mailed_once_when_somebody_else_reports_it(self, cast, pilot, now):
        self.report_three_times(cast, pilot, now, by=cast.manager)
        mail = Mail.objects.get(kind=MailKind.NOTICE)
        assert (mail.recipient, mail.subject) == (cast.alice, "P-0001: blocked by the same for the third time")
        assert "* No access.\n" in mail.text
        assert "Manager reported it." in mail.text
        assert "No access." in mail.html
        building.report(cast, pilot, now=now)
        assert Mail.objects.filter(kind=MailKind.NOTICE).count() == 1

    def test_whoever_owns_it_and_reports_it_gets_no_mail_of_it(self, cast, pilot, now):
        self.report_three_times(cast, pilot, now, by=cast.alice)
        assert not Mail.objects.filter(kind=MailKind.NOTICE).exists()
        assert [event.data for event in Event.objects.filter(kind="portfolio.blocker.repeated")] == [
            {"text": "No access."}
        ]

    def test_without_an_owner_nobody_is_mailed(self, cast, pilot, today, now):
        end_part(actor=None, pilot=pilot, part=Part.BUSINESS_OWNER, until=today, now=now)
        self.report_three_times(cast, pilot, now, by=cast.manager)
        assert not Mail.objects.filter(kind=MailKind.NOTICE).exists()

    @pytest.mark.parametrize(
        ("visibility", "headers"),
        [(Visibility.OPEN, {}), (Visibility.RESTRICTED, {"Sensitivity": "Company-Confidential"})],
    )
    def test_mail_of_a_restricted_pilot_says_so(self, cast, pilot, now, visibility, headers):
        type(pilot).objects.filter(pk=pilot.pk).update(visibility=visibility)
        self.report_three_times(cast, pilot, now, by=cast.manager)
        assert Mail.objects.get(kind=MailKind.NOTICE).headers == headers

    def test_a_scan_raises_its_flag_and_an_update_that_clears_it_ends_it(self, cast, pilot, today, now):
        self.report_three_times(cast, pilot, now, by=cast.alice)
        scan(actor=None, today=today, now=now)
        flags = Flag.objects.filter(pilot=pilot, rule="blocker-repeats", closed_on=None)
        assert [flag.detail for flag in flags] == ["“No access.” has blocked 3 updates in a row."]
        building.report(cast, pilot, now=now, cleared=[Blocker.objects.get().pk])
        scan(actor=None, today=today, now=now)
        assert not flags.all().exists()


class TestWhen:
    def test_what_is_said_while_it_scales_and_runs_belongs_to_the_last_round(self, cast, pilot, today, now):
        decide(cast, pilot, Outcome.SCALE, today=today, now=now)
        scaling = building.report(cast, pilot, now=now, blocks="No access.")
        launch_pilot(actor=cast.alice, pilot=pilot, launched_on=today, now=now)
        running = building.report(cast, pilot, now=now)
        assert {scaling.round, running.round} == {Round.objects.get(pilot=pilot)}
        assert standing(pilot) == [("No access.", 2)]

    def test_what_has_ended_reports_no_more(self, cast, pilot, today, now):
        decide(cast, pilot, Outcome.SCALE, today=today, now=now)
        launch_pilot(actor=cast.alice, pilot=pilot, launched_on=today, now=now)
        retire_pilot(actor=cast.alice, pilot=pilot, retired_on=today, now=now)
        with pytest.raises(ValidationError) as refused:
            building.report(cast, pilot, now=now)
        assert codes(refused) == ["ended"]


class TestProgress:
    @pytest.mark.requirement(40, 48, page="/pilots/P-0001/")
    def test_users_inside_and_beyond_the_team_and_whether_anybody_says_when_it_scales(self, cast, pilot, now):
        def say(days, **said):
            return building.report(cast, pilot, now=now - timedelta(days=days), **said)

        say(9, confidence=Confidence.UNSURE, users_inside=8, users_outside=0, scale_when="After the summer.")
        say(6)
        say(3, confidence=Confidence.IN_DOUBT, users_outside=40)
        status = status_of(pilot)
        assert [(one.users_inside, one.users_outside) for one in status.adoption] == [(None, 40), (8, 0)]
        assert (status.scaling.scale_when, status.scaling_unanswered) == ("After the summer.", 2)

    def test_with_no_update_there_is_nothing_to_say(self, pilot):
        status = status_of(pilot)
        assert (status.latest, status.scaling, status.scaling_unanswered) == (None, None, 0)

    def test_fewer_than_no_users_are_refused(self, cast, pilot, now):
        with pytest.raises(ValidationError, match="greater than or equal to 0"):
            building.report(cast, pilot, now=now, users_inside=-1)
