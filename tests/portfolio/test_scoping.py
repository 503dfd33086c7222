"""The production build, scoped while the pilot runs: pieces, who makes them, what is missing at half time."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.naming import note_leaving
from accounts.obstacles import StaleError
from audit.models import Event
from portfolio.models import ScopeItem
from portfolio.pilot_file import PilotFile, lacking
from portfolio.production_build import half_over, scope_of, unscoped
from portfolio.queries import rounds_of
from portfolio.scoping import scope_piece
from portfolio.states import ScopeKind, ScopeState
from tests import building
from tests.counting import queries_of


@pytest.fixture
def pilot(cast, today, now):
    return building.running(cast, today=today, now=now, started=40, due=50)


def scope(cast, pilot, now, kind=ScopeKind.INTEGRATION, state=ScopeState.SCOPED, **said):
    return scope_piece(actor=cast.alice, pilot=pilot, kind=kind, state=state, now=now, **said)


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


class TestPieces:
    @pytest.mark.requirement(21, page="/pilots/P-0001/build/")
    def test_four_pieces_are_asked_for_and_a_pilot_adds_its_own(self, cast, pilot, today, now):
        scope(cast, pilot, now, owner_email="carol@example.org", due=today, note_text="Two interfaces.")
        scope(cast, pilot, now, ScopeKind.OWN, ScopeState.BUILDING, title="Archive of old letters")
        assert [(piece.title, piece.state.value) for piece in scope_of(pilot)] == [
            ("Integration", "scoped"), ("Data pipeline", "not_started"), ("Security review", "not_started"),
            ("User interface", "not_started"), ("Archive of old letters", "building"),
        ]  # fmt: skip
        item = ScopeItem.objects.get(kind="integration")
        assert (item.owner, item.due, item.note) == (cast.carol, today, "Two interfaces.")
        assert [piece.title for piece in unscoped(scope_of(pilot))] == [
            "Data pipeline", "Security review", "User interface",
        ]  # fmt: skip

    def test_a_word_later_changes_the_same_piece_and_the_trail_keeps_both(self, cast, pilot, now):
        first = scope(cast, pilot, now)
        assert scope(cast, pilot, now, state=ScopeState.READY, seen=1) == first
        event = Event.objects.filter(kind="portfolio.scope.changed").latest("sequence")
        assert event.data == {
            "piece": "Integration", "state": "ready", "before": {"state": "scoped"}, "after": {"state": "ready"},
        }  # fmt: skip

    def test_saying_the_same_again_changes_nothing_even_from_an_old_form(self, cast, pilot, now):
        scope(cast, pilot, now, seen=0)
        assert scope(cast, pilot, now, seen=0).version == 1
        assert Event.objects.filter(kind="portfolio.scope.changed").count() == 1

    def test_a_form_that_is_older_than_the_piece_is_refused(self, cast, pilot, now):
        scope(cast, pilot, now)
        with pytest.raises(StaleError):
            scope(cast, pilot, now, state=ScopeState.READY, seen=0)

    def test_every_fault_is_named_at_once(self, cast, pilot, today, now):
        note_leaving(actor=None, person=cast.charlie, left_on=today, now=now)
        with pytest.raises(ValidationError) as refused:
            scope(cast, pilot, now, ScopeKind.OWN, ScopeState.NOT_NEEDED, owner_email="charlie@example.org")
        assert codes(refused) == ["title", "owner_email", "note_text"]

    def test_an_owner_who_is_new_here_is_invited(self, cast, pilot, now):
        scope(cast, pilot, now, owner_email="New.Builder@example.org")
        assert User.objects.get(email="new.builder@example.org").invitations.count() == 1

    @pytest.mark.parametrize(
        "wrong", [{"kind": "integration"}, {"kind": "own"}, {"kind": "data_pipeline", "state": "not_needed"}]
    )
    def test_the_database_refuses_what_cannot_be(self, cast, pilot, now, wrong):
        scope(cast, pilot, now)
        with pytest.raises(IntegrityError), transaction.atomic():
            ScopeItem.objects.create(pilot=pilot, **wrong)


class TestHalfTime:
    @pytest.mark.parametrize(("days_after_start", "over"), [(0, False), (39, False), (40, True), (80, True)])
    def test_half_the_window_is_counted_in_days(self, pilot, today, days_after_start, over):
        current = rounds_of(pilot)[0]
        assert current.planned_end - current.starts_on == timedelta(days=80)
        assert half_over(current, current.starts_on + timedelta(days=days_after_start)) == over

    def test_without_a_window_there_is_no_half_of_it(self, cast, today, now):
        draft = building.proposed(cast, today=today, now=now)
        assert not half_over(rounds_of(draft)[0], today)
        assert not half_over(None, today)

    @pytest.mark.requirement(21, 22, page="/pilots/P-0001/")
    def test_from_then_on_what_nobody_scoped_is_missing(self, cast, pilot, today, now):
        scope(cast, pilot, now)
        for day, said in (
            (today - timedelta(days=1), []),
            (today, ["The production build is not scoped: data pipeline, security review, user interface.",
                     "No change plan is drafted."]),
        ):  # fmt: skip
            lacks = lacking(PilotFile(pilot, cast.alice, day))
            assert [
                one.missing.what for one in lacks if one.missing.code in {"build_unscoped", "no_change_plan"}
            ] == said


class TestPages:
    @pytest.fixture
    def address(self, pilot):
        return f"{pilot.get_absolute_url()}build/"

    def form(self, **changed):
        return {"version": 0, "state": "scoped", "owner_email": "", "due": "", "note_text": "", **changed}

    def test_a_piece_is_scoped_on_a_page_of_its_own(self, cast, pilot, address, sign_in):
        sent = sign_in(cast.alice).post(f"{address}data-pipeline/", self.form(note_text="A nightly load."))
        assert (sent.status_code, sent.headers["Location"]) == (302, f"{address}#piece-data-pipeline")
        text = sign_in(cast.viewer).get(address).content.decode()
        assert "A nightly load." in text
        assert "Say how far" not in text

    def test_or_in_its_place_in_the_list(self, cast, address, sign_in):
        client, place = sign_in(cast.alice), {"HX-Request": "true"}
        asked = client.get(f"{address}integration/", headers=place).content.decode()
        assert "<html" not in asked
        assert 'hx-post="/pilots/P-0001/build/integration/"' in asked
        wrong = client.post(f"{address}integration/", self.form(state="not_needed"), headers=place)
        assert (wrong.status_code, wrong.headers["HX-Reswap"]) == (422, "innerHTML")
        assert "Say why it is not needed" in wrong.content.decode()
        for _ in range(2):  # saved twice at once: one effect, the same answer
            saved = client.post(f"{address}integration/", self.form(), headers=place)
            assert (saved.status_code, saved.content.decode().count("Scoped</span>")) == (200, 1)
        assert ScopeItem.objects.get().version == 1

    def test_an_own_piece_is_added_once(self, cast, address, sign_in):
        client, data = sign_in(cast.alice), self.form(title="Archive", form_key=str(uuid.uuid4()))
        answers = [client.post(f"{address}new/", data).headers["Location"] for _ in range(2)]
        item = ScopeItem.objects.get()
        assert answers == [f"{address}#piece-{item.pk}"] * 2
        assert client.post(f"{address}{item.pk}/", self.form(title="Old letters", version=1)).status_code == 302
        assert ScopeItem.objects.get().title == "Old letters"

    def test_the_second_editor_gets_both_texts(self, cast, address, sign_in):
        url = f"{address}integration/"
        sign_in(cast.alice).post(url, self.form(note_text="Two interfaces."))
        late = sign_in(cast.manager).post(url, self.form(note_text="One interface."))
        assert late.status_code == 409
        text = late.content.decode()
        assert "Two interfaces." in text
        assert "One interface." in text
        assert ScopeItem.objects.get().note == "Two interfaces."

    def test_a_piece_that_is_not_there_is_not_found(self, cast, address, sign_in):
        assert sign_in(cast.alice).get(f"{address}4711/").status_code == 404
        assert sign_in(cast.alice).get(f"{address}own/").status_code == 404

    @pytest.mark.parametrize("where", ["", "build/"])
    def test_takes_as_many_queries_for_ten_pieces_as_for_one(self, cast, pilot, now, sign_in, where):
        client, url = sign_in(cast.alice), f"{pilot.get_absolute_url()}{where}"
        scope(cast, pilot, now, ScopeKind.OWN, title="First", owner_email="carol@example.org")
        one = queries_of(client, url)
        for number in range(9):
            scope(cast, pilot, now, ScopeKind.OWN, title=f"Piece {number}", owner_email="bob@example.org")
        assert queries_of(client, url) == one
