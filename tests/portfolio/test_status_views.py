"""The page of a status update, the list of all of them, and the panel on the pilot's page."""

import uuid
from datetime import timedelta

import pytest

from portfolio.blockers import open_blockers
from portfolio.models import Blocker, StatusUpdate
from portfolio.states import Outcome
from tests import building
from tests.counting import queries_of
from tests.gates.deciding_for import decide


@pytest.fixture
def pilot(cast, today, now):
    return building.running(cast, today=today, now=now, started=90)


@pytest.fixture
def address(pilot):
    return f"{pilot.get_absolute_url()}status/new/"


def said(**changes):
    return {"moved": "Two teams joined.", "blocks": "", "confidence": "unsure", **changes}


class TestSaying:
    @pytest.mark.requirement(40, 47, page="/pilots/P-0001/status/new/")
    def test_a_few_taps_say_what_moved_what_blocks_how_sure_and_who_uses_it(self, cast, pilot, address, sign_in):
        client = sign_in(cast.alice)
        sent = client.post(
            address,
            said(blocks="No access.\r\nBudget open.", because="Eight interviews.", users_inside="8", users_outside="3",
                 scale_when="Nobody has said."),
        )  # fmt: skip
        assert (sent.status_code, sent.headers["Location"]) == (302, pilot.get_absolute_url())
        update = StatusUpdate.objects.get()
        assert (update.moved, update.confidence, update.because) == ("Two teams joined.", "unsure", "Eight interviews.")
        assert (update.users_inside, update.users_outside, update.scale_when) == (8, 3, "Nobody has said.")
        assert [one.blocker.text for one in open_blockers(pilot)] == ["No access.", "Budget open."]
        text = sign_in(cast.viewer).get(pilot.get_absolute_url()).content.decode()
        for words in ("Two teams joined.", "Unsure", "Based on: Eight interviews.", "No access.", "Who uses it"):
            assert words in text

    def test_it_is_a_sign_of_life(self, cast, pilot, address, sign_in, today):
        assert pilot.standing.last_sign_on == today - timedelta(days=90)
        sign_in(cast.alice).post(address, said())
        pilot.standing.refresh_from_db()
        assert pilot.standing.last_sign_on > today - timedelta(days=90)

    def test_the_numbers_of_the_last_time_stand_in_the_form(self, cast, pilot, address, sign_in, now):
        building.report(cast, pilot, now=now, users_inside=8, users_outside=0)
        building.report(cast, pilot, now=now)
        form = sign_in(cast.alice).get(address).context["form"]
        assert (form["users_inside"].value(), form["users_outside"].value()) == (8, 0)

    def test_each_open_blocker_is_asked_after_and_one_tap_clears_it(self, cast, pilot, address, sign_in, now):
        building.report(cast, pilot, now=now, blocks="No access.\nBudget open.")
        access, budget = Blocker.objects.order_by("pk")
        client = sign_in(cast.alice)
        assert 'value="still"' in client.get(address).content.decode()
        client.post(address, said(**{f"blocker_{access.pk}": "cleared", f"blocker_{budget.pk}": "still"}))
        assert [(one.blocker.text, one.times) for one in open_blockers(pilot)] == [("Budget open.", 2)]

    def test_what_was_typed_stays_when_something_is_missing(self, cast, address, sign_in):
        answer = sign_in(cast.alice).post(address, said(moved="", blocks="No access.", users_outside="-4"))
        assert answer.status_code == 422
        assert sorted(answer.context["form"].errors) == ["moved", "users_outside"]
        assert "No access.</textarea>" in answer.content.decode()

    def test_a_blocker_added_meanwhile_is_asked_after_and_nothing_is_lost(self, cast, pilot, address, sign_in, now):
        client = sign_in(cast.alice)
        client.get(address)
        building.report(cast, pilot, now=now, blocks="No access.")
        answer = client.post(address, said())
        assert answer.status_code == 422
        assert "Added while you were writing: say whether it still blocks." in answer.content.decode()
        assert "Two teams joined.</textarea>" in answer.content.decode()

    def test_the_third_time_is_said_on_the_page(self, cast, pilot, address, sign_in, now):
        for _ in range(2):
            building.report(cast, pilot, now=now, blocks="No access.")
        client = sign_in(cast.alice)
        answer = client.post(address, said(**{f"blocker_{Blocker.objects.get().pk}": "still"}), follow=True)
        assert "“No access.” has now blocked three updates in a row. The pilot is flagged" in answer.content.decode()

    def test_posted_twice_it_is_said_once(self, cast, address, sign_in):
        client, data = sign_in(cast.alice), said(form_key=str(uuid.uuid4()))
        assert [client.post(address, data).status_code for _ in range(2)] == [302, 302]
        assert StatusUpdate.objects.count() == 1

    def test_it_goes_on_while_a_pilot_scales_and_ends_with_it(self, cast, pilot, address, sign_in, today, now):
        decide(cast, pilot, Outcome.SCALE, today=today, now=now)
        assert sign_in(cast.alice).post(address, said()).status_code == 302
        stopped = building.awaiting(cast, today=today, now=now)
        decide(cast, stopped, Outcome.STOP, today=today, now=now)
        client, address = sign_in(cast.alice), f"{stopped.get_absolute_url()}status/new/"
        text = client.get(address).content.decode()
        assert "This pilot is stopped; there is nothing more to report." in text
        assert 'disabled aria-describedby="obstacles"' in text
        assert client.post(address, said()).status_code == 422


class TestReading:
    def test_all_updates_are_listed_by_page_the_latest_first(self, cast, pilot, sign_in, now):
        for number in range(21):
            building.report(cast, pilot, now=now + timedelta(minutes=number), moved=f"Step {number}.")
        client, address = sign_in(cast.viewer), f"{pilot.get_absolute_url()}status/"
        first, second = client.get(address).context["page"], client.get(f"{address}?page=2").context["page"]
        assert [update.moved for update in first][:2] == ["Step 20.", "Step 19."]
        assert [update.moved for update in second] == ["Step 0."]
        assert "status/new/" not in client.get(address).content.decode()

    def test_it_is_kind_when_nothing_was_said(self, cast, pilot, sign_in):
        text = sign_in(cast.alice).get(f"{pilot.get_absolute_url()}status/").content.decode()
        assert "Nobody has said yet what moved" in text

    @pytest.mark.parametrize("address", ["", "status/", "status/new/"])
    def test_takes_as_many_queries_whatever_was_said(self, cast, pilot, sign_in, now, address):
        def say(number):
            gone = [one.blocker.pk for one in open_blockers(pilot)][:1]
            building.report(cast, pilot, now=now, blocks=f"A {number}.\nB {number}.", cleared=gone, users_inside=number)

        client, address = sign_in(cast.alice), f"{pilot.get_absolute_url()}{address}"
        say(1)
        say(2)
        few = queries_of(client, address)
        for number in range(3, 12):
            say(number)
        assert queries_of(client, address) == few
