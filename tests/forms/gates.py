"""The forms of the gates."""

from datetime import timedelta

from accounts.models import User
from gates.allotting import name_substitute
from gates.conditioning import ConditionTerms, meet_condition
from gates.drafting_sets import discard_draft, retire_criterion
from gates.models import Assessment, Committee, Condition, GateSet, ReviewRequest
from gates.reusing import attach_reuse
from gates.states import MajorityRule, ReuseKind, VoteChoice
from gates.voting import cast_vote
from portfolio.states import Outcome, RiskClass, RoundState
from tests import building
from tests.forms.filling import Filled, Scene
from tests.gates.deciding_for import decide, put_to_vote
from tests.gates.drafting_for import one_of, published, reworded
from tests.gates.evidence.adding import add_note
from tests.gates.meetings.holding import in_session, there
from tests.gates.preparing_for import claimed, submitted
from tests.gates.reviewing_for import GATE, all_required, first

SET = "/settings/gate-sets/{version}/"
DRAFT_GATE = SET + "gates/{gate}/"
PREPARE = "/pilots/{code}/gates/{gate}/prepare/"
REVIEW = "/pilots/{code}/gates/{gate}/"
INTERVENTION = "/pilots/{code}/clinic/interventions/{pk}/"
CONDITION = "/pilots/{code}/conditions/{pk}/"
PROPOSAL = "/pilots/{code}/proposals/{pk}/"


def assessor() -> User:
    return User.objects.get(email="assessor@example.org")


def draft() -> GateSet:
    return GateSet.objects.get(published_at=None)


def retired(scene: Scene) -> dict[str, object]:
    criterion = one_of(draft(), "process-outcome-owner")
    retire_criterion(actor=scene.cast.administrator, criterion=criterion, now=scene.now)
    return {}


def no_draft(scene: Scene) -> dict[str, object]:
    discard_draft(actor=scene.cast.administrator, draft=draft(), seen=None, now=scene.now)
    return {}


def changed_draft(scene: Scene) -> dict[str, object]:
    reworded(scene.cast, draft(), "process-outcome-owner", now=scene.now)
    return {}


def newer_set(scene: Scene) -> dict[str, object]:
    pilot = building.running(scene.cast, **scene.when)
    changed_draft(scene)
    published(scene.cast, draft(), now=scene.now)
    return {"code": pilot.code}


def running(scene: Scene) -> dict[str, object]:
    return {"code": building.running(scene.cast, **scene.when).code}


def a_note(scene: Scene) -> dict[str, object]:
    pilot = building.running(scene.cast, **scene.when)
    return {"code": pilot.code, "evidence": add_note(scene.cast, pilot, **scene.when).pk}


def concluded(scene: Scene) -> dict[str, object]:
    """The gate of which the world has a precedent."""
    return {"gate": GATE, "criterion": first().slug}


def not_yet_noted(scene: Scene) -> dict[str, object]:
    """A criterion of that gate which was assessed and has no precedent."""
    found = Assessment.objects.filter(review__round__pilot=scene.world.pilots["open"]).exclude(criterion=first())
    return {"gate": GATE, "criterion": found.earliest("pk").criterion.slug}


def to_be_reused(scene: Scene) -> dict[str, object]:
    """Another pilot, whose first criterion of that gate can lean on what was found in the first."""
    pilot = building.running(scene.cast, **scene.when)
    found = Assessment.objects.filter(criterion=first(), review__round__pilot=scene.world.pilots["open"]).latest("pk")
    return {"code": pilot.code, "gate": GATE, "criterion": first().slug, "source": found.pk, "pilot": pilot}


def reused(scene: Scene) -> dict[str, object]:
    said = to_be_reused(scene)
    source = Assessment.objects.get(pk=said["source"])
    reuse = attach_reuse(
        actor=scene.cast.alice, pilot=said["pilot"], criterion=first(), source=source,
        kind=ReuseKind.REVIEW, why="The same letters.", valid_until=scene.today + timedelta(days=90), **scene.when,
    )  # fmt: skip
    return {**said, "pk": reuse.pk}


def prepared(scene: Scene) -> dict[str, object]:
    pilot = building.running(scene.cast, **scene.when)
    claimed(scene.cast, pilot, **scene.when)
    return {"code": pilot.code, "gate": GATE}


def handed_in(scene: Scene) -> dict[str, object]:
    pilot = building.running(scene.cast, **scene.when)
    submitted(scene.cast, pilot, **scene.when)
    return {"code": pilot.code, "gate": GATE}


def assessed(scene: Scene) -> dict[str, object]:
    pilot = building.running(scene.cast, **scene.when)
    submitted(scene.cast, pilot, **scene.when)
    all_required(scene.cast, pilot, **scene.when)
    return {"code": pilot.code, "gate": GATE}


def a_colleague(scene: Scene) -> dict[str, object]:
    return {"colleague": assessor().pk, "charlie": scene.cast.charlie.pk, "reviewer": scene.cast.reviewer.pk}


def asked_of_a_colleague(scene: Scene) -> dict[str, object]:
    ReviewRequest.objects.update(reviewer=assessor())
    return {}


def a_substitute(scene: Scene) -> dict[str, object]:
    until = scene.today + timedelta(days=9)
    named = name_substitute(
        actor=scene.cast.reviewer, stands_in=assessor(), since=scene.today, until=until, **scene.when
    )
    return {"pk": named.pk}


def a_member(scene: Scene) -> dict[str, object]:
    return {"person": scene.cast.carol.pk}


def a_reviewer(scene: Scene) -> dict[str, object]:
    return {"person": scene.cast.reviewer.pk}


def waiting(scene: Scene) -> dict[str, object]:
    """A pilot that nobody has put before the committee yet."""
    return {"code": building.awaiting(scene.cast, **scene.when).code}


def decided(scene: Scene) -> dict[str, object]:
    return {"number": scene.world.decisions["open"].number}


def over_before(scene: Scene) -> dict[str, object]:
    """A pilot that was over before it came here."""
    pilot = building.proposed(scene.cast, **scene.when)
    pilot.rounds.update(state=RoundState.PAST)
    return {"code": pilot.code}


def noticed(scene: Scene) -> dict[str, object]:
    """A decision of which the members have notice."""
    Committee.objects.update(majority_rule=MajorityRule.SIMPLE)
    pilot = building.awaiting(scene.cast, risk_class=RiskClass.LOW, **scene.when)
    return {"code": pilot.code, "pk": put_to_vote(scene.cast, pilot, **scene.when).pk}


def carried(scene: Scene) -> dict[str, object]:
    """A proposal that all have voted for."""
    Committee.objects.update(quorum=2)
    proposal = scene.world.proposals["open"]
    for person in (scene.cast.bob, scene.cast.carol):
        cast_vote(actor=person, proposal=proposal, choice=VoteChoice.FOR, reason="", **scene.when)
    return {"pk": proposal.pk}


def voted_on_in_session(scene: Scene) -> dict[str, object]:
    """A vote that is open in a meeting; Bob and Carol are there."""
    pilot = building.awaiting(scene.cast, **scene.when)
    meeting = in_session(scene.cast, now=scene.now)
    there(scene.cast, meeting, scene.cast.bob, scene.cast.carol, now=scene.now)
    Committee.objects.update(quorum=2)
    return {"code": pilot.code, "pk": put_to_vote(scene.cast, pilot, in_meeting=True, **scene.when).pk}


def said_to_be_met(scene: Scene) -> dict[str, object]:
    """A condition of a decision, of which Alice says that it is met."""
    pilot = building.awaiting(scene.cast, **scene.when)
    term = ConditionTerms("Keep the letters.", scene.cast.alice, scene.today + timedelta(days=30))
    decide(scene.cast, pilot, Outcome.STOP, conditions=[term], **scene.when)
    condition = Condition.objects.latest("pk")
    meet_condition(actor=scene.cast.alice, condition=condition, proof="The log.", seen=None, now=scene.now)
    return {"code": pilot.code, "pk": condition.pk}


FORMS = {
    "gates:drift-scan": Filled("manager", page="/drift/"),
    "gates:rule-edit": Filled("administrator", {"threshold": "21"}, other={"threshold": "28"}),
    # the clinic
    "gates:clinic-tests": Filled(
        "alice", {"metrics_note": "Finance counts."}, other={"metrics_note": "Nobody counts."}
    ),
    "gates:intervention-create": Filled(
        "alice", {"text": "Ask finance.", "owner_email": "carol@example.org", "due": "{later}"}
    ),
    "gates:intervention-finish": Filled("alice", {"outcome": "One figure."}, page=INTERVENTION),
    "gates:intervention-give-up": Filled("alice", {"outcome": "No time."}, page=INTERVENTION),
    "gates:flag-snooze": Filled("bob", {"reason": "The vendor answers then.", "until": "{later}"}),
    "gates:flag-exempt": Filled("bob", {"reason": "It has no vendor.", "until": "{later}"}),
    "gates:snooze-end": Filled("bob", page="/drift/snoozed/"),
    "gates:exemption-end": Filled("bob", page="/drift/snoozed/"),
    # committees and reviewers
    "gates:committee-create": Filled("administrator", {"name": "Second committee", "slug": "second"}),
    "gates:committee-edit": Filled("administrator", {"name": "The first"}, other={"name": "The other"}),
    "gates:seat-create": Filled(
        "administrator", {"person": "{charlie}"}, page="/settings/committees/{slug}/", scene=a_colleague
    ),
    "gates:seat-end": Filled("administrator", page="/settings/committees/{slug}/", scene=a_member),
    "gates:reviewer-list": Filled("administrator", {"person": "{charlie}"}, scene=a_colleague),
    "gates:reviewer-end": Filled("administrator", page="/settings/reviewers/", scene=a_reviewer),
    # gate sets
    "gates:gate-set-begin": Filled("administrator", page="/settings/gate-sets/", scene=no_draft),
    "gates:gate-set-publish": Filled("administrator", {"reason": "It asks for less."}, scene=changed_draft),
    "gates:gate-set-discard": Filled("administrator", page=SET),
    "gates:gate-edit": Filled("administrator", {"title": "Owners"}, other={"title": "Holders"}),
    "gates:criterion-create": Filled(
        "administrator",
        {"statement": "Somebody reads it.", "convincing": "A sample.", "not_enough": "A plan."},
    ),
    "gates:criterion-edit": Filled("administrator", {"statement": "One."}, other={"statement": "Another."}),
    "gates:criterion-move": Filled("administrator", {"to": "down"}, page=DRAFT_GATE),
    "gates:criterion-retire": Filled("administrator", page=DRAFT_GATE),
    "gates:criterion-bring-back": Filled("administrator", page=DRAFT_GATE, scene=retired),
    "gates:round-move": Filled("alice", scene=newer_set),
    # preparing a gate, evidence
    "gates:claim-save": Filled(
        "alice", {"text": "It holds."}, other={"text": "It nearly holds."}, page=PREPARE, saves_itself=True,
        scene=running,
    ),
    "gates:review-submit": Filled("alice", page=PREPARE, scene=prepared),
    "gates:comment-add": Filled("alice", {"text": "Which weeks?"}, page=PREPARE),
    "gates:evidence-add": Filled("alice", {"kind": "note", "title": "Minutes", "note": "We looked."}),
    "gates:evidence-replace": Filled("alice", {"title": "Newer minutes"}, scene=a_note),
    "gates:evidence-use": Filled(
        "alice", {"criteria": "process-outcome-owner"}, page="/pilots/{code}/evidence/{evidence}/", scene=a_note
    ),
    "gates:evidence-withdraw": Filled("alice", {"reason": "Too old."}, scene=a_note),
    "gates:criterion-evidence": Filled("alice", {"attach": "{evidence}"}, scene=a_note),
    "gates:reuse-add": Filled("alice", {"source": "{source}", "why": "The same letters."}, scene=to_be_reused),
    "gates:reuse-end": Filled("alice", page=PREPARE, scene=reused),
    # reviewing
    "gates:criterion-assess": Filled(
        "reviewer", {"finding": "met", "comment": "Seen."}, other={"comment": "Half seen."}, page=REVIEW,
        saves_itself=True, scene=running,
    ),
    "gates:review-conclude": Filled("reviewer", {"state": "passed"}, page=REVIEW, scene=assessed),
    "gates:review-return": Filled("reviewer", {"reason": "Weeks are missing."}, page=REVIEW, scene=handed_in),
    "gates:review-reopen": Filled("reviewer", {"reason": "The data changed."}, page=REVIEW, scene=concluded),
    "gates:pilot-reviewers": Filled(
        "manager", {"legal": "{reviewer}"}, other={"legal": "{colleague}"}, shows=("Reviewer", "Assessor"),
        scene=a_colleague,
    ),
    "gates:request-take": Filled("reviewer", page="/reviews/?show=pool", scene=asked_of_a_colleague),
    "gates:request-hand-over": Filled(
        "reviewer", {"to": "{colleague}", "note": "You know it better."}, scene=a_colleague
    ),
    "gates:substitute-list": Filled(
        "reviewer", {"stands_in": "{colleague}", "since": "{today}", "until": "{later}"}, scene=a_colleague
    ),
    "gates:substitute-end": Filled("reviewer", page="/reviews/substitutes/", scene=a_substitute),
    "gates:condition-meet": Filled("alice", {"proof": "The log."}, page=CONDITION),
    "gates:condition-accept": Filled("bob", page=CONDITION, scene=said_to_be_met),
    "gates:condition-return": Filled("bob", {"returned_reason": "Half of it."}, page=CONDITION, scene=said_to_be_met),
    "gates:condition-waive": Filled("reviewer", {"waived_reason": "No longer needed."}, page=CONDITION),
    "gates:precedent-create": Filled("reviewer", {"text": "Eight weeks are enough."}, scene=not_yet_noted),
    "gates:precedent-withdraw": Filled("reviewer", {"reason": "No longer so."}),
    # deciding
    "gates:decision-create": Filled(
        "bob",
        {
            "outcome": "stop", "rationale": "Too few letters.", "stop_reason": "users_do_not_need_it",
            "learnings": "Ask first.",
        },
        scene=waiting,
    ),
    "gates:decision-supersede": Filled("bob", {"supersedes_reason": "The reason was another."}, scene=decided),
    "gates:decision-afterwards": Filled(
        "bob",
        {
            "outcome": "stop", "rationale": "Nobody used it.", "stop_reason": "users_do_not_need_it",
            "learnings": "Ask first.", "decided_on": "{long_ago}", "deciders": "The board",
        },
        scene=over_before,
    ),
    "gates:deferral-create": Filled(
        "bob", {"reason": "The price for next year.", "owner": "{charlie}", "until": "{later}"}, scene=a_colleague
    ),
    "gates:vote-cast": Filled("carol", {"choice": "against", "reason": "Too soon."}, page=PROPOSAL),
    "gates:vote-recuse": Filled("carol", {"reason": "My sister sells it."}, page=PROPOSAL),
    "gates:proposal-withdraw": Filled("bob", {"reason": "A figure was wrong."}, page=PROPOSAL),
    "gates:proposal-call-in": Filled("carol", {"reason": "Let us talk."}, page=PROPOSAL, scene=noticed),
    "gates:proposal-record": Filled("bob", page=PROPOSAL, scene=carried),
    "gates:vote-close": Filled("bob", page=PROPOSAL, scene=voted_on_in_session),
}  # fmt: skip

#: Steps and texts of a meeting, each of which needs the one before.
_MEETINGS = (
    "gates:meeting-create",
    "gates:meeting-edit",
    "gates:meeting-open",
    "gates:meeting-cancel",
    "gates:meeting-begin",
    "gates:meeting-close",
    "gates:attendance-note",
    "gates:agenda-fill",
    "gates:agenda-agree",
    "gates:item-add",
    "gates:item-edit",
    "gates:item-drop",
    "gates:item-place",
    "gates:item-postpone",
    "gates:item-time",
    "gates:item-minutes",
    "gates:stand-in-list",
    "gates:stand-in-end",
    "gates:calendar",
    "gates:calendar-end",
)
ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(_MEETINGS, "follow one another through a meeting: tests/gates/meetings"),
}
