"""Pages of gate sets: versions, the draft and its gates, the difference, publishing; moving a round."""

import pytest

from gates.drafting_sets import CRITERION_FACTS, retire_criterion
from gates.models import GateSet, RoundGateSet
from gates.queries import draft_set, gate_set_of
from tests import building
from tests.counting import queries_of
from tests.gates.drafting_for import FACTS, draft_of, gate_of, one_of, published, reworded, slugs

SETS = "/settings/gate-sets/"
DRAFT = f"{SETS}2/"
GATE = f"{DRAFT}gates/production-data/"
CRITERION = f"{GATE}criteria/data-owner/"


@pytest.fixture
def client(cast, gate_set, sign_in):
    return sign_in(cast.administrator)


@pytest.fixture
def draft(cast, gate_set, now) -> GateSet:
    return draft_of(cast, now=now)


def posted(criterion=None, **changes) -> dict[str, object]:
    facts = {name: getattr(criterion, name) for name in CRITERION_FACTS} if criterion else dict(FACTS)
    evidence = "yes" if facts.pop("evidence_required") else "no"
    return {**facts, "evidence": evidence, "version": getattr(criterion, "version", ""), **changes}


def text(response) -> str:
    return " ".join(response.content.decode().split())


class TestVersions:
    def test_from_the_list_a_draft_is_begun_and_the_next_visit_offers_none(self, client):
        assert "Begin a draft" in text(client.get(SETS))
        assert client.post(f"{SETS}begin/").headers["Location"] == DRAFT
        assert "Begin a draft" not in text(client.get(SETS))

    def test_a_second_draft_is_refused_with_who_began_the_first(self, client, draft):
        response = client.post(f"{SETS}begin/")
        assert response.status_code == 422
        assert "There is a draft already, begun by Administrator." in text(response)

    def test_open_rounds_are_counted_beside_their_set(self, cast, client, today, now):
        for _ in range(2):
            building.running(cast, today=today, now=now)
        assert '<td data-label="Open rounds" class="num">2</td>' in text(client.get(SETS))

    def test_without_a_set_the_page_says_how_one_comes(self, cast, sign_in):
        assert "No gate set yet" in text(sign_in(cast.administrator).get(SETS))

    def test_the_preview_says_what_each_path_asks(self, client):
        page = text(client.get(f"{SETS}1/"))
        assert '<th scope="row">Low</th> <td class="num">4</td> <td> Data, Legal </td>' in page
        assert "Discard the draft" not in page

    def test_a_draft_is_discarded_only_as_it_was_seen(self, cast, client, draft, now):
        reworded(cast, draft, "data-owner", now=now)
        late = client.post(f"{DRAFT}discard/", {"revision": 1})
        assert late.status_code == 409
        assert "The draft has changed since you opened this page." in text(late)
        assert client.post(f"{DRAFT}discard/", {"revision": 2}).headers["Location"] == SETS
        assert draft_set() is None

    def test_addresses_that_only_take_posts_lead_on(self, client, draft):
        for page, leads in (
            (f"{SETS}begin/", SETS), (f"{DRAFT}discard/", DRAFT), (f"{CRITERION}move/", GATE),
            (f"{CRITERION}retire/", GATE), (f"{CRITERION}bring-back/", GATE), (f"{SETS}1/publish/", f"{SETS}1/"),
        ):  # fmt: skip
            assert client.get(page).headers["Location"] == leads


class TestDraft:
    def test_a_published_set_has_nothing_to_edit(self, client):
        for page in ("", "add/", "criteria/data-owner/"):
            assert client.get(f"{SETS}1/gates/production-data/{page}").status_code == 404

    def test_a_gate_is_reworded(self, client, draft):
        facts = {"title": "Data", "question": "Will it come?", "lead_function": "it", "version": 1}
        assert client.post(GATE, facts).headers["Location"] == GATE
        gate = gate_of(draft)
        assert (gate.title, gate.question, gate.lead_function) == ("Data", "Will it come?", "it")

    def test_two_who_reword_a_gate_see_both_texts(self, client, draft):
        facts = {"title": "Data", "question": "First?", "lead_function": "data", "version": 1}
        client.post(GATE, facts)
        late = client.post(GATE, {**facts, "question": "Second?"})
        assert late.status_code == 409
        assert "First?" in text(late)
        assert "Second?" in text(late)

    def test_what_is_not_valid_stays_in_the_form(self, client, draft):
        response = client.post(GATE, {"title": "", "question": "Kept?", "lead_function": "data", "version": 1})
        assert response.status_code == 422
        assert "Kept?" in text(response)
        response = client.post(f"{GATE}add/", posted(statement="", convincing="Kept as typed."))
        assert response.status_code == 422
        assert "Kept as typed." in text(response)

    def test_a_criterion_is_added(self, client, draft):
        assert "0: as long as it is not withdrawn." in text(client.get(f"{GATE}add/"))
        added = client.post(f"{GATE}add/", posted(evidence="no"))
        assert added.headers["Location"] == f"{GATE}#criterion-{slugs(draft)[-1]}"
        assert not one_of(draft, slugs(draft)[-1]).evidence_required

    def test_a_criterion_is_reworded_and_a_late_editor_sees_both_texts(self, client, draft):
        before = one_of(draft, "data-owner")
        assert before.statement in text(client.get(CRITERION))
        client.post(CRITERION, posted(before, statement="First.", evidence_valid_days=30))
        after = one_of(draft, "data-owner")
        assert (after.statement, after.evidence_valid_days, after.evidence_required) == ("First.", 30, True)
        late = client.post(CRITERION, posted(before, statement="Second.", evidence="no"))
        assert late.status_code == 409
        assert "First." in text(late)
        assert "Second." in text(late)
        assert client.post(CRITERION, posted(before, statement="Second.", version=2)).status_code == 302

    def test_what_was_typed_about_a_retired_criterion_is_kept(self, cast, client, draft, now):
        before = one_of(draft, "data-owner")
        retire_criterion(actor=cast.administrator, criterion=before, now=now)
        assert client.get(CRITERION).status_code == 404
        late = client.post(CRITERION, posted(before, statement="My careful wording."))
        assert late.status_code == 409
        assert "Somebody retired this criterion while you were writing." in text(late)
        assert "My careful wording." in text(late)

    def test_order_is_changed_by_buttons(self, client, draft):
        first, second, third, *_ = slugs(draft)
        client.post(f"{GATE}criteria/{second}/move/", {"to": "up"})
        client.post(f"{GATE}criteria/{first}/move/", {"to": "down"})
        assert slugs(draft)[:3] == [second, third, first]

    def test_a_criterion_is_retired_and_brought_back(self, client, draft):
        client.post(f"{CRITERION}retire/")
        assert "Retired in this draft" in text(client.get(GATE))
        client.post(f"{CRITERION}bring-back/")
        assert slugs(draft)[-1] == "data-owner"
        assert "Retired in this draft" not in text(client.get(GATE))
        assert client.post(f"{GATE}criteria/nonsense/bring-back/").status_code == 404


class TestPublishing:
    def publish(self, client, **changes):
        return client.post(
            f"{DRAFT}publish/", {"title": "Second", "reason": "Asks for more.", "revision": 2, **changes}
        )

    def test_a_copy_shows_no_difference_and_a_closed_button(self, client, draft):
        assert "The two sets say the same." in text(client.get(f"{DRAFT}difference/"))
        page = text(client.get(f"{DRAFT}publish/"))
        assert "It says the same as gate set 1." in page
        assert 'type="submit" disabled aria-describedby="not-yet"' in page

    def test_the_difference_shows_both_texts_and_what_it_means(self, cast, client, draft, today, now):
        building.running(cast, today=today, now=now)
        old = one_of(draft, "data-owner").statement
        reworded(cast, draft, "data-owner", now=now, statement="Each source has an owner.")
        page = text(client.get(f"{DRAFT}difference/"))
        assert f'<del class="theirs">{old}</del>' in page
        assert '<ins class="theirs">Each source has an owner.</ins>' in page
        assert "1 open round goes by set 1 and keeps it until somebody moves it." in page
        assert "findings of 61 of 62 criteria are carried over; 1 must be assessed anew." in page
        assert client.get(f"{SETS}1/difference/").status_code == 404

    def test_one_confirmation_publishes_it(self, cast, client, draft, now):
        reworded(cast, draft, "data-owner", now=now)
        assert self.publish(client).headers["Location"] == DRAFT
        draft.refresh_from_db()
        assert (draft.is_draft, draft.title, draft.note) == (False, "Second", "Asks for more.")
        assert "Asks for more." in text(client.get(DRAFT))

    def test_it_needs_a_reason(self, cast, client, draft, now):
        reworded(cast, draft, "data-owner", now=now)
        response = self.publish(client, reason="")
        assert response.status_code == 422
        assert "Say what is new in this set, and why." in text(response)

    def test_a_draft_that_changed_meanwhile_is_shown_again_with_the_text_kept(self, cast, client, draft, now):
        reworded(cast, draft, "data-owner", now=now)
        late = self.publish(client, revision=1)
        assert late.status_code == 409
        assert "The draft has changed since you opened this page." in text(late)
        assert "Asks for more." in text(late)
        assert draft_set() == draft

    def test_obstacles_of_the_verb_are_listed(self, client, draft):
        response = self.publish(client, revision=1)
        assert response.status_code == 422
        assert "It says the same as gate set 1." in text(response)


class TestMoving:
    @pytest.fixture
    def pilot(self, cast, gate_set, today, now):
        return building.running(cast, today=today, now=now)

    def test_the_newest_set_leaves_nothing_to_move(self, cast, pilot, sign_in):
        page = text(sign_in(cast.alice).get(f"/pilots/{pilot.code}/gates/move/"))
        assert "This round goes by the newest gate set already." in page
        assert "Move the round" not in page

    def test_the_difference_stands_before_the_confirmation(self, cast, pilot, draft, sign_in, now):
        reworded(cast, draft, "data-owner", now=now, statement="Each source has an owner.")
        published(cast, draft, now=now)
        client, url = sign_in(cast.alice), f"/pilots/{pilot.code}/gates/move/"
        page = text(client.get(url))
        assert '<ins class="theirs">Each source has an owner.</ins>' in page
        assert "1 criterion must be assessed anew." in page
        late = client.post(url, {"version": 1})
        assert late.status_code == 409
        assert "A newer gate set was published while you were reading." in text(late)
        assert client.post(url, {"version": 2}).headers["Location"] == pilot.get_absolute_url()
        assert gate_set_of(pilot.open_round()) == draft
        again = client.post(url, {"version": 2})
        assert again.status_code == 422
        assert RoundGateSet.objects.filter(by=cast.alice).count() == 1


def test_queries_do_not_grow_with_what_is_in_the_draft(cast, client, draft, now):
    pages = (SETS, DRAFT, f"{DRAFT}difference/", f"{DRAFT}publish/", GATE)
    before = [queries_of(client, page) for page in pages]
    for slug in slugs(draft)[1:]:
        reworded(cast, draft, slug, now=now)
    retire_criterion(actor=cast.administrator, criterion=one_of(draft, "data-owner"), now=now)
    assert [queries_of(client, page) for page in pages] == before


@pytest.mark.requirement(35, page="/pilots/P-0001/")
def test_the_pilots_page_says_its_path_and_that_a_newer_set_is_out(cast, gate_set, draft, sign_in, today, now):
    pilot = building.running(cast, today=today, now=now)
    client = sign_in(cast.alice)
    page = text(client.get(pilot.get_absolute_url()))
    assert "its gates take <strong>the path with added controls</strong>" in page
    assert "See what a move would change" not in page
    reworded(cast, draft, "data-owner", now=now)
    published(cast, draft, now=now)
    assert f'<a href="/pilots/{pilot.code}/gates/move/">See what a move would change</a>' in text(
        client.get(pilot.get_absolute_url())
    )
