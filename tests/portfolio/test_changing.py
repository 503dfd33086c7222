"""The change in people's work: the plan, the workflow before and after, and the friction log."""

import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.obstacles import StaleError
from audit.models import Event
from portfolio.assigning import assign_part
from portfolio.change_log import change_of
from portfolio.changing import PLANNED, close_friction, note_friction, write_change_plan
from portfolio.models import ChangePlan, Friction
from portfolio.states import Part
from tests import building
from tests.counting import queries_of


@pytest.fixture
def pilot(cast, today, now):
    return building.running(cast, today=today, now=now, due=50)


@pytest.fixture
def address(pilot):
    return f"{pilot.get_absolute_url()}change/"


def write(cast, pilot, now, **said):
    return write_change_plan(actor=cast.alice, pilot=pilot, now=now, **said)


def note(cast, pilot, now, what="Two screens for one letter."):
    return note_friction(actor=cast.alice, pilot=pilot, what=what, seen_where="Nantes", seen_by="Three clerks", now=now)


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


class TestPlan:
    @pytest.mark.requirement(22, 23, page="/pilots/P-0001/change/")
    def test_it_says_what_changes_for_whom_and_what_the_work_is_before_and_after(
        self, cast, pilot, address, today, now, sign_in
    ):
        assign_part(actor=None, pilot=pilot, person=cast.carol, part=Part.PROCESS_OWNER, since=today, now=now)
        write(
            cast, pilot, now, what_changes="Clerks check instead of sorting.", for_whom="The post room, 14 people.",
            steps_before="Open.\nSort.\nCarry.", steps_after="Open.\nCheck.", hours_before=Decimal("60.0"),
            hours_after=Decimal("22.5"),
        )  # fmt: skip
        assert change_of(pilot).hours_saved == Decimal("37.5")
        text = sign_in(cast.viewer).get(address).content.decode()
        for words in (
            "Carol",
            "Clerks check instead of sorting.",
            "The post room, 14 people.",
            "<li>Carry.</li>",
            "37.5",
        ):
            assert words in text

    def test_each_writing_is_kept_with_what_stood_before(self, cast, pilot, now):
        write(cast, pilot, now, training="Half a day.", seen=0)
        write(cast, pilot, now, training="A day.", seen=1)
        event = Event.objects.filter(kind="portfolio.change_plan.written").latest("sequence")
        assert event.data == {
            "fields": ["training"], "before": {"training": "Half a day."}, "after": {"training": "A day."},
        }  # fmt: skip

    def test_writing_what_stands_changes_nothing(self, cast, pilot, now):
        write(cast, pilot, now, training="Half a day.", seen=0)
        assert write(cast, pilot, now, training="Half a day.", seen=0).version == 1

    def test_an_older_form_is_refused_and_so_is_what_is_no_part_of_a_plan(self, cast, pilot, now):
        write(cast, pilot, now, training="Half a day.")
        with pytest.raises(StaleError):
            write(cast, pilot, now, training="A day.", seen=0)
        with pytest.raises(TypeError, match="budget"):
            write(cast, pilot, now, budget="None.")
        with pytest.raises(ValidationError, match="greater than or equal to 0"):
            write(cast, pilot, now, hours_before=Decimal(-1))

    def test_hours_are_not_compared_while_one_is_missing(self, cast, pilot, now):
        assert change_of(pilot).hours_saved is None
        write(cast, pilot, now, hours_before=Decimal(8))
        assert change_of(pilot).hours_saved is None


class TestPlanPages:
    def form(self, **changed):
        return dict.fromkeys(PLANNED, "") | {"version": 0, **changed}

    def test_it_is_written_without_scripts(self, cast, address, sign_in):
        sent = sign_in(cast.alice).post(f"{address}edit/", self.form(training="Half a day.", hours_before="12.5"))
        assert (sent.status_code, sent.headers["Location"]) == (302, address)
        assert ChangePlan.objects.get().hours_before == Decimal("12.5")

    def test_it_saves_itself_and_says_the_version_to_go_on_with(self, cast, address, sign_in):
        client, by_itself = sign_in(cast.alice), {"HX-Request": "true"}
        saved = client.post(f"{address}edit/", self.form(training="Half"), headers=by_itself)
        assert saved.status_code == 200
        assert 'value="1"' in saved.content.decode()
        wrong = client.post(f"{address}edit/", self.form(version=1, hours_before="many"), headers=by_itself)
        assert wrong.status_code == 422
        assert "Hours a week before: Enter a number." in wrong.content.decode()

    def test_the_second_editor_gets_both_texts(self, cast, address, sign_in):
        sign_in(cast.alice).post(f"{address}edit/", self.form(training="Half a day."))
        late = sign_in(cast.manager).post(f"{address}edit/", self.form(training="None needed."))
        assert late.status_code == 409
        assert "Half a day." in late.content.decode()
        assert "None needed." in late.content.decode()
        assert ChangePlan.objects.get().training == "Half a day."

    def test_a_form_that_saves_itself_stays_and_says_that_somebody_was_faster(self, cast, address, sign_in):
        """What was typed since would be lost if both texts took its place."""
        sign_in(cast.alice).post(f"{address}edit/", self.form(training="Half a day."))
        late = sign_in(cast.manager).post(
            f"{address}edit/", self.form(training="None needed."), headers={"HX-Request": "true"}
        )
        assert late.status_code == 409
        assert "to see both texts" in late.content.decode()
        assert 'value="0"' in late.content.decode()
        assert "<form" not in late.content.decode()


class TestFrictions:
    @pytest.mark.requirement(22, page="/pilots/P-0001/change/")
    def test_what_chafes_stays_open_until_somebody_says_what_was_done(self, cast, pilot, now):
        first, second = note(cast, pilot, now), note(cast, pilot, now, "The print is too small.")
        assert [one.what for one in change_of(pilot).open_frictions] == [second.what, first.what]
        close_friction(actor=cast.alice, friction=second, done="Larger print.", now=now)
        change = change_of(pilot)
        assert change.open_frictions == [first]
        assert [(one.what, one.done) for one in change.frictions][-1] == ("The print is too small.", "Larger print.")

    def test_nothing_said_is_refused_on_either_end_and_closing_twice(self, cast, pilot, now):
        with pytest.raises(ValidationError) as refused:
            note(cast, pilot, now, "  ")
        assert codes(refused) == ["what"]
        friction = note(cast, pilot, now)
        close_friction(actor=cast.alice, friction=friction, done="One screen.", now=now)
        with pytest.raises(ValidationError) as refused:
            close_friction(actor=cast.alice, friction=friction, done=" ", now=now)
        assert codes(refused) == ["closed", "done"]

    def test_the_database_refuses_to_close_one_without_a_word(self, cast, pilot, now):
        note(cast, pilot, now)
        with pytest.raises(IntegrityError), transaction.atomic():
            Friction.objects.update(closed_at=now)

    def test_by_page(self, cast, pilot, address, sign_in):
        client = sign_in(cast.alice)
        data = {"what": "Two screens.", "seen_where": "Nantes", "seen_by": "", "form_key": str(uuid.uuid4())}
        assert {client.post(f"{address}frictions/", data).headers["Location"] for _ in range(2)} == {
            f"{address}#frictions"
        }
        friction = Friction.objects.get()
        close = f"{address}frictions/{friction.pk}/"
        empty = client.post(close, {"done": ""})
        assert empty.status_code == 422
        assert "<details open>" in empty.content.decode()
        assert client.post(close, {"done": "One screen."}).status_code == 302
        again = client.post(close, {"done": "Another."})
        assert again.status_code == 422
        assert client.post(f"{address}frictions/", {"what": "", "seen_where": "Lille"}).status_code == 422
        assert sign_in(cast.viewer).get(address).content.decode().count("One screen.") == 1

    def test_a_friction_of_another_pilot_is_not_found(self, cast, address, today, now, sign_in):
        other = note(cast, building.running(cast, today=today, now=now), now)
        assert sign_in(cast.alice).post(f"{address}frictions/{other.pk}/", {"done": "X"}).status_code == 404

    def test_takes_as_many_queries_for_ten_frictions_as_for_one(self, cast, pilot, address, now, sign_in):
        client = sign_in(cast.alice)
        note(cast, pilot, now)
        one = queries_of(client, address)
        for number in range(9):
            note(cast, pilot, now, f"Number {number}.")
        assert queries_of(client, address) == one
