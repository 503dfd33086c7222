"""Pages of precedents: the list, writing one, withdrawing one."""

import pytest

from gates.models import Precedent, PrecedentWithdrawal
from portfolio.states import Visibility
from tests import building
from tests.counting import queries_of
from tests.gates.reviewing_for import address_of, concluded, first, found, settled


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.running(cast, today=today, now=now)


def text(response) -> str:
    return " ".join(response.content.decode().split())


class TestList:
    def test_notes_link_to_the_criterion_in_their_review(self, cast, pilot, sign_in, today, now):
        note = settled(cast, pilot, today=today, now=now)
        page = text(sign_in(cast.charlie).get("/precedents/"))
        assert "Eight weeks of live data were enough." in page
        place = f"/pilots/{pilot.code}/gates/production-data/?round=1#criterion-{note.criterion_id}"
        assert f'href="{place}"' in page
        assert "Withdraw<span" not in page
        assert "Withdraw<span" in text(sign_in(cast.reviewer).get("/precedents/"))

    def test_a_restricted_pilot_is_not_named_and_its_note_not_shown(self, cast, gate_set, sign_in, today, now):
        hidden = building.running(cast, today=today, now=now, visibility=Visibility.RESTRICTED)
        settled(cast, hidden, today=today, now=now)
        assert "No precedent yet" in text(sign_in(cast.charlie).get("/precedents/"))
        assert hidden.title in text(sign_in(cast.auditor).get("/precedents/"))

    def test_queries_do_not_grow_with_notes(self, cast, pilot, sign_in, today, now):
        client = sign_in(cast.reviewer)
        settled(cast, pilot, today=today, now=now)
        before = queries_of(client, "/precedents/")
        for _ in range(3):
            settled(cast, building.running(cast, today=today, now=now), today=today, now=now)
        assert queries_of(client, "/precedents/") == before


class TestWriting:
    def test_a_reviewer_notes_how_a_concluded_gate_settled_it(self, cast, pilot, sign_in, today, now):
        concluded(cast, pilot, today=today, now=now)
        client, url = sign_in(cast.reviewer), f"{address_of(pilot, first())}precedent/"
        assert first().statement in text(client.get(url))
        sent = client.post(url, {"text": "Eight weeks were enough."})
        assert sent.headers["Location"] == f"/pilots/{pilot.code}/gates/production-data/#criterion-{first().pk}"
        assert [note.text for note in Precedent.objects.all()] == ["Eight weeks were enough."]
        assert "There is a note on this criterion from this review already." in text(client.get(url))
        assert client.get(f"/pilots/{pilot.code}/gates/production-data/criteria/none/precedent/").status_code == 404

    @pytest.mark.parametrize("opened", [True, False])
    def test_before_the_conclusion_the_button_is_closed_and_says_why(self, cast, pilot, sign_in, today, now, opened):
        if opened:
            found(cast, pilot, first(), today=today, now=now)
        client, url = sign_in(cast.reviewer), f"{address_of(pilot, first())}precedent/"
        assert "This gate is not concluded yet." in text(client.get(url))
        refused = client.post(url, {"text": "Too early."})
        assert refused.status_code == 422
        assert "Too early." in text(refused)
        assert not Precedent.objects.exists()

    def test_an_empty_note_is_none(self, cast, pilot, sign_in, today, now):
        concluded(cast, pilot, today=today, now=now)
        refused = sign_in(cast.reviewer).post(f"{address_of(pilot, first())}precedent/", {"text": " "})
        assert refused.status_code == 422
        assert "Say how it was settled, and on what ground." in text(refused)


def test_withdrawing_needs_a_reason_and_keeps_the_note_on_record(cast, pilot, sign_in, today, now):
    note = settled(cast, pilot, today=today, now=now)
    client, url = sign_in(cast.reviewer), f"/pilots/{pilot.code}/precedents/{note.pk}/withdraw/"
    assert note.text in text(client.get(url))
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "The law has changed."}).headers["Location"] == "/precedents/"
    assert PrecedentWithdrawal.objects.get().by == cast.reviewer
    assert "No precedent yet" in text(client.get("/precedents/"))
    assert "The law has changed." in text(client.get("/precedents/?withdrawn=yes"))
    assert "Withdrawn by Reviewer" in text(client.get(url))


@pytest.mark.requirement(39, page="/pilots/P-0001/gates/production-data/")
def test_a_note_stands_where_the_criterion_is_assessed_and_prepared(cast, pilot, sign_in, today, now):
    settled(cast, pilot, today=today, now=now)
    other = building.running(cast, today=today, now=now)
    page = f"/pilots/{other.code}/gates/production-data/"
    assert "Eight weeks of live data were enough." in text(sign_in(cast.reviewer).get(page))
    assert "Eight weeks of live data were enough." in text(sign_in(cast.alice).get(f"{page}prepare/"))
    assert "Note how this was settled" not in text(sign_in(cast.reviewer).get(page))
    settled_there = text(sign_in(cast.reviewer).get(f"/pilots/{pilot.code}/gates/production-data/"))
    assert "/gates/production-data/criteria/representative-data/precedent/" in settled_there
