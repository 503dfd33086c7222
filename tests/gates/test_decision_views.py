"""The decision screen, the list of decisions, one on record."""

import uuid
from datetime import timedelta

import pytest

from accounts.obstacles import RefusedError
from audit.models import Event
from gates.deciding import record_carried
from gates.models import Committee, Criterion, Decision, Flag, Proposal
from gates.reviewing import assess_in_pilot, conclude_in_pilot
from gates.states import Finding, ScaleCheck
from gates.voting import cast_vote
from portfolio.models import Round
from portfolio.states import LampState, Outcome, RoundState, Severity, Stage
from tests import building
from tests.counting import queries_of
from tests.gates.deciding_for import decide, form_of, ready_to_scale, terms_of

PEOPLE = ("alice", "bob", "carol", "charlie", "manager", "administrator", "auditor", "viewer", "reviewer", "sponsor")


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.awaiting(cast, today=today, now=now, due=-40)


class TestReading:
    @pytest.mark.parametrize("who", [who for who in PEOPLE if who != "bob"])
    def test_everybody_reads_it_with_the_reasons_why_it_is_not_theirs(self, cast, pilot, sign_in, who):
        response = sign_in(getattr(cast, who)).get(f"/pilots/{pilot.code}/decide/")
        text = response.content.decode()
        assert response.status_code == 200
        assert "Decisions are recorded by the chair of the pilot&#x27;s committee." in text
        assert ("You have a part in this pilot" in text) is (who in {"alice", "sponsor"})
        assert 'name="rationale"' not in text

    def test_the_chair_finds_all_that_it_takes_on_one_page(self, cast, pilot, sign_in, today, now):
        building.report(cast, pilot, now=now, moved="Forty letters tried.", blocks="No one from IT.")
        Flag.objects.create(
            pilot=pilot,
            rule="silent",
            severity=Severity.WARNING,
            detail="Nothing was heard.",
            since=today,
            opened_on=today,
        )
        text = sign_in(cast.bob).get(f"/pilots/{pilot.code}/decide/").content.decode()
        for said in (
            "What shall become of this pilot?", "40 <small>days undecided", "How this is counted",
            "Business ownership", "Not started", "Forty letters tried.", "No one from IT.", "Nothing was heard.",
            "This is permanent.",
        ):  # fmt: skip
            assert said in text

    def test_shows_every_field_in_a_labelled_fieldset_to_those_without_scripts(self, cast, pilot, sign_in):
        text = sign_in(cast.bob).get(f"/pilots/{pilot.code}/decide/").content.decode()
        for legend in ("If it scales", "If it is redesigned", "If it stops", "If it is kept as research"):
            assert f"<legend>{legend}</legend>" in text
        for name in vars(terms_of(Outcome.STOP, pilot.created_at.date())):
            assert f'name="{name}"' in text or name in {"next_starts_on", "checklist"}
        for item in ScaleCheck:
            assert f'name="check_{item}"' in text

    def test_shows_what_was_decided_before(self, cast, pilot, sign_in, today, now):
        decide(cast, pilot, Outcome.RESEARCH, today=today, now=now, rationale="Worth knowing.")
        text = sign_in(cast.bob).get(f"/pilots/{pilot.code}/decide/").content.decode()
        assert "Decided before" in text
        assert "Worth knowing." in text
        assert "Whether it reads handwriting." in text

    @pytest.mark.parametrize(
        ("made", "said"),
        [
            (building.proposed, "Round 1 has not started, so there is nothing to decide yet."),
            (building.running, ""),
        ],
    )
    def test_a_draft_is_not_decided(self, cast, gate_set, sign_in, today, now, made, said):
        pilot = made(cast, today=today, now=now)
        text = sign_in(cast.bob).get(f"/pilots/{pilot.code}/decide/").content.decode()
        assert ('name="rationale"' in text) is (not said)
        assert said in text

    def test_a_stopped_pilot_is_not_decided_again(self, cast, pilot, sign_in, today, now):
        decide(cast, pilot, Outcome.STOP, today=today, now=now)
        text = sign_in(cast.bob).get(f"/pilots/{pilot.code}/decide/").content.decode()
        assert "This pilot has no open round" in text
        assert 'name="rationale"' not in text

    def test_a_pilot_without_a_committee_says_so(self, cast, gate_set, sign_in, today, now):
        pilot = building.running(cast, today=today, now=now, committee_slug="")
        text = sign_in(cast.bob).get(f"/pilots/{pilot.code}/decide/").content.decode()
        assert "No committee is named for this pilot." in text

    def test_a_restricted_pilot_is_not_there_for_outsiders(self, cast, gate_set, sign_in, today, now):
        pilot = building.running(cast, today=today, now=now, visibility="restricted")
        for who, status in (
            ("charlie", 404),
            ("viewer", 404),
            ("administrator", 404),
            ("carol", 200),
            ("auditor", 200),
        ):
            assert sign_in(getattr(cast, who)).get(f"/pilots/{pilot.code}/decide/").status_code == status

    def test_takes_as_many_queries_with_three_of_everything_as_with_one(self, cast, pilot, sign_in, today, now):
        client, url = sign_in(cast.bob), f"/pilots/{pilot.code}/decide/"

        def add(rule):
            building.report(cast, pilot, now=now)
            Flag.objects.create(pilot=pilot, rule=rule, severity=1, detail="x", since=today, opened_on=today)

        add("one")
        one = queries_of(client, url)
        add("two")
        add("three")
        assert queries_of(client, url) == one


class TestRecording:
    @pytest.mark.parametrize(
        ("outcome", "stage"),
        [
            (Outcome.SCALE, Stage.SCALING),
            (Outcome.REDESIGN, Stage.DRAFT),
            (Outcome.STOP, Stage.STOPPED),
            (Outcome.RESEARCH, Stage.RESEARCH),
        ],
    )
    @pytest.mark.requirement(51, page="/pilots/P-0001/decide/")
    def test_each_of_the_four(self, cast, pilot, sign_in, today, now, outcome, stage):
        ready_to_scale(cast, pilot, today=today, now=now)
        response = sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", form_of(pilot, outcome, today))
        decision = Decision.objects.get()
        assert response.url == "/decisions/D-2026-001/"
        assert (decision.outcome, decision.recorded_by, decision.committee) == (outcome, cast.bob, cast.committee)
        assert decision.round.state == RoundState.DECIDED
        pilot.refresh_from_db()
        assert pilot.stage == stage
        text = sign_in(cast.viewer).get(response.url).content.decode()
        assert "Too few letters." in text
        assert "Unaltered" in text
        assert ("Round 2, which it opened" in text) is (outcome in {Outcome.REDESIGN, Outcome.RESEARCH})

    def test_terms_of_another_outcome_are_left_out(self, cast, pilot, sign_in, today):
        typed = form_of(
            pilot, Outcome.STOP, today, learning_goal="Left over.", launch_on="2027-01-01", dissent="Carol."
        )
        sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", typed)
        decision = Decision.objects.get()
        assert (decision.learning_goal, decision.launch_on, decision.dissent) == ("", None, "Carol.")

    @pytest.mark.parametrize(
        ("outcome", "changes", "said"),
        [
            (Outcome.STOP, {"rationale": "  "}, ["Say why, in the words that will be read in two years."]),
            (
                Outcome.STOP,
                {"stop_reason": "", "learnings": ""},
                ["Choose the reason that fits best.", "Say what was learned, so that it helps the next pilot."],
            ),
            (Outcome.STOP, {"outcome": ""}, ["Choose one of the four decisions."]),
            (Outcome.STOP, {"outcome": "hold"}, ["Select a valid choice"]),
            (Outcome.STOP, {"stop_reason": "boredom"}, ["Select a valid choice"]),
            (Outcome.STOP, {"look_again_on": "2026-01-01"}, ["This day is past; choose one to come."]),
            (Outcome.SCALE, {"launch_on": ""}, ["Say when it is to be in production."]),
            (Outcome.SCALE, {"launch_on": "soon"}, ["Enter a valid date."]),
            (
                Outcome.REDESIGN,
                {"redesign": "", "learnings": "", "next_due": ""},
                ["Say what changes:", "Say what was learned that points there.", "Say when the next round"],
            ),
            (
                Outcome.RESEARCH,
                {"learning_goal": "", "budget_cap": "", "next_due": ""},
                ["Say what the research is to find out.", "Say the most that it may cost.", "Say when it is looked at"],
            ),
            (Outcome.RESEARCH, {"budget_cap": "-1"}, ["An amount below nothing is no cap."]),
        ],
    )
    def test_every_gap_is_named_beside_its_field_and_nothing_typed_is_lost(
        self, cast, pilot, sign_in, today, outcome, changes, said
    ):
        typed = {**form_of(pilot, outcome, today, dissent="Carol saw it differently."), **changes}
        response = sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", typed)
        text = response.content.decode()
        assert response.status_code == 422
        for words in said:
            assert words in text
        assert "Carol saw it differently." in text
        assert not Decision.objects.exists()
        assert not Event.objects.filter(kind="gates.decision.recorded").exists()

    def test_a_post_without_its_round_is_refused(self, cast, pilot, sign_in, today):
        typed = form_of(pilot, Outcome.STOP, today)
        del typed["round"], typed["version"]
        response = sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", typed)
        assert response.status_code == 422

    def test_a_chair_who_decides_may_ask_for_the_members_votes_first(self, cast, pilot, sign_in, today, now):
        Committee.objects.update(quorum=2)
        client, page = sign_in(cast.bob), f"/pilots/{pilot.code}/decide/"
        asked = form_of(pilot, Outcome.STOP, today, hear="1")
        again = client.post(page, asked)
        assert (again.status_code, 'class="hearing folded" open' in again.content.decode()) == (422, True)
        assert "Say until when members can vote." in again.content.decode()
        asked = {**asked, "form_key": str(uuid.uuid4()), "closes_at": f"{now + timedelta(days=3):%Y-%m-%dT%H:%M}"}
        proposal = Proposal.objects.get(pk=client.post(page, asked).headers["Location"].split("/")[-2])
        assert (proposal.manner, proposal.rule) == ("vote", "chair")
        assert "What the chair votes holds" in client.get(proposal.get_absolute_url()).content.decode()
        with pytest.raises(RefusedError) as refused:
            decide(cast, pilot, Outcome.STOP, today=today, now=now)
        assert [one.code for one in refused.value.obstacles] == ["open_proposal"]
        for person, choice in ((cast.carol, "against"), (cast.bob, "for")):
            cast_vote(actor=person, proposal=proposal, choice=choice, reason="I saw it.", today=today, now=now)
        proposal.refresh_from_db()
        assert (proposal.result, proposal.count["why"]) == ("carried", "The chair decided after hearing the members.")
        decision = record_carried(actor=cast.bob, proposal=proposal, seen=None, today=today, now=now)
        assert (decision.authority_path, decision.dissent) == ("vote", "Carol: I saw it.")

    @pytest.mark.parametrize("who", [who for who in PEOPLE if who != "bob"])
    def test_others_are_refused_and_keep_their_words(self, cast, pilot, sign_in, today, who):
        response = sign_in(getattr(cast, who)).post(
            f"/pilots/{pilot.code}/decide/", form_of(pilot, Outcome.STOP, today, rationale="My own words.")
        )
        assert response.status_code == 403
        assert "My own words." in response.content.decode()
        assert not Decision.objects.exists()

    def test_a_chair_does_not_decide_a_pilot_of_their_own(self, cast, pilot, sign_in, today, now):
        building.assign_part(
            actor=None, pilot=pilot, person=cast.bob, part=building.Part.CHAMPION, since=today, now=now
        )
        response = sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", form_of(pilot, Outcome.STOP, today))
        assert response.status_code == 403
        assert "You have a part in this pilot" in response.content.decode()

    def test_posting_twice_decides_once(self, cast, pilot, sign_in, today):
        client, typed = sign_in(cast.bob), form_of(pilot, Outcome.RESEARCH, today)
        answers = [client.post(f"/pilots/{pilot.code}/decide/", typed) for _ in range(2)]
        assert [answer.url for answer in answers] == ["/decisions/D-2026-001/"] * 2
        assert Decision.objects.count() == 1

    @pytest.mark.parametrize("outcome", list(Outcome))
    def test_who_comes_second_reads_what_was_decided_and_keeps_their_words(
        self, cast, pilot, sign_in, today, now, outcome
    ):
        typed = form_of(pilot, Outcome.STOP, today, rationale="My words.")
        decide(cast, pilot, outcome, today=today, now=now, rationale="Their words.")
        response = sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", typed)
        text = response.content.decode()
        assert response.status_code == 409
        assert "Their words." in text
        assert "My words." in text
        assert "/decisions/D-2026-001/" in text
        assert Decision.objects.count() == 1

    def test_a_form_on_a_research_round_does_not_decide_the_next_one(self, cast, pilot, sign_in, today, now):
        decide(cast, pilot, Outcome.RESEARCH, today=today, now=now)
        typed = form_of(pilot, Outcome.RESEARCH, today)
        decide(cast, pilot, Outcome.RESEARCH, today=today, now=now)
        assert Round.objects.get(pilot=pilot, number=3).version == int(typed["version"])
        assert sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", typed).status_code == 409
        assert Decision.objects.count() == 2

    def test_a_round_that_changed_is_shown_anew_with_what_was_typed(self, cast, gate_set, sign_in, today, now):
        pilot = building.running(cast, today=today, now=now)
        client, typed = sign_in(cast.bob), form_of(pilot, Outcome.STOP, today, rationale="My words.")
        building.end_work(actor=cast.alice, pilot=pilot, ended_on=today, now=now)
        response = client.post(f"/pilots/{pilot.code}/decide/", typed)
        text = response.content.decode()
        assert response.status_code == 409
        assert "This round has changed since you opened the page." in text
        assert "My words." in text
        again = {**typed, "version": response.context["form"]["version"].value()}
        assert client.post(f"/pilots/{pilot.code}/decide/", again).status_code == 302

    @pytest.mark.requirement(54, page="/pilots/P-0001/decide/")
    def test_scaling_past_a_gate_that_was_not_passed_needs_a_reason(self, cast, pilot, sign_in, today, now):
        not_passed_gate(cast, pilot, today=today, now=now)
        ready_to_scale(cast, pilot, today=today, now=now)
        client, typed = sign_in(cast.bob), form_of(pilot, Outcome.SCALE, today, override_reason="")
        refused = client.post(f"/pilots/{pilot.code}/decide/", typed)
        assert refused.status_code == 422
        assert "No success criterion was agreed. Not passed: Business ownership, " in refused.content.decode()
        assert "Say why it is scaled all the same." in refused.content.decode()
        typed["override_reason"] = "Forty letters a month can be sorted by hand."
        assert client.post(f"/pilots/{pilot.code}/decide/", typed).status_code == 302
        assert Decision.objects.get().override_reason == typed["override_reason"]

    def test_the_day_is_the_committees(self, cast, pilot, sign_in, today, time_machine):
        Committee.objects.update(time_zone="Pacific/Kiritimati")
        time_machine.move_to("2026-12-31T11:00:00+00:00", tick=False)
        sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", form_of(pilot, Outcome.STOP, today))
        assert Decision.objects.get().number == "D-2027-001"


def not_passed_gate(cast, pilot, *, today, now):
    for criterion in Criterion.objects.select_related("gate").filter(gate__number=3).exclude(mandatory_from="high"):
        assess_in_pilot(
            actor=cast.reviewer, pilot=pilot, criterion=criterion, finding=Finding.NOT_MET, comment="No.", seen=None,
            today=today, now=now,
        )  # fmt: skip
    conclude_in_pilot(
        actor=cast.reviewer, pilot=pilot, gate_slug="workflow-integration", state=LampState.NOT_PASSED,
        conclusion="No connection.", seen=None, today=today, now=now,
    )  # fmt: skip
