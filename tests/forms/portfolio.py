"""The forms of the portfolio."""

from portfolio.contracting import add_criterion, fill_in
from portfolio.handing_over import launch_pilot
from portfolio.models import Pilot
from portfolio.starting import end_work, start_round
from portfolio.states import Outcome
from tests import building
from tests.forms.filling import Filled, Scene
from tests.gates.deciding_for import decide
from tests.portfolio.case.building import complete_case
from tests.portfolio.measures.building import MINUTES, measured_pilot

CASE = "/pilots/{code}/business-case/edit/"
MEASURE = "/pilots/{code}/measures/{number}/"


def draft(scene: Scene) -> dict[str, object]:
    return {"code": building.proposed(scene.cast, **scene.when).code}


def draft_with_a_criterion(scene: Scene) -> dict[str, object]:
    pilot = building.proposed(scene.cast, **scene.when)
    add_criterion(actor=scene.cast.alice, pilot=pilot, now=scene.now, **MINUTES)
    return {"code": pilot.code}


def running(scene: Scene) -> dict[str, object]:
    pilot = measured_pilot(scene.cast, **scene.when)
    return {"code": pilot.code, "approver": scene.cast.sponsor.pk}


def without_a_case(scene: Scene) -> dict[str, object]:
    return {"code": building.running(scene.cast, **scene.when).code}


def with_a_complete_case(scene: Scene) -> dict[str, object]:
    pilot = building.running(scene.cast, **scene.when)
    complete_case(scene.cast, pilot, now=scene.now)
    return {"code": pilot.code}


def scaling(scene: Scene) -> dict[str, object]:
    return {"code": _scaling(scene).code}


def in_production(scene: Scene) -> dict[str, object]:
    pilot = _scaling(scene)
    launch_pilot(actor=scene.cast.alice, pilot=pilot, launched_on=scene.today, now=scene.now)
    return {"code": pilot.code}


def redesigned(scene: Scene) -> dict[str, object]:
    """Round 2 in draft, after a round 1 that had said what comes then."""
    cast, now, today = scene.cast, scene.now, scene.today
    pilot = building.proposed(cast, today=today, now=now)
    fill_in(actor=cast.alice, pilot=pilot, seen=None, now=now, adopting_team="The post room in Lyon")
    start_round(actor=cast.alice, pilot=pilot, starts_on=today, planned_end=today, decision_due=today, now=now)
    end_work(actor=cast.alice, pilot=pilot, ended_on=today, now=now)
    pilot.refresh_from_db()
    decide(cast, pilot, Outcome.REDESIGN, **scene.when)
    fill_in(actor=cast.alice, pilot=pilot, seen=None, now=now, adopting_team="")
    return {"code": pilot.code}


def its_unit(scene: Scene) -> dict[str, object]:
    return {"unit": scene.cast.unit.pk}


def _scaling(scene: Scene) -> Pilot:
    pilot = building.awaiting(scene.cast, **scene.when)
    decide(scene.cast, pilot, Outcome.SCALE, **scene.when)
    pilot.refresh_from_db()
    return pilot


_GROUNDS = {"reason": "The committee asked for it.", "approver": "{approver}"}

FORMS = {
    "portfolio:pilot-create": Filled(
        "alice",
        {"title": "Bees on the roof", "summary": "Counts them.", "unit": "{unit}", "seen_similar": "on"},
        scene=its_unit,
    ),
    "portfolio:pilot-edit": Filled("alice", {"title": "One title"}, other={"title": "Another title"}),
    "portfolio:round-start": Filled("alice", {"accept_gaps": "on"}, scene=draft),
    "portfolio:round-end": Filled("alice", scene=running),
    "portfolio:pilot-launch": Filled("alice", scene=scaling),
    "portfolio:pilot-retire": Filled("alice", scene=in_production),
    "portfolio:status-create": Filled("alice", {"moved": "A little.", "confidence": "unsure"}, scene=running),
    # people
    "portfolio:people": Filled("alice", {"part": "it_partner", "email": "charlie@example.org"}),
    "portfolio:part-edit": Filled("alice", {"since": "{earlier}"}, other={"since": "{long_ago}"}),
    "portfolio:part-end": Filled("alice", page="/pilots/{code}/people/"),
    "portfolio:sponsor-authority": Filled(
        "alice", {"authority": "directs"}, other={"authority": "requests"},
        shows=("Directs budget and priorities", "Must ask for budget and priorities"),
    ),
    # contract
    "portfolio:contract-step": Filled(
        "alice", {"adopting_team": "Lyon"}, other={"adopting_team": "Lille"}, scene=draft, saves_itself=True
    ),
    "portfolio:contract-take-over": Filled("alice", page="/pilots/{code}/contract/then/", scene=redesigned),
    "portfolio:contract-amend": Filled(
        "alice", {"adopting_team": "Lyon", **_GROUNDS}, other={"adopting_team": "Lille"}, scene=running
    ),
    "portfolio:criterion-create": Filled("alice", {"metric": "Letters a day"}, scene=draft),
    "portfolio:criterion-edit": Filled(
        "alice", {"metric": "Minutes a letter"}, other={"metric": "Letters an hour"}, scene=draft_with_a_criterion
    ),
    "portfolio:criterion-remove": Filled("alice", page="/pilots/{code}/contract/", scene=draft_with_a_criterion),
    "portfolio:criterion-amend": Filled("alice", {"target": "35", **_GROUNDS}, other={"target": "32"}, scene=running),
    "portfolio:criterion-withdraw": Filled("alice", _GROUNDS, scene=running),
    # measurements
    "portfolio:measurement-detail": Filled("alice", {"value": "44"}, page=MEASURE),
    "portfolio:measurement-correct": Filled(
        "alice", {"value": "43", "reason": "Misread."}, other={"value": "42", "reason": "Typed wrongly."}
    ),
    "portfolio:measurement-withdraw": Filled("alice", {"reason": "Another team's."}),
    "portfolio:measurement-preview": Filled("manager"),
    # production build and change
    "portfolio:piece-edit": Filled("alice", {"note_text": "One queue."}, other={"note_text": "Two queues."}),
    "portfolio:change-plan-edit": Filled(
        "alice", {"what_changes": "Less typing."}, other={"what_changes": "More reading."}, saves_itself=True
    ),
    "portfolio:friction-create": Filled("alice", {"what": "The list is slow."}, page="/pilots/{code}/change/"),
    "portfolio:friction-close": Filled("alice", {"done": "A faster list."}, page="/pilots/{code}/change/"),
    # business case
    "portfolio:business-case-create": Filled("alice", page="/pilots/{code}/business-case/", scene=without_a_case),
    "portfolio:business-case-edit": Filled(
        "alice", {"integration_plan": "One queue."}, other={"integration_plan": "Two queues."}, saves_itself=True
    ),
    "portfolio:business-case-submit": Filled("alice", page=CASE, scene=with_a_complete_case),
    "portfolio:cost-line-edit": Filled(
        "alice", {"reason": "Two queues."}, other={"reason": "Three queues."}, page=CASE, saves_itself=True
    ),
    "portfolio:benefit-create": Filled("alice", {"name": "Fewer letters"}, page=CASE),
    "portfolio:benefit-edit": Filled(
        "alice", {"name": "Fewer letters"}, other={"name": "Shorter letters"}, page=CASE, saves_itself=True
    ),
    "portfolio:benefit-remove": Filled("alice", page=CASE),
    "portfolio:assumption-create": Filled("alice", {"statement": "People stay."}, page=CASE),
    "portfolio:assumption-edit": Filled(
        "alice", {"statement": "Volumes stay."}, other={"statement": "Volumes grow."}, page=CASE, saves_itself=True
    ),
    "portfolio:assumption-remove": Filled("alice", page=CASE),
    # import
    "portfolio:import-detail": Filled("manager"),
}  # fmt: skip

ELSEWHERE = {
    "portfolio:pilot-similar": "reads only; posted so that what is typed stays out of addresses",
    "portfolio:import-create": "keeps a file to look into, and no fact: tests/portfolio/test_import_views.py",
    "portfolio:measurement-sheet": "keeps a table to look into, and no fact: tests/portfolio/measures/",
}
