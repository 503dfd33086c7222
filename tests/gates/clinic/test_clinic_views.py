"""The pages of the clinic: reading, answering, starting, closing; and the patterns of the whole portfolio."""

import pytest

from portfolio.models import Diagnosis, Intervention
from portfolio.stuck import StuckPattern
from tests import building
from tests.counting import queries_of
from tests.gates.clinic.building import diagnosed, posted, started

SPONSOR, METRICS, WORKFLOW = StuckPattern.NO_SPONSOR, StuckPattern.METRICS, StuckPattern.WORKFLOW


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.running(cast, today=today, now=now)


@pytest.fixture
def alice(cast, sign_in):
    return sign_in(cast.alice)


def clinic(pilot) -> str:
    return f"/pilots/{pilot.code}/clinic/"


class TestAnswering:
    @pytest.mark.requirement(43, page="/pilots/P-0001/clinic/tests/")
    def test_the_form_is_filled_by_the_file_with_what_it_says_and_why(self, pilot, alice):
        response = alice.get(f"{clinic(pilot)}tests/")
        shown = posted(response.context["form"])
        assert [shown[f"{one}_answer"] for one in StuckPattern] == ["unsure", "no", "unsure", "no", "no", "unsure"]
        text = response.content.decode()
        assert "<strong>The file says no:</strong> Without a criterion, there is no success." in text
        assert "It cannot tell: Whether the committee believes the figure." in text
        assert "Executive sponsor: Sponsor." in text

    def test_answers_are_kept_with_what_the_file_said(self, cast, pilot, alice):
        page = f"{clinic(pilot)}tests/"
        form = alice.get(page).context["form"]
        said = posted(form, metrics_answer="yes", metrics_note="Finance counts it.")
        assert alice.post(page, said).headers["Location"] == clinic(pilot)
        kept = Diagnosis.objects.get(pilot=pilot)
        assert (kept.by, kept.patterns) == (cast.alice, ["no_integration", "workflow"])
        assert kept.answers["metrics"] == {
            "answer": "yes", "note": "Finance counts it.", "file": "no",
            "says": ["The contract has no success criterion."],
        }  # fmt: skip

    def test_what_is_refused_stands_beside_its_field_and_what_was_typed_stays(self, pilot, alice):
        page = f"{clinic(pilot)}tests/"
        said = posted(alice.get(page).context["form"], metrics_answer="yes", workflow_note="Typed.")
        response = alice.post(page, said)
        assert response.status_code == 422
        assert response.context["form"].errors == {"metrics_note": ["The file says no. Say what it does not know."]}
        assert 'value="Typed."' in response.content.decode()

    def test_the_second_of_two_gets_both_texts(self, cast, pilot, alice, now):
        page = f"{clinic(pilot)}tests/"
        said = posted(alice.get(page).context["form"], metrics_note="Mine.")
        diagnosed(cast, pilot, METRICS, now=now)
        response = alice.post(page, said)
        assert response.status_code == 409
        assert "Mine." in response.content.decode()
        assert Diagnosis.objects.count() == 1

    def test_a_draft_shows_why_not(self, cast, gate_set, alice, today, now):
        draft = building.proposed(cast, today=today, now=now)
        text = alice.get(f"{clinic(draft)}tests/").content.decode()
        assert "This pilot is draft: only what is under way can be stuck." in text
        assert 'disabled aria-describedby="obstacles"' in text


class TestReading:
    @pytest.mark.requirement(45, 46, page="/pilots/P-0001/clinic/")
    def test_what_binds_what_is_left_alone_and_that_it_cannot_be_scaled(self, cast, pilot, sign_in, today, now):
        diagnosed(cast, pilot, SPONSOR, METRICS, now=now)
        started(cast, pilot, METRICS, today=today, now=now)
        text = " ".join(sign_in(cast.viewer).get(clinic(pilot)).content.decode().split())
        assert "What binds: no executive sponsor" in text
        assert "2 patterns hold, and something is under way against one of them only." in text
        assert "Nobody works on: no executive sponsor." in text
        assert "It cannot be scaled until the sponsor gap is closed" in text
        assert "intervention-create" not in text
        assert "/interventions/add/" not in text

    @pytest.mark.requirement(47, page="/pilots/P-0001/clinic/")
    def test_blockers_stand_beside_with_their_repeats(self, cast, pilot, alice, now):
        for _ in range(3):
            building.report(cast, pilot, now=now, blocks="No interface.")
        assert "3 updates in a row" in alice.get(clinic(pilot)).content.decode()

    def test_the_queries_do_not_grow(self, cast, pilot, alice, today, now):
        diagnosed(cast, pilot, METRICS, now=now)
        started(cast, pilot, METRICS, today=today, now=now)
        few = queries_of(alice, clinic(pilot))
        for _ in range(3):
            diagnosed(cast, pilot, SPONSOR, METRICS, WORKFLOW, now=now)
            started(cast, pilot, METRICS, today=today, now=now)
        assert queries_of(alice, clinic(pilot)) == few

    def test_the_pilots_page_shows_it_only_where_it_was_looked_at_or_shows_signs(self, cast, pilot, alice, now):
        assert 'id="clinic"' not in alice.get(pilot.get_absolute_url()).content.decode()
        diagnosed(cast, pilot, METRICS, now=now)
        text = " ".join(alice.get(pilot.get_absolute_url()).content.decode().split())
        assert "What holds it up first: <strong>metrics unclear</strong>." in text
        assert "Nothing is under way against what was found." in text


class TestInterventions:
    @pytest.mark.requirement(44, page="/pilots/P-0001/clinic/interventions/add/")
    def test_an_idea_fills_the_form_and_is_started(self, cast, pilot, alice, today, now):
        diagnosed(cast, pilot, METRICS, now=now)
        page = f"{clinic(pilot)}interventions/add/?idea=metrics-one"
        said = posted(alice.get(page).context["form"], owner_email="carol@example.org")
        assert said["text"].startswith("One business figure, agreed with finance.")
        assert alice.post(page, said).status_code == 302
        kept = Intervention.objects.get()
        assert (kept.idea, kept.pattern, kept.owner, (kept.due - today).days) == (
            "metrics-one",
            METRICS,
            cast.carol,
            14,
        )

    def test_an_idea_against_another_pattern_is_ones_own(self, cast, pilot, alice, now):
        diagnosed(cast, pilot, METRICS, WORKFLOW, now=now)
        page = f"{clinic(pilot)}interventions/add/?idea=metrics-one"
        form = alice.get(page).context["form"]
        alice.post(page, posted(form, owner_email="carol@example.org", pattern=WORKFLOW.value))
        assert Intervention.objects.get().idea == ""

    def test_nothing_was_found_yet(self, pilot, alice):
        response = alice.post(f"{clinic(pilot)}interventions/add/", {"text": "x"})
        assert response.status_code == 422
        assert "Answer the six tests first." in response.content.decode()

    @pytest.mark.parametrize(("how", "state"), [("finish", "done"), ("give-up", "given_up")])
    def test_its_owner_closes_it_without_keeping_the_file(self, cast, pilot, sign_in, today, now, how, state):
        diagnosed(cast, pilot, METRICS, now=now)
        kept = started(cast, pilot, METRICS, today=today, now=now)
        page = f"{clinic(pilot)}interventions/{kept.pk}/"
        carol = sign_in(cast.carol)
        assert carol.get(f"{page}{how}/").headers["Location"] == page
        assert carol.post(f"{page}{how}/", {"outcome": " ", "version": 1}).status_code == 422
        assert carol.post(f"{page}{how}/", {"outcome": "One figure.", "version": 1}).status_code == 302
        late = carol.post(f"{page}{how}/", {"outcome": "Mine.", "version": 1})
        assert (late.status_code, "What you wrote: Mine." in late.content.decode()) == (409, True)
        kept.refresh_from_db()
        assert (kept.state, kept.outcome) == (state, "One figure.")
        assert carol.post(f"{page}{how}/", {"outcome": "Again.", "version": 2}).status_code == 422


class TestPatterns:
    @pytest.mark.requirement(50, page="/drift/patterns/")
    def test_how_often_each_holds_and_what_would_serve_most(self, cast, pilot, sign_in, today, now):
        other = building.running(cast, today=today, now=now)
        diagnosed(cast, pilot, SPONSOR, now=now)
        diagnosed(cast, pilot, METRICS, now=now)  # the last one counts
        diagnosed(cast, other, METRICS, SPONSOR, now=now)
        started(cast, other, METRICS, today=today, now=now, idea="metrics-one")
        found = sign_in(cast.viewer).get("/drift/patterns/").context["found"]
        counted = {one.pattern: (one.holds, one.binds, one.unhelped) for one in found.patterns if one.holds}
        assert counted == {METRICS: (2, 1, 1), SPONSOR: (1, 1, 1)}
        assert (found.under_way, found.looked_at, found.stuck) == (2, 2, 2)
        assert (found.first.idea.slug, found.first.serves) == ("metrics-clinic", 2)
        serves = {one.idea.slug: (one.serves, one.under_way) for one in found.ideas}
        assert (serves["metrics-one"], serves["metrics-baseline"], serves["work-walk"]) == ((1, 1), (2, 0), (0, 0))

    def test_a_restricted_pilot_counts_for_those_who_see_it(self, cast, gate_set, sign_in, today, now):
        hidden = building.running(cast, today=today, now=now, visibility="restricted")
        diagnosed(cast, hidden, METRICS, now=now)
        seen = {
            who: sign_in(getattr(cast, who)).get("/drift/patterns/").context["found"] for who in ("alice", "viewer")
        }
        assert {who: found.stuck for who, found in seen.items()} == {"alice": 1, "viewer": 0}

    def test_a_unit_narrows_it(self, cast, pilot, alice, now):
        diagnosed(cast, pilot, METRICS, now=now)
        page = f"/drift/patterns/?unit={cast.unit.pk}"
        assert alice.get(page).context["found"].stuck == 1
        assert alice.get("/drift/patterns/?unit=0").context["found"].stuck == 1  # cannot be read, does not narrow

    def test_the_queries_do_not_grow(self, cast, pilot, alice, today, now):
        diagnosed(cast, pilot, METRICS, now=now)
        few = queries_of(alice, "/drift/patterns/")
        for _ in range(3):
            further = building.running(cast, today=today, now=now)
            diagnosed(cast, further, METRICS, WORKFLOW, now=now)
            started(cast, further, METRICS, today=today, now=now)
        assert queries_of(alice, "/drift/patterns/") == few
