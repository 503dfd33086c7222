"""The owner's page of a gate, the queue and what hangs on them: what each page shows, saves and refuses."""

import json
import re
import uuid
from datetime import timedelta

import pytest

from accounts.states import Function
from gates.convening import name_reviewer
from gates.lamps import LampFacts, sentence
from gates.models import Claim, Comment, Condition, GateReview, Reuse, ReviewRequest, Substitute
from gates.reopening import reopen_review
from gates.returning import return_review
from gates.standing import keep_judgements
from portfolio.models import Standing
from portfolio.states import LampState
from tests import building
from tests.counting import queries_of
from tests.gates.preparing_for import claimed, concluded, submitted
from tests.gates.reviewing_for import all_required, first, page_of

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.running(cast, today=today, now=now, risk_class="low")


def prepare(pilot) -> str:
    return f"{page_of(pilot)}prepare/"


def claim_url(pilot) -> str:
    return f"{page_of(pilot)}criteria/{first().slug}/claim/"


class TestPreparing:
    def test_a_claim_saves_by_itself_and_without_javascript(self, cast, pilot, sign_in):
        client = sign_in(cast.alice)
        data = {"text": "All letters.", "view": "met", "version": 0, "round": 1}
        partial = client.post(claim_url(pilot), data, **HTMX)
        claim = Claim.objects.get()
        text = re.sub(r"\s+", " ", partial.content.decode())
        assert f'name="version" value="{claim.pk}" form="claim-{first().pk}"' in text
        assert json.loads(partial.headers["HX-Trigger"]) == {"claimSaved": {}}
        whole = client.post(claim_url(pilot), {**data, "text": "All of them.", "version": claim.pk})
        assert whole.url == f"{prepare(pilot)}#criterion-{first().pk}"
        assert Claim.objects.count() == 2

    def test_the_loser_of_two_editors_gets_both_texts_and_chooses(self, cast, pilot, sign_in):
        client = sign_in(cast.alice)
        client.post(claim_url(pilot), {"text": "Theirs.", "view": "met", "version": 0, "round": 1})
        mine = {"text": "Mine.", "view": "partly_met", "version": 0, "round": 1}
        partial, whole = client.post(claim_url(pilot), mine, **HTMX), client.post(claim_url(pilot), mine)
        assert partial.status_code == whole.status_code == 409
        for response in (partial, whole):
            assert "Theirs." in response.content.decode()
            assert "Mine." in response.content.decode()
        assert Claim.objects.get().text == "Theirs."
        assert client.post(claim_url(pilot), {**mine, "version": Claim.objects.get().pk}).status_code == 302

    def test_what_is_missing_is_a_list_with_links_and_the_button_waits_for_it(self, cast, pilot, sign_in, today, now):
        client = sign_in(cast.alice)
        text = re.sub(r"\s+", " ", client.get(prepare(pilot)).content.decode())
        assert "2.1 lacks a claim, your own view and evidence." in text
        assert 'type="submit" disabled aria-describedby="missing-list"' in text
        claimed(cast, pilot, today=today, now=now)
        partial = client.get(f"{page_of(pilot)}submit/", **HTMX).content.decode()
        assert "disabled" not in partial
        assert "<html" not in partial

    def test_submitting_fifty_times_asks_once(self, cast, pilot, sign_in, today, now):
        claimed(cast, pilot, today=today, now=now)
        client, key = sign_in(cast.alice), str(uuid.uuid4())
        version = GateReview.objects.get().version
        answers = {
            client.post(f"{page_of(pilot)}submit/", {"version": version, "form_key": key}).status_code
            for _ in range(50)
        }
        assert answers == {302}
        assert ReviewRequest.objects.values("function").distinct().count() == ReviewRequest.objects.count()
        assert client.post(f"{page_of(pilot)}submit/", {"version": version}).status_code == 409

    def test_takes_as_many_queries_for_all_claims_as_for_none(self, cast, pilot, sign_in, today, now):
        client = sign_in(cast.alice)
        client.post(claim_url(pilot), {"text": "One.", "view": "met", "version": 0, "round": 1})
        one = queries_of(client, prepare(pilot))
        claimed(cast, pilot, today=today, now=now)
        assert queries_of(client, prepare(pilot)) == one


class TestReview:
    def test_a_comment_comes_back_to_the_side_that_wrote_it(self, cast, pilot, sign_in):
        url = f"{page_of(pilot)}criteria/{first().slug}/comments/"
        asked = sign_in(cast.reviewer).post(url, {"text": "Which log?"})
        assert asked.url == f"{page_of(pilot)}#criterion-{first().pk}"
        answered = sign_in(cast.alice).post(url, {"text": "This one.", "preparing": "yes"})
        assert answered.url == f"{prepare(pilot)}#criterion-{first().pk}"
        assert [one.text for one in Comment.objects.order_by("pk")] == ["Which log?", "This one."]
        refused = sign_in(cast.alice).post(url, {"text": " "})
        assert (refused.status_code, "Write what you want to say." in refused.content.decode()) == (422, True)
        assert sign_in(cast.charlie).post(url, {"text": "Me too."}).status_code == 403

    def test_is_returned_with_a_reason_that_the_owner_reads(self, cast, pilot, sign_in, today, now):
        review = submitted(cast, pilot, today=today, now=now)
        client = sign_in(cast.reviewer)
        empty = client.post(f"{page_of(pilot)}return/", {"reason": "", "version": review.version})
        assert (empty.status_code, "Give the reason" in empty.content.decode()) == (422, True)
        stale = client.post(f"{page_of(pilot)}return/", {"reason": "Kept words.", "version": 1})
        assert (stale.status_code, "Kept words." in stale.content.decode()) == (409, True)
        done = client.post(f"{page_of(pilot)}return/", {"reason": "The log is missing.", "version": review.version})
        assert done.url == page_of(pilot)
        assert "The log is missing." in sign_in(cast.alice).get(prepare(pilot)).content.decode()

    def test_is_concluded_with_conditions_from_the_rows_of_the_form(self, cast, pilot, sign_in, today, now):
        review = submitted(cast, pilot, today=today, now=now)
        all_required(cast, pilot, today=today, now=now)
        data = {
            "state": "conditional", "conclusion": "", "round": 1, "version": review.version,
            "conditions-TOTAL_FORMS": 2, "conditions-INITIAL_FORMS": 0,
            "conditions-0-text": "Keep a log.", "conditions-0-owner": cast.alice.pk, "conditions-0-due": "2026-12-24",
        }  # fmt: skip
        client = sign_in(cast.reviewer)
        lacking = client.post(f"{page_of(pilot)}conclude/", {**data, "conditions-1-text": "And then?"})
        assert lacking.status_code == 422
        assert "Condition 2 lacks an owner and a day." in lacking.content.decode()
        assert client.post(f"{page_of(pilot)}conclude/", data).status_code == 302
        condition = Condition.objects.get()
        page = f"/pilots/{pilot.code}/conditions/{condition.pk}/"
        assert page in client.get(page_of(pilot)).content.decode()
        met = sign_in(cast.alice).post(f"{page}meet/", {"proof": "It is kept.", "version": 1})
        assert met.url == page
        assert "It is kept." in client.get(page).content.decode()

    def test_is_opened_again_by_its_lead(self, cast, pilot, sign_in, today, now):
        review = concluded(cast, pilot, today=today, now=now)
        client = sign_in(cast.reviewer)
        assert 'id="reopen"' in client.get(page_of(pilot)).content.decode()
        assert 'id="reopen"' not in sign_in(cast.alice).get(page_of(pilot)).content.decode()
        client.post(f"{page_of(pilot)}reopen/", {"reason": "Doubts.", "version": review.version})
        assert GateReview.objects.get().state == LampState.REOPENED

    def test_a_finding_of_another_pilot_is_reused_from_its_form(self, cast, pilot, sign_in, today, now):
        url = f"{page_of(pilot)}criteria/{first().slug}/reuse/"
        client = sign_in(cast.alice)
        assert "Nothing to reuse yet" in client.get(url).content.decode()
        review = concluded(cast, building.running(cast, today=today, now=now, risk_class="low"), today=today, now=now)
        source = review.assessments.get(criterion=first())
        data = {"source": source.pk, "kind": "control", "why": "Same data.", "valid_until": "2027-01-01"}
        assert client.post(url, {**data, "why": ""}).status_code == 422
        assert client.post(url, data).status_code == 302
        text = client.get(page_of(pilot)).content.decode()
        assert "Reused" in text
        assert source.review.round.pilot.code in text
        assert client.post(f"{url}{Reuse.objects.get().pk}/end/").status_code == 302
        assert Reuse.objects.get().removed_at == now


class TestQueue:
    @pytest.fixture
    def lawyer(self, cast, today, now):
        person = building.person("lawyer", now=now)
        name_reviewer(actor=None, person=person, function=Function.LEGAL, since=today, now=now)
        return person

    def test_shows_what_is_asked_of_one_with_its_days_and_lets_a_colleague_take_it(
        self, cast, pilot, lawyer, sign_in, today, now, time_machine
    ):
        submitted(cast, pilot, today=today, now=now)
        request = ReviewRequest.objects.get(function="legal")
        holder, other = (lawyer, cast.reviewer) if request.reviewer == lawyer else (cast.reviewer, lawyer)
        time_machine.move_to(now + timedelta(days=3), tick=False)
        mine = sign_in(holder).get("/reviews/").context["requests"]
        assert [one.days for one in mine if one.request == request] == [3]
        client = sign_in(other)
        assert [one.request for one in client.get("/reviews/?show=pool&function=legal").context["requests"]] == [
            request
        ]
        assert client.post(f"/reviews/{request.pk}/take/", {"version": 9}).status_code == 409
        assert client.post(f"/reviews/{request.pk}/take/", {"version": 1}).url == "/reviews/"
        assert request in [one.request for one in client.get("/reviews/").context["requests"]]

    def test_a_review_is_handed_over_with_a_note(self, cast, pilot, lawyer, sign_in, today, now):
        submitted(cast, pilot, today=today, now=now)
        request = ReviewRequest.objects.get(function="legal")
        to = lawyer if request.reviewer == cast.reviewer else cast.reviewer
        url, client = f"/reviews/{request.pk}/hand-over/", sign_in(cast.reviewer)
        assert client.post(url, {"to": to.pk, "note": "", "version": 1}).status_code == 422
        stale = client.post(url, {"to": to.pk, "note": "Kept words.", "version": 7})
        assert (stale.status_code, "Kept words." in stale.content.decode()) == (409, True)
        assert client.post(url, {"to": to.pk, "note": "You know it.", "version": 1}).url == "/reviews/"
        assert "You know it." in sign_in(to).get("/reviews/").content.decode()

    def test_a_substitute_is_named_and_has_the_queue(self, cast, pilot, lawyer, sign_in, today, now):
        submitted(cast, pilot, today=today, now=now)
        client = sign_in(cast.reviewer)
        data = {"stands_in": lawyer.pk, "since": today, "until": today + timedelta(days=2)}
        assert client.post("/reviews/substitutes/", {**data, "until": "2026-01-01"}).status_code == 422
        assert client.post("/reviews/substitutes/", data).status_code == 302
        waiting = sign_in(lawyer).get("/reviews/").context["requests"]
        assert {one.stands_in_for for one in waiting} >= {cast.reviewer}
        assert client.post(f"/reviews/substitutes/{Substitute.objects.get().pk}/end/").status_code == 302
        assert not Substitute.objects.exists()

    def test_takes_as_many_queries_for_thirty_requests_as_for_one(self, cast, pilot, sign_in, today, now):
        review = submitted(cast, pilot, today=today, now=now)
        ReviewRequest.objects.exclude(function="legal").delete()
        client = sign_in(cast.reviewer)
        one = queries_of(client, "/reviews/")
        for number in range(29):
            ReviewRequest.objects.create(
                review=review, function="legal", reviewer=cast.reviewer, asked_at=now, ended_at=now, ended="assessed"
            )
            further = building.running(cast, today=today, now=now, title=f"Further {number}") if number < 3 else None
            if further:
                submitted(cast, further, today=today, now=now)
        assert len(client.get("/reviews/").context["requests"]) > 10
        assert queries_of(client, "/reviews/") == one

    @pytest.mark.requirement(38, page="/reviews/times/")
    def test_the_report_tells_first_time_from_reused(self, cast, pilot, sign_in, today, now):
        review = submitted(cast, pilot, today=today, now=now)
        for reused, days in ((False, 2), (True, 1)):
            ReviewRequest.objects.filter(review=review, function="legal" if reused else "data").update(
                ended_at=now + timedelta(days=days), ended="assessed"
            )
        legal = review.gate.criteria.filter(function="legal")[0]
        assessment = concluded(
            cast, building.running(cast, today=today, now=now, risk_class="low"), today=today, now=now
        ).assessments
        Reuse.objects.create(
            review=review, criterion=legal, source=assessment.filter(criterion=legal)[0], kind="review", why="Same.",
            valid_until=today, attached_at=now,
        )  # fmt: skip
        (functions, _gates) = sign_in(cast.viewer).get("/reviews/times/").context["charts"]
        rows = {row.label: row for row in functions["rows"]}
        assert (rows["Legal"].reused, rows["Legal"].reused_count) == (1.0, 1)
        assert rows["Data"].first_count == 2


class TestLamps:
    def test_every_state_has_a_sentence_and_passing_is_never_worded_as_success(self):
        said = {
            state: sentence(LampFacts(state, required=4, claimed=1, assessed=2, reason="Why.")) for state in LampState
        }
        assert set(said) == set(LampState)
        praise = re.compile(r"success|congratulat|well done|ready to scale|green light|approved", re.IGNORECASE)
        assert [text for text in said.values() if praise.search(text)] == []

    @pytest.mark.requirement(36, page="/pilots/P-0001/")
    def test_six_passed_gates_change_nothing_and_are_not_praised(self, cast, pilot, sign_in, today, now):
        for gate in ("business-ownership", "production-data", "workflow-integration", "value-measurement",
                     "adoption-and-change", "governance-and-risk"):  # fmt: skip
            concluded(cast, pilot, today=today, now=now, gate=gate)
        pilot.refresh_from_db()
        assert (pilot.stage, Standing.objects.get(pilot=pilot).lamps) == ("running", [LampState.PASSED] * 6)
        text = sign_in(cast.viewer).get(f"/pilots/{pilot.code}/").content.decode()
        praise = re.compile(r"success(?!\s+criteri)|congratulat|well done|ready to scale|green light", re.IGNORECASE)
        assert praise.findall(text) == []
        assert text.count("A gate that is passed decides nothing by itself.") == 1

    def test_rebuilt_equals_kept_through_every_state(self, cast, pilot, today, now):
        seen = set()

        def look():
            kept = Standing.objects.get(pilot=pilot).lamps
            assert keep_judgements(None) == 0
            seen.add(kept[1])

        look()
        claimed(cast, pilot, today=today, now=now)
        look()
        review = submitted(cast, pilot, today=today, now=now)
        look()
        return_review(actor=cast.reviewer, review=review, reason="No.", seen=None, today=today, now=now)
        look()
        later = now + timedelta(hours=1)
        claimed(cast, pilot, today=today, now=later)
        Comment.objects.create(review=review, criterion=first(), text="Here.", author=cast.alice, at=later)
        review = concluded(cast, pilot, today=today, now=later)
        look()
        reopen_review(actor=cast.reviewer, review=review, reason="No.", seen=None, today=today, now=later)
        look()
        assert seen == {LampState.NOT_STARTED, LampState.PREPARING, LampState.IN_REVIEW, LampState.RETURNED,
                        LampState.PASSED, LampState.REOPENED}  # fmt: skip
