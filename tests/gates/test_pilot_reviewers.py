"""Choosing who reviews a pilot, and the page on which it is done."""

import pytest

from accounts.obstacles import RefusedError, StaleError
from accounts.states import Function
from audit.models import Event
from gates.allotting import choose_reviewers
from gates.convening import end_reviewer, name_reviewer
from gates.models import NamedReviewer
from portfolio.assigning import assign_part
from portfolio.states import Part
from tests import building
from tests.counting import queries_of


@pytest.fixture
def pilot(cast, today, now):
    return building.proposed(cast, today=today, now=now)


@pytest.fixture
def lawyer(cast, today, now):
    person = building.person("lawyer", now=now)
    name_reviewer(actor=None, person=person, function=Function.LEGAL, since=today, now=now)
    return person


def choose(cast, pilot, person, *, today, now, seen=None, actor=None, function=Function.LEGAL):
    return choose_reviewers(
        actor=actor or cast.manager, pilot=pilot, chosen={function: person}, seen=seen, today=today, now=now
    )


def page_of(pilot) -> str:
    return f"/pilots/{pilot.code}/reviewers/"


def named() -> dict[str, str]:
    return dict(NamedReviewer.objects.values_list("function", "user__name"))


class TestChoosing:
    def test_somebody_of_the_pool_is_chosen_replaced_and_left_to_the_pool_again(self, cast, pilot, lawyer, today, now):
        assert choose(cast, pilot, lawyer, today=today, now=now) == [Function.LEGAL]
        assert choose(cast, pilot, lawyer, today=today, now=now) == []
        assert named() == {"legal": "Lawyer"}
        choose(cast, pilot, cast.reviewer, today=today, now=now)
        assert named() == {"legal": "Reviewer"}
        choose(cast, pilot, None, today=today, now=now)
        assert named() == {}
        assert Event.objects.filter(kind="gates.reviewer.chosen").count() == 3

    @pytest.mark.parametrize(
        ("who", "function", "codes"),
        [("reviewer", "legal", []), ("charlie", "legal", ["legal"]), ("lawyer", "data", ["data"])],
    )
    def test_only_people_of_the_function(self, cast, pilot, lawyer, today, now, who, function, codes):
        person = lawyer if who == "lawyer" else getattr(cast, who)
        found = []
        try:
            choose(cast, pilot, person, today=today, now=now, function=Function(function))
        except RefusedError as refused:
            found = [obstacle.code for obstacle in refused.obstacles]
        assert found == codes

    def test_nobody_with_a_part_in_the_pilot(self, cast, pilot, lawyer, today, now):
        assign_part(actor=None, pilot=pilot, person=lawyer, part=Part.CHAMPION, since=today, now=now)
        with pytest.raises(RefusedError, match="Lawyer cannot be chosen: they have a part in this pilot"):
            choose(cast, pilot, lawyer, today=today, now=now)

    @pytest.mark.parametrize("who", ["alice", "reviewer", "bob", "administrator"])
    def test_by_portfolio_managers_only(self, cast, pilot, lawyer, today, now, who):
        with pytest.raises(RefusedError, match="Portfolio managers choose"):
            choose(cast, pilot, lawyer, today=today, now=now, actor=getattr(cast, who))

    def test_not_for_a_pilot_of_ones_own(self, cast, pilot, lawyer, today, now):
        assign_part(actor=None, pilot=pilot, person=cast.manager, part=Part.CHAMPION, since=today, now=now)
        with pytest.raises(RefusedError, match="so others choose who reviews it"):
            choose(cast, pilot, lawyer, today=today, now=now)

    def test_an_older_form_does_not_undo_what_another_chose(self, cast, pilot, lawyer, today, now):
        choose(cast, pilot, lawyer, today=today, now=now)
        with pytest.raises(StaleError):
            choose(cast, pilot, cast.reviewer, today=today, now=now, seen={Function.LEGAL: 0})
        assert named() == {"legal": "Lawyer"}


class TestPage:
    def test_a_manager_chooses_and_everybody_reads_who_it_is(self, cast, gate_set, pilot, lawyer, sign_in):
        client = sign_in(cast.manager)
        assert client.post(page_of(pilot), {"legal": lawyer.pk, "seen_legal": 0}).url == page_of(pilot)
        assert named() == {"legal": "Lawyer"}
        assert f'<option value="{lawyer.pk}" selected>Lawyer</option>' in client.get(page_of(pilot)).content.decode()
        reader = sign_in(cast.charlie).get(page_of(pilot)).content.decode()
        assert '<td data-label="Asked first">\n                                Lawyer' in reader
        assert "<form" not in reader.split('id="main"')[-1].split("</main>")[0]
        assert page_of(pilot) in client.get(pilot.get_absolute_url()).content.decode()

    def test_the_later_of_two_managers_gets_both_names(self, cast, pilot, lawyer, sign_in):
        client = sign_in(cast.manager)
        client.post(page_of(pilot), {"legal": lawyer.pk, "seen_legal": 0})
        late = client.post(page_of(pilot), {"legal": cast.reviewer.pk, "seen_legal": 0})
        text = late.content.decode()
        assert (late.status_code, named()) == (409, {"legal": "Lawyer"})
        assert f'name="seen_legal" value="{lawyer.pk}"' in text
        assert f'<div class="theirs">{lawyer}</div>' in text
        assert f'<div class="theirs">{cast.reviewer}</div>' in text

    def test_somebody_outside_the_pool_is_refused_beside_the_field(self, cast, pilot, sign_in):
        answer = sign_in(cast.manager).post(page_of(pilot), {"legal": cast.charlie.pk, "seen_legal": 0})
        assert (answer.status_code, named()) == (422, {})
        assert list(answer.context["form"].errors) == ["legal"]

    def test_says_of_whom_it_is_known_that_they_review_no_more(self, cast, pilot, lawyer, sign_in, today, now):
        choose(cast, pilot, lawyer, today=today, now=now)
        end_reviewer(actor=None, person=lawyer, function=Function.LEGAL, until=today, now=now)
        assert "Lawyer (reviews for it no more)" in sign_in(cast.manager).get(page_of(pilot)).content.decode()

    def test_takes_as_many_queries_for_a_large_pool_as_for_a_small_one(self, cast, pilot, lawyer, sign_in, today, now):
        client = sign_in(cast.manager)
        few = queries_of(client, page_of(pilot))
        for name in ("second", "third"):
            person = building.person(name, now=now)
            for function in Function:
                name_reviewer(actor=None, person=person, function=function, since=today, now=now)
        assert queries_of(client, page_of(pilot)) == few
