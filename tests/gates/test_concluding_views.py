"""Concluding a gate on its page, and the queue of what waits for a reviewer."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from gates.models import Criterion, GateReview
from gates.reviewing import conclude_in_pilot
from gates.states import Finding, mandatory
from portfolio.models import Standing
from portfolio.states import LampState, Outcome
from tests import building
from tests.gates.deciding_for import decide
from tests.gates.reviewing_for import GATE, all_required, first, found, page_of

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.running(cast, today=today, now=now)


class TestConcluding:
    def post(self, client, pilot, **data):
        return client.post(
            f"{page_of(pilot)}conclude/",
            {"state": "passed", "version": 1, "round": 1, "form_key": str(uuid.uuid4()), **data},
        )

    def test_names_everything_in_the_way_beside_the_disabled_button(self, cast, pilot, sign_in, today, now):
        required = [
            criterion
            for criterion in Criterion.objects.filter(gate__slug=GATE)
            if mandatory(criterion.mandatory_from, pilot.risk_class)
        ]
        found(cast, pilot, first(), Finding.PARTLY_MET, "Half.", today=today, now=now)
        text = sign_in(cast.reviewer).get(page_of(pilot)).content.decode()
        listed = set(re.findall(r"Criterion (2\.\d+) is not assessed\.", text))
        assert listed == {f"2.{criterion.number}" for criterion in required if criterion.number != 1}
        assert "Criterion 2.1 is partly met; pass with conditions instead." in text
        assert 'type="submit" disabled aria-describedby="not-yet"' in re.sub(r"\s+", " ", text)
        assert f"<strong>1 of {len(required)}</strong> required criteria assessed" in re.sub(r"\s+", " ", text)

    def test_the_list_shortens_while_one_assesses(self, cast, pilot, sign_in, today, now):
        client = sign_in(cast.reviewer)
        address = f"{page_of(pilot)}conclude/"
        assert "disabled" in client.get(address, **HTMX).content.decode()
        all_required(cast, pilot, today=today, now=now)
        text = client.get(address, **HTMX).content.decode()
        assert "disabled" not in text
        assert "<html" not in text
        assert client.get(address).url == page_of(pilot)

    def test_the_lead_reviewer_concludes(self, cast, pilot, sign_in, today, now):
        all_required(cast, pilot, today=today, now=now)
        client = sign_in(cast.reviewer)
        response = self.post(client, pilot)
        assert response.url == page_of(pilot)
        assert GateReview.objects.get().state == LampState.PASSED
        assert Standing.objects.get(pilot=pilot).lamps[1] == LampState.PASSED
        text = client.get(page_of(pilot)).content.decode()
        assert "data-autosave" not in text
        assert "Passed" in text
        pilot.refresh_from_db()
        assert pilot.stage == "running"

    def test_posting_twice_concludes_once(self, cast, pilot, sign_in, today, now):
        all_required(cast, pilot, today=today, now=now)
        client, key = sign_in(cast.reviewer), str(uuid.uuid4())
        answers = [self.post(client, pilot, form_key=key) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert Event.objects.filter(kind="gates.review.concluded").count() == 1

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({"state": ""}, "Choose how the gate concludes."),
            ({"state": "conditional"}, "Name at least one condition, with its owner and day."),
            ({"state": "passed", "version": ""}, "Conclude this gate"),
        ],
    )
    def test_what_is_missing_is_said(self, cast, pilot, sign_in, today, now, data, said):
        all_required(cast, pilot, today=today, now=now)
        response = self.post(sign_in(cast.reviewer), pilot, **data)
        assert response.status_code == 422
        assert said in response.content.decode()
        assert GateReview.objects.get().state == LampState.IN_REVIEW

    def test_a_gate_that_nobody_touched_is_not_concluded_nor_opened(self, cast, pilot, sign_in):
        response = self.post(sign_in(cast.reviewer), pilot, state="not_passed", conclusion="Kept words.")
        assert response.status_code == 422
        assert "Kept words." in response.content.decode()
        assert "Not concluded" in response.content.decode()
        assert not GateReview.objects.exists()

    @pytest.mark.parametrize("who", ["alice", "bob", "charlie", "manager", "administrator", "auditor", "viewer"])
    def test_others_are_refused(self, cast, pilot, sign_in, today, now, who):
        all_required(cast, pilot, today=today, now=now)
        assert self.post(sign_in(getattr(cast, who)), pilot).status_code == 403
        assert GateReview.objects.get().state == LampState.IN_REVIEW

    def test_a_reviewer_who_does_not_lead_is_told_who_does(self, cast, pilot, sign_in, now, today):
        lawyer = building.person("lawyer", now=now)
        building.name_reviewer(actor=None, person=lawyer, function=building.Function.LEGAL, since=today, now=now)
        client = sign_in(lawyer)
        text = client.get(page_of(pilot)).content.decode()
        assert "This gate is concluded by a reviewer for Data." in text
        assert text.count("data-autosave") == Criterion.objects.filter(gate__slug=GATE, function="legal").count() > 0
        assert self.post(client, pilot).status_code == 403

    def test_a_form_on_an_earlier_round_does_not_conclude_the_next_one(self, cast, pilot, sign_in, today, now):
        all_required(cast, pilot, today=today, now=now)
        decide(cast, pilot, Outcome.REDESIGN, today=today, now=now)
        all_required(cast, pilot, today=today, now=now)
        client = sign_in(cast.reviewer)
        response = self.post(client, pilot, conclusion="Said of round 1.")
        assert response.status_code == 409
        assert "Another round has begun since you opened the page." in response.content.decode()
        assert "Said of round 1." in response.content.decode()
        assert not GateReview.objects.filter(state=LampState.PASSED).exists()
        assert self.post(client, pilot, round=2).status_code == 302

    def test_who_comes_second_reads_what_was_concluded_and_keeps_their_words(self, cast, pilot, sign_in, today, now):
        all_required(cast, pilot, today=today, now=now)
        conclude_in_pilot(
            actor=cast.reviewer, pilot=pilot, gate_slug=GATE, state=LampState.NOT_PASSED, conclusion="Their words.",
            seen=None, today=today, now=now,
        )  # fmt: skip
        response = self.post(sign_in(cast.reviewer), pilot, conclusion="My words.")
        text = response.content.decode()
        assert response.status_code == 409
        assert "Their words." in text
        assert "My words." in text
        assert GateReview.objects.get().state == LampState.NOT_PASSED


class TestQueue:
    def test_shows_what_is_due_first_and_how_much_is_missing(self, cast, gate_set, today, now, sign_in):
        later = building.running(cast, today=today, now=now, due=20, title="Later")
        sooner = building.awaiting(cast, today=today, now=now, due=-5, title="Sooner")
        building.proposed(cast, today=today, now=now, title="Draft")
        found(cast, sooner, first(), today=today, now=now)
        response = sign_in(cast.reviewer).get("/reviews/?show=open")
        rows = [waiting for waiting, _clock in response.context["rows"]]
        assert [row.round.pilot for row in rows] == [sooner, later]
        for row in rows:
            for waits in row.gates:
                required = [
                    criterion
                    for criterion in Criterion.objects.filter(gate=waits.gate)
                    if mandatory(criterion.mandatory_from, row.round.pilot.risk_class)
                ]
                already = row.round.pilot == sooner and waits.gate.slug == GATE
                assert waits.missing == len(required) - already

    def test_shows_only_ones_own_functions(self, cast, gate_set, today, now, sign_in):
        building.running(cast, today=today, now=now)
        lawyer = building.person("lawyer", now=now)
        building.name_reviewer(actor=None, person=lawyer, function=building.Function.LEGAL, since=today, now=now)
        (row, _clock), *others = sign_in(lawyer).get("/reviews/?show=open").context["rows"]
        legal = Criterion.objects.filter(function="legal").exclude(mandatory_from="high")
        assert others == []
        assert sum(waits.missing for waits in row.gates) == legal.count()

    def test_leaves_out_what_is_assessed_concluded_decided_or_ones_own(self, cast, gate_set, today, now, sign_in):
        own = building.running(cast, today=today, now=now, title="Own")
        building.assign_part(
            actor=None, pilot=own, person=cast.reviewer, part=building.Part.CHAMPION, since=today, now=now
        )
        decide(cast, building.running(cast, today=today, now=now, title="Decided"), Outcome.STOP, today=today, now=now)
        building.running(cast, today=today, now=now, title="Hidden", visibility="restricted")
        done = building.running(cast, today=today, now=now, title="Done")
        for criterion in Criterion.objects.select_related("gate").exclude(mandatory_from="high"):
            found(cast, done, criterion, today=today, now=now)
        client = sign_in(cast.reviewer)
        assert client.get("/reviews/?show=open").context["rows"] == []
        response = client.get("/reviews/")
        assert {review.round.pilot for review in response.context["to_conclude"]} == {done}
        assert len(response.context["to_conclude"]) == 6

    def test_a_concluded_gate_waits_for_nobody(self, cast, pilot, today, now, sign_in):
        all_required(cast, pilot, today=today, now=now)
        conclude_in_pilot(
            actor=cast.reviewer, pilot=pilot, gate_slug=GATE, state=LampState.PASSED, conclusion="", seen=None,
            today=today, now=now,
        )  # fmt: skip
        pilot.risk_class = "high"
        pilot.save()
        response = sign_in(cast.reviewer).get("/reviews/?show=open")
        ((row, _clock),) = response.context["rows"]
        assert GATE not in {waits.gate.slug for waits in row.gates}
        assert not sign_in(cast.reviewer).get("/reviews/").context["to_conclude"]

    @pytest.mark.parametrize(("who", "said"), [("reviewer", "Nothing waits for you"), ("charlie", "You do not review")])
    def test_is_kind_when_empty(self, cast, gate_set, sign_in, who, said):
        assert said in sign_in(getattr(cast, who)).get("/reviews/?show=open").content.decode()

    def test_takes_as_many_queries_for_three_pilots_as_for_one(self, cast, pilot, today, now, sign_in):
        client = sign_in(cast.reviewer)
        client.get("/reviews/?show=open")
        with CaptureQueriesContext(connection) as one:
            client.get("/reviews/?show=open")
        for _ in range(2):
            found(cast, building.running(cast, today=today, now=now), first(), today=today, now=now)
        with CaptureQueriesContext(connection) as three:
            response = client.get("/reviews/?show=open")
        assert len(response.context["rows"]) == 3
        assert len(three) == len(one)

    def test_works_before_a_gate_set_is_published(self, cast, today, now, sign_in):
        building.running(cast, today=today, now=now)
        assert "Nothing waits for you" in sign_in(cast.reviewer).get("/reviews/?show=open").content.decode()
