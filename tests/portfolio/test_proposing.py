"""Proposing a pilot: six fields, whoever owns it, and the pilots that are like it."""

import pytest
from django.db import connection

from accounts.models import Mail, User
from accounts.naming import note_leaving
from portfolio.models import Pilot
from portfolio.similar import similar_pilots
from portfolio.states import Outcome, Visibility
from tests import building
from tests.gates.deciding_for import decide

TITLE = "Reading handwritten claim forms"


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


def fields(cast, **given) -> dict:
    return {
        "title": "Forecasting the weight of parcels", "summary": "", "unit": cast.unit.pk, "owner": "",
        "risk_class": "low", "committee_slug": "steering",
    } | given  # fmt: skip


class TestOwner:
    def test_is_who_proposes_where_nobody_is_named(self, cast, sign_in):
        assert sign_in(cast.charlie).post("/portfolio/propose/", fields(cast)).status_code == 302
        assert Pilot.objects.get().standing.owner == cast.charlie

    def test_can_be_somebody_else_who_is_invited(self, cast, sign_in):
        sent = sign_in(cast.charlie).post("/portfolio/propose/", fields(cast, owner="Ada@example.org"))
        ada = User.objects.get(email="ada@example.org")
        assert sent.status_code == 302
        assert Pilot.objects.get().standing.owner == ada
        assert list(Mail.objects.values_list("recipient", "kind")) == [(ada.pk, "invitation")]

    def test_is_not_somebody_who_has_left(self, cast, today, now, sign_in):
        note_leaving(actor=None, person=cast.carol, left_on=today, now=now)
        response = sign_in(cast.charlie).post("/portfolio/propose/", fields(cast, owner="carol@example.org"))
        assert response.status_code == 422
        assert response.context["form"].errors == {"owner": ["Carol has left. Name somebody who is here."]}

    def test_the_form_asks_six_things_and_says_why(self, cast, sign_in):
        form = sign_in(cast.charlie).get("/portfolio/propose/").context["form"]
        asked = [field for field in form if not field.is_hidden]
        assert [field.name for field in asked] == [
            "title", "summary", "unit", "owner", "risk_class", "committee_slug",
        ]  # fmt: skip
        assert all(field.help_text for field in asked)
        assert form.initial.get("committee_slug") or form.fields["committee_slug"].initial == "steering"


class TestSimilar:
    @pytest.fixture
    def tried(self, cast, today, now) -> Pilot:
        pilot = building.awaiting(
            cast, today=today, now=now, title=TITLE, summary="Turns paper into data for the claims desk."
        )
        decide(cast, pilot, Outcome.STOP, today=today, now=now)
        building.proposed(cast, today=today, now=now, title="Planning shifts in the garage", summary="Who works when.")
        return pilot

    @pytest.mark.parametrize(
        ("title", "summary", "found"),
        [
            ("Reading handwritten claim forms", "", True),
            ("Forms of claims, read by a machine", "", True),  # other order, other endings
            ("Handwriting on claim forms", "", True),
            ("Reeding handwriten clam frms", "", True),  # misspelt in every word
            ("Read claims", "Paper becomes data for the desk.", True),
            ("", "Handwritten forms of a claim", True),  # nothing but a summary so far
            ("Forecast of staff for the canteen", "", False),
            ("The of and", "", False),  # nothing but stop words
            ("", "", False),
            ("'; DROP \\ | & ! :*", "", False),
        ],
    )
    def test_is_found_by_words_and_by_spelling(self, cast, tried, title, summary, found):
        titles = [one.title for one in similar_pilots(title=title, summary=summary, reader=cast.viewer)]
        assert titles == ([TITLE] if found else [])

    def test_beside_a_near_twin_what_shares_a_word_is_left_out(self, cast, tried, today, now):
        building.proposed(cast, today=today, now=now, title="Claim forms for boats", summary="")
        assert [
            [one.title for one in similar_pilots(title=title, summary="", reader=cast.viewer)]
            for title in (TITLE, "Claim forms")
        ] == [[TITLE], ["Claim forms for boats", TITLE]]

    def test_says_what_came_of_it(self, cast, tried, today, sign_in):
        (one,) = similar_pilots(title=TITLE, summary="", reader=cast.viewer)
        assert (one.code, one.stage, one.outcome, one.decided_on) == (tried.code, "stopped", "stop", today)
        text = sign_in(cast.charlie).post("/portfolio/propose/similar/", {"title": TITLE}).content.decode()
        assert "<html" not in text
        assert f"Learned: {one.learnings}" in text
        assert one.learnings

    def test_shows_nobody_what_they_may_not_see(self, cast, tried):
        tried.visibility = Visibility.RESTRICTED
        tried.save()
        assert [
            len(similar_pilots(title=TITLE, summary="", reader=person))
            for person in (cast.alice, cast.manager, cast.viewer, cast.charlie)
        ] == [1, 1, 0, 0]

    def test_without_a_script_it_is_asked_once_and_then_proposed(self, cast, tried, sign_in):
        client = sign_in(cast.charlie)
        asked = client.post("/portfolio/propose/", fields(cast, title=f"{TITLE} again"))
        text = asked.content.decode()
        assert asked.status_code == 200
        assert "Has this been tried already?" in text
        assert "Propose anyway" in text
        assert f'value="{TITLE} again"' in text
        assert not Pilot.objects.filter(title=f"{TITLE} again").exists()
        sent = client.post("/portfolio/propose/", fields(cast, title=f"{TITLE} again", seen_similar="on"))
        assert sent.status_code == 302

    def test_takes_a_fixed_number_of_queries(self, cast, tried, django_assert_max_num_queries):
        """However many are found."""
        manager = cast.manager
        with django_assert_max_num_queries(9):
            similar_pilots(title=TITLE, summary="", reader=manager)

    def test_words_follow_an_edit(self, cast, tried):
        Pilot.objects.filter(pk=tried.pk).update(title="Something else", summary="")
        assert similar_pilots(title=TITLE, summary="", reader=cast.viewer) == []

    def test_both_indexes_answer(self, cast, tried):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                "EXPLAIN SELECT id FROM portfolio_pilot WHERE words @@ 'read'::tsquery OR upper(title) % 'READ'"
            )
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "portfolio_pilot_words" in plan
        assert "portfolio_pilot_title" in plan


def test_no_list_carries_the_words_along():
    assert "words" not in {field.name for field in Pilot._meta.get_fields()}
