"""A gate's page: reading it, assessing by autosave and by button, concluding, and who may."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from gates.models import Assessment, Claim, Comment, Criterion, EvidenceUse, GateReview
from gates.states import Finding
from portfolio.models import Standing
from portfolio.states import LampState, Outcome
from tests import building
from tests.counting import queries_of
from tests.gates.deciding_for import decide
from tests.gates.evidence.adding import add_note
from tests.gates.reviewing_for import GATE, address_of, first, found, page_of

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.running(cast, today=today, now=now)


class TestReading:
    @pytest.mark.parametrize("who", ["alice", "bob", "charlie", "manager", "administrator", "auditor", "viewer"])
    def test_everybody_reads_an_open_pilots_gates_and_gets_no_form(self, cast, pilot, sign_in, who):
        response = sign_in(getattr(cast, who)).get(page_of(pilot))
        text = response.content.decode()
        assert response.status_code == 200
        assert 'class="lead">' in text
        assert "data-autosave" not in text
        assert 'id="conclude" class="panel" method' not in text

    def test_a_reviewer_gets_a_form_for_each_criterion_of_their_functions(self, cast, pilot, sign_in):
        text = sign_in(cast.reviewer).get(page_of(pilot)).content.decode()
        assert text.count("data-autosave") == Criterion.objects.filter(gate__slug=GATE).count()

    def test_says_what_is_required_on_which_path_and_why(self, cast, pilot, sign_in):
        text = sign_in(cast.viewer).get(page_of(pilot)).content.decode()
        assert "its gates take <strong>the path with added controls</strong>" in text
        assert "Required on every path." in text
        assert (
            "Required from limited risk up (the path with added controls); this pilot&#x27;s risk is limited." in text
        )
        assert "Required only from high risk up (the path of formal approval)" in text

    def test_opens_no_review(self, cast, pilot, sign_in):
        client = sign_in(cast.reviewer)
        client.get(page_of(pilot))
        with CaptureQueriesContext(connection) as captured:
            client.get(page_of(pilot))
        assert not GateReview.objects.exists()
        assert [query["sql"] for query in captured if not query["sql"].startswith("SELECT")] == []

    def test_shows_who_found_what_and_what_was_found_before(self, cast, pilot, sign_in, today, now, time_machine):
        criterion = first()
        found(cast, pilot, criterion, Finding.SHORT_OF_EVIDENCE, "No log yet.", today=today, now=now)
        found(cast, pilot, criterion, Finding.MET, "Seen the log.", today=today, now=now)
        text = sign_in(cast.viewer).get(page_of(pilot)).content.decode()
        assert "Found before (1)" in text
        assert text.index("Seen the log.") < text.index("No log yet.")
        assert "Reviewer, <time" in text

    def test_texts_saved_in_one_sitting_are_one_finding_in_the_history(self, cast, pilot, sign_in, today, now):
        for text in ("The", "The log", "The log is there."):
            found(cast, pilot, first(), Finding.MET, text, today=today, now=now)
        text = sign_in(cast.viewer).get(page_of(pilot)).content.decode()
        assert Assessment.objects.count() == 3
        assert "Found before" not in text

    @pytest.mark.parametrize("address", ["/pilots/P-9999/gates/production-data/", "{pilot}gates/nonsense/"])
    def test_what_is_not_there_is_not_found(self, cast, pilot, sign_in, address):
        response = sign_in(cast.viewer).get(address.format(pilot=f"/pilots/{pilot.code}/"))
        assert response.status_code == 404

    def test_a_restricted_pilot_is_not_there_for_outsiders(self, cast, gate_set, today, now, sign_in):
        hidden = building.running(cast, today=today, now=now, visibility="restricted")
        assert sign_in(cast.charlie).get(page_of(hidden)).status_code == 404
        assert sign_in(cast.carol).get(page_of(hidden)).status_code == 200

    def test_takes_as_many_queries_for_three_findings_as_for_one(self, cast, pilot, sign_in, today, now):
        client = sign_in(cast.reviewer)
        criteria = list(Criterion.objects.select_related("gate").filter(gate__slug=GATE)[:3])
        found(cast, pilot, criteria[0], today=today, now=now)
        client.get(page_of(pilot))
        with CaptureQueriesContext(connection) as one:
            client.get(page_of(pilot))
        for criterion in criteria:
            found(cast, pilot, criterion, Finding.NOT_MET, "No.", today=today, now=now)
        with CaptureQueriesContext(connection) as three:
            client.get(page_of(pilot))
        assert len(three) == len(one)


class TestAssessing:
    def test_saves_by_itself_and_answers_with_the_finding(self, cast, pilot, sign_in):
        criterion = first()
        data = {"finding": "met", "comment": "Seen the log.", "version": 0, "round": 1}
        response = sign_in(cast.reviewer).post(address_of(pilot, criterion), data, **HTMX)
        assessment = Assessment.objects.get()
        text = response.content.decode()
        assert response.status_code == 200
        assert (assessment.finding, assessment.comment, assessment.assessor) == ("met", "Seen the log.", cast.reviewer)
        assert f'name="version" value="{assessment.pk}" form="assess-{criterion.pk}"' in re.sub(r"\s+", " ", text)
        assert "<form" not in text
        assert json.loads(response.headers["HX-Trigger"]) == {"criterionAssessed": {}}
        assert Standing.objects.get(pilot=pilot).lamps[1] == LampState.IN_REVIEW

    def test_works_without_javascript(self, cast, pilot, sign_in):
        criterion = first()
        data = {"finding": "met", "comment": "", "version": 0, "round": 1}
        response = sign_in(cast.reviewer).post(address_of(pilot, criterion), data)
        assert response.status_code == 302
        assert response.url == f"{page_of(pilot)}#criterion-{criterion.pk}"
        assert Assessment.objects.count() == 1

    def test_reading_the_address_of_the_form_leads_to_the_page(self, cast, pilot, sign_in):
        criterion = first()
        response = sign_in(cast.viewer).get(address_of(pilot, criterion))
        assert response.url == f"{page_of(pilot)}#criterion-{criterion.pk}"

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({"finding": "not_met", "comment": " ", "version": 0, "round": 1}, "Say why it is not met."),
            ({"finding": "not_applicable", "version": 0, "round": 1}, "Say why it is not applicable."),
            ({"comment": "First the words", "version": 0, "round": 1}, "Not saved yet: choose what you found."),
            ({"finding": "splendid", "version": 0, "round": 1}, "Select a valid choice"),
            ({"finding": "met", "round": 1}, "This field is required"),
        ],
    )
    def test_what_is_missing_is_said_with_422_in_the_same_place(self, cast, pilot, sign_in, data, said):
        criterion = first()
        client = sign_in(cast.reviewer)
        partial = client.post(address_of(pilot, criterion), data, **HTMX)
        assert partial.status_code == 422
        assert said in partial.content.decode()
        assert "<html" not in partial.content.decode()
        whole = client.post(address_of(pilot, criterion), data)
        assert whole.status_code == 422
        assert said in whole.content.decode()
        assert data.get("comment", "").strip() in whole.content.decode()
        assert not GateReview.objects.exists()
        assert not Event.objects.filter(kind__startswith="gates.review.").exists()

    def test_who_comes_second_gets_both_texts(self, cast, pilot, sign_in, today, now):
        criterion = first()
        theirs = found(cast, pilot, criterion, Finding.NOT_MET, "Their words.", today=today, now=now)
        client = sign_in(cast.reviewer)
        data = {"finding": "met", "comment": "My words.", "version": 0, "round": 1}
        partial = client.post(address_of(pilot, criterion), data, **HTMX)
        whole = client.post(address_of(pilot, criterion), data)
        assert partial.status_code == whole.status_code == 409
        assert partial.headers["HX-Retarget"] == f"#criterion-{criterion.pk}"
        assert partial.headers["HX-Reswap"] == "outerHTML"
        for response in (partial, whole):
            text = response.content.decode()
            assert "Their words." in text
            assert "My words." in text
        assert Assessment.objects.get() == theirs
        again = client.post(address_of(pilot, criterion), {**data, "version": theirs.pk})
        assert again.status_code == 302
        assert Assessment.objects.latest("pk").comment == "My words."

    @pytest.mark.parametrize("seen", [0, 999])
    def test_a_form_on_an_earlier_round_says_nothing_of_the_next_one(self, cast, pilot, sign_in, today, now, seen):
        decide(cast, pilot, Outcome.REDESIGN, today=today, now=now)
        client, address = sign_in(cast.reviewer), address_of(pilot, first())
        typed = {"finding": "not_met", "comment": "Said of round 1.", "version": seen, "round": 1}
        partial, whole = client.post(address, typed, **HTMX), client.post(address, typed)
        assert partial.status_code == whole.status_code == 409
        for response in (partial, whole):
            text = response.content.decode()
            assert "Another round has begun since you opened the page." in text
            assert "Said of round 1." in text
        assert not Assessment.objects.exists()
        assert client.post(address, {**typed, "round": 2, "version": 0}).status_code == 302

    def test_a_refused_save_still_counts_as_having_seen_the_old_finding(self, cast, pilot, sign_in, today, now):
        found(cast, pilot, first(), Finding.NOT_MET, "Their words.", today=today, now=now)
        client = sign_in(cast.reviewer)
        refused = client.post(address_of(pilot, first()), {"comment": "Mine.", "version": 0, "round": 1}, **HTMX)
        assert refused.status_code == 422
        assert 'name="version" value="0"' in re.sub(r"\s+", " ", refused.content.decode())

    def test_posting_twice_adds_one_finding(self, cast, pilot, sign_in):
        client = sign_in(cast.reviewer)
        data = {"finding": "met", "comment": "Once.", "version": 0, "round": 1}
        for _ in range(2):
            assert client.post(address_of(pilot, first()), data).status_code == 302
        assert Assessment.objects.count() == 1

    @pytest.mark.parametrize("who", ["alice", "bob", "charlie", "manager", "administrator", "auditor", "viewer"])
    def test_others_are_refused(self, cast, pilot, sign_in, who):
        data = {"finding": "met", "comment": "", "version": 0, "round": 1}
        response = sign_in(getattr(cast, who)).post(address_of(pilot, first()), data)
        assert response.status_code == 403
        assert not Assessment.objects.exists()

    def test_a_reviewer_does_not_assess_a_pilot_of_their_own(self, cast, pilot, sign_in, today, now):
        building.assign_part(
            actor=None, pilot=pilot, person=cast.reviewer, part=building.Part.CHAMPION, since=today, now=now
        )
        client = sign_in(cast.reviewer)
        assert "data-autosave" not in client.get(page_of(pilot)).content.decode()
        assert client.post(address_of(pilot, first()), {"finding": "met", "version": 0, "round": 1}).status_code == 403

    def test_an_unknown_criterion_is_not_found(self, cast, pilot, sign_in):
        response = sign_in(cast.reviewer).post(
            f"{page_of(pilot)}criteria/nonsense/", {"finding": "met", "version": 0, "round": 1}
        )
        assert response.status_code == 404

    def test_a_decided_round_can_only_be_read(self, cast, pilot, sign_in, today, now):
        found(cast, pilot, first(), today=today, now=now)
        decide(cast, pilot, Outcome.STOP, today=today, now=now)
        client = sign_in(cast.reviewer)
        assert "data-autosave" not in client.get(page_of(pilot)).content.decode()
        late = client.post(
            address_of(pilot, first()), {"finding": "not_met", "comment": "Late.", "version": 0, "round": 1}
        )
        assert late.status_code == 422
        assert "This pilot has no open round." in late.content.decode()


class TestGoingOn:
    def test_each_criterion_leads_to_the_next_that_waits_for_this_reviewer(self, cast, pilot, sign_in, today, now):
        required = [one for one in Criterion.objects.filter(gate__slug=GATE) if one.mandatory_from != "high"]
        found(cast, pilot, required[1], today=today, now=now)
        cards = sign_in(cast.reviewer).get(page_of(pilot)).context["cards"]
        following = {card.line.criterion.pk: card.next.criterion.pk for card in cards}
        assert (following[required[0].pk], following[required[-1].pk]) == (required[2].pk, required[0].pk)
        reader = sign_in(cast.charlie).get(page_of(pilot))
        assert {card.next for card in reader.context["cards"]} == {None}

    def test_what_saves_by_itself_says_where_to_go_on(self, cast, pilot, sign_in):
        data = {"finding": "met", "comment": "", "version": 0, "round": 1}
        text = sign_in(cast.reviewer).post(address_of(pilot, first()), data, **HTMX).content.decode()
        assert 'Go on with 2.2<span class="visually-hidden">, which you have not assessed</span>' in text


class TestEarlierRound:
    @pytest.fixture
    def redesigned(self, cast, gate_set, today, now):
        pilot = building.awaiting(cast, today=today, now=now)
        found(cast, pilot, first(), comment="As it was in the first round.", today=today, now=now)
        decide(cast, pilot, Outcome.REDESIGN, today=today, now=now)
        return pilot

    def test_is_read_by_its_number_and_offers_nothing_to_change(self, cast, redesigned, sign_in):
        client = sign_in(cast.reviewer)
        latest = client.get(page_of(redesigned)).content.decode()
        earlier = client.get(f"{page_of(redesigned)}?round=1").content.decode()
        assert "As it was in the first round." not in latest
        assert "As it was in the first round." in earlier
        assert "how the gate stood at the end of round 1" in earlier
        content = earlier.split("<main")[1].split("</main>")[0]
        assert "<form" not in content
        assert "business-ownership/?round=1" in content

    @pytest.mark.parametrize(("asked", "status"), [("2", 200), ("3", 404), ("x", 200), ("9999999999", 200)])
    def test_another_number_is_not_there_and_no_number_is_the_latest(self, cast, redesigned, sign_in, asked, status):
        assert sign_in(cast.charlie).get(f"{page_of(redesigned)}?round={asked}").status_code == status

    def test_takes_as_many_queries_as_the_latest(self, cast, redesigned, sign_in):
        client = sign_in(cast.charlie)
        assert queries_of(client, f"{page_of(redesigned)}?round=2") == queries_of(client, page_of(redesigned)) + 1


class TestQueries:
    def test_form_and_pilot_take_as_many_for_thirty_of_everything_as_for_one(self, cast, pilot, sign_in, today, now):
        asked = list(Criterion.objects.filter(gate__slug=GATE).order_by("number"))
        reviewer, owner, pages = sign_in(cast.reviewer), sign_in(cast.alice), [page_of(pilot), pilot.get_absolute_url()]
        seen = [(reviewer, page) for page in pages] + [(owner, page) for page in [*pages, f"{pages[0]}prepare/"]]
        add_note(cast, pilot, criteria=asked[:1], title="Note 0", today=today, now=now)
        review = found(cast, pilot, asked[0], today=today, now=now).review
        self._talk(cast, review, asked[:1], now)
        few = [queries_of(client, page) for client, page in seen]
        for number in range(1, 4):
            add_note(cast, pilot, criteria=asked, title=f"Note {number}", today=today, now=now)
        for criterion in asked[1:]:
            found(cast, pilot, criterion, today=today, now=now)
        self._talk(cast, review, asked * 3, now)
        assert EvidenceUse.objects.count() >= 30
        assert [queries_of(client, page) for client, page in seen] == few

    def _talk(self, cast, review, criteria, now):
        Comment.objects.bulk_create(
            Comment(review=review, criterion=one, text="Which log?", author=cast.alice, at=now) for one in criteria
        )
        Claim.objects.bulk_create(
            Claim(review=review, criterion=one, text="It holds.", view=Finding.MET, author=cast.alice, at=now)
            for one in criteria
        )
