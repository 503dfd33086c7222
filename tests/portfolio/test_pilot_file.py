"""A pilot's page, put together: panels in rows, what is missing with who does it, one main action."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import User
from accounts.naming import note_leaving
from gates.conditioning import ConditionTerms
from gates.evidencing import Content, add_evidence
from gates.reviewing import conclude_in_pilot
from gates.states import EvidenceKind
from portfolio.amending import amend_criterion
from portfolio.assigning import assign_part, end_part
from portfolio.changing import note_friction
from portfolio.costing import add_benefit, start_case
from portfolio.models import Pilot
from portfolio.pilot_file import PilotFile, Shown, actions_of, lacking, paired, who_does
from portfolio.registry import Missing, Panel
from portfolio.scoping import scope_piece
from portfolio.states import BenefitKind, LampState, Part, ScopeKind, ScopeState, Visibility
from tests import building
from tests.counting import queries_of
from tests.gates.reviewing_for import GATE, all_required
from tests.portfolio.measures.building import MINUTES, measure, measured_pilot


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("", ""),
        ("n", "W"),
        ("nn", "nn"),
        ("nnn", "nnW"),
        ("nwn", "WWW"),
        ("nnwn", "nnWW"),
        ("wnnw", "WnnW"),
        ("wnw", "WWW"),
    ],
)
def test_no_row_has_a_hole(asked, given):
    """n: a narrow panel, w: a wide one. A narrow one that would stand alone becomes wide."""
    shown = [
        Shown(Panel(str(place), place, "", lambda *_: {}, wide=letter == "w"), {}, wide=letter == "w")
        for place, letter in enumerate(asked)
    ]
    laid = list(paired(shown))
    assert "".join("W" if one.wide else "n" for one in laid) == given
    assert [one.panel.order for one in laid] == list(range(len(asked)))


def lacks(pilot, user, today) -> dict[str, str]:
    return {lack.missing.code: lack.who for lack in lacking(PilotFile(pilot, user, today))}


class TestMissing:
    def test_each_has_the_person_who_does_it(self, cast, gate_set, today, now):
        pilot = building.awaiting(cast, today=today, now=now)
        found = lacks(pilot, cast.viewer, today)
        assert found["gates_not_brought"] == "Alice, business owner"
        assert found["no_it_partner"] == "Alice, business owner"
        assert "no_executive_sponsor" not in found
        assert "no_business_owner" not in found

    def test_while_nobody_holds_a_part_the_owner_does_it(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now)
        file = PilotFile(pilot, cast.viewer, today)
        assert who_does(file, Missing("x", "X.", part=Part.IT_PARTNER)) == "Alice, while nobody is IT partner"
        assert who_does(file, Missing("x", "X.", who="The reviewers")) == "The reviewers"

    def test_a_pilot_without_owner_waits_for_a_portfolio_manager(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now)
        end_part(actor=None, pilot=pilot, part=Part.BUSINESS_OWNER, until=today, now=now)
        found = lacks(pilot, cast.viewer, today)
        assert found["no_business_owner"] == "A portfolio manager"
        assert found["no_it_partner"] == "A portfolio manager, while nobody is business owner"

    def test_a_holder_who_has_left_does_nothing_any_more(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now)
        assign_part(actor=None, pilot=pilot, person=cast.carol, part=Part.IT_PARTNER, since=today, now=now)
        assert "no_it_partner" not in lacks(pilot, cast.viewer, today)
        note_leaving(actor=None, person=cast.carol, left_on=today, now=now)
        assert "no_it_partner" in lacks(pilot, cast.viewer, today)

    def test_only_who_can_do_it_is_led_there(self, cast, gate_set, today, now):
        pilot = building.awaiting(cast, today=today, now=now)
        led = {
            who: {lack.missing.code for lack in lacking(PilotFile(pilot, getattr(cast, who), today)) if lack.url}
            for who in ("alice", "viewer")
        }
        assert "no_it_partner" in led["alice"]
        assert led["viewer"] == {"gates_not_brought"}

    def test_nothing_is_missing_where_no_round_is_open(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now)
        file = PilotFile(pilot, cast.alice, today)
        assert file.current is not None
        pilot.rounds.update(state="decided", decided_on=today)
        assert lacking(PilotFile(pilot, cast.alice, today)) == []


class TestActions:
    def main(self, pilot, user, today) -> str | None:
        first, _further = actions_of(PilotFile(pilot, user, today))
        return first and first.label

    def test_one_main_action_for_the_state_that_the_pilot_is_in(self, cast, today, now):
        draft = building.proposed(cast, today=today, now=now)
        running = building.running(cast, today=today, now=now, due=60)
        over = building.running(cast, today=today, now=now, due=5)
        awaiting = building.awaiting(cast, today=today, now=now)
        assert [self.main(pilot, cast.alice, today) for pilot in (draft, running, over, awaiting)] == [
            "Start round 1", "Say what moved", "End the work", "Say what moved",
        ]  # fmt: skip

    def test_the_chair_decides_and_others_are_offered_nothing(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now)
        assert self.main(pilot, cast.bob, today) == "Record a decision"
        assert self.main(pilot, cast.carol, today) is None

    def test_what_is_offered_is_not_refused(self, cast, today, now, sign_in, time_machine):
        time_machine.move_to(now, tick=False)
        for pilot in (
            building.proposed(cast, today=today, now=now),
            building.running(cast, today=today, now=now, due=60),
            building.awaiting(cast, today=today, now=now, visibility=Visibility.RESTRICTED),
        ):
            for user in (cast.alice, cast.bob, cast.manager):
                first, further = actions_of(PilotFile(pilot, user, today))
                for action in filter(None, [first, *further]):
                    answer = sign_in(user).get(action.url)
                    assert (answer.status_code, answer.context.get("obstacles") or []) == (200, []), action


def test_a_panel_without_anything_to_show_is_left_out(cast, today, now, sign_in, time_machine):
    time_machine.move_to(now + timedelta(minutes=1), tick=False)
    pilot = building.awaiting(cast, today=today, now=now)
    seen = {
        who: [shown.panel.name for shown in sign_in(getattr(cast, who)).get(pilot.get_absolute_url()).context["panels"]]
        for who in ("alice", "viewer")
    }
    assert "history" in seen["alice"]
    assert "history" not in seen["viewer"]


class TestQueries:
    """The page takes a fixed number of queries whatever the file holds; who adds a noun, fills it in here."""

    def filled(self, cast, count: int, *, today, now) -> Pilot:
        """Alice's running pilot with `count` of everything."""
        pilot = measured_pilot(cast, *[MINUTES] * count, today=today, now=now)
        start_case(actor=cast.alice, pilot=pilot, now=now)
        for number in range(count):
            measure(cast, pilot, 50 - number / 2, ago=number, today=today, now=now)
            building.report(cast, pilot, now=now, moved=f"Moved {number}", blocks=f"Blocker {number}")
            scope_piece(
                actor=cast.alice,
                pilot=pilot,
                kind=ScopeKind.OWN,
                state=ScopeState.SCOPED,
                title=f"Piece {number}",
                now=now,
            )
            note_friction(actor=cast.alice, pilot=pilot, what=f"Friction {number}", now=now)
            add_benefit(actor=cast.alice, pilot=pilot, name=f"Benefit {number}", kind=BenefitKind.COST_SAVED, now=now)
            add_evidence(
                actor=cast.alice,
                pilot=pilot,
                content=Content(kind=EvidenceKind.NOTE, title=f"Note {number}", note="Seen."),
                criteria=[],
                today=today,
                now=now,
            )
            person = User.objects.create(email=f"champion{number}@{pilot.code}.example.org")
            assign_part(actor=cast.alice, pilot=pilot, person=person, part=Part.CHAMPION, since=today, now=now)
            amend_criterion(
                actor=cast.alice, pilot=pilot, number=number + 1, approver=cast.sponsor, reason="Lille joins.",
                seen=None, now=now, target=Decimal(35),
            )  # fmt: skip
        all_required(cast, pilot, today=today, now=now)
        terms = [ConditionTerms(text=f"Condition {number}", owner=cast.alice, due=today) for number in range(count)]
        conclude_in_pilot(
            actor=cast.reviewer, pilot=pilot, gate_slug=GATE, state=LampState.CONDITIONAL, conclusion="So far.",
            conditions=terms, seen=None, today=today, now=now,
        )  # fmt: skip
        return pilot

    def test_are_as_many_for_fifty_of_everything_as_for_one(self, cast, gate_set, today, now, sign_in, time_machine):
        time_machine.move_to(now, tick=False)
        client = sign_in(cast.alice)
        one, fifty = (
            queries_of(client, self.filled(cast, count, today=today, now=now).get_absolute_url()) for count in (1, 50)
        )
        assert fifty == one
        assert one <= 85
