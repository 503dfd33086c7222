"""How far a gate review is: which criteria still wait, and what stands in the way of submitting it."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import User
from accounts.obstacles import Obstacle
from accounts.states import Function
from gates.candidates import vacancy
from gates.evidence_library import evidence_for
from gates.models import Assessment, Claim, Comment, Criterion, Custody, EvidenceUse, GateReview, Reopening, Reuse
from gates.permissions import functions_of
from gates.queries import criteria_of, current_assessments
from gates.states import ASSESSABLE, CONCLUSIONS, SETTLED_FINDINGS, WITH_OWNER, Finding, Holder, mandatory
from portfolio.models import Assignment, Pilot
from portfolio.permissions import has_part
from portfolio.states import OPEN_ROUND_STATES, LampState, Part, Stage

#: The gate that asks who answers for the process.
OWNERSHIP_GATE = 1


def closed_obstacles(review: GateReview) -> list[Obstacle]:
    """What keeps everybody from changing anything in the review: its round is over, or it is concluded."""
    if review.round.state not in OPEN_ROUND_STATES and not _open_while_scaling(review):
        return [Obstacle("round_over", "This round is over; its gates stay as they were.")]
    if review.state not in ASSESSABLE:
        return [Obstacle("concluded", f"This gate is concluded: {review.get_state_display().lower()}.")]
    return []


def required_criteria(review: GateReview, pilot: Pilot) -> list[Criterion]:
    """The criteria of the gate that are mandatory for the pilot's risk class, in order."""
    return [one for one in criteria_of(review.gate) if mandatory(one.mandatory_from, pilot.risk_class)]


def current_claims(review: GateReview) -> dict[int, Claim]:
    """The claim that counts for each criterion: the last one. One query."""
    if not review.pk:
        return {}
    claims = Claim.objects.filter(review=review).select_related("author").order_by("criterion_id", "-pk")
    return {claim.criterion_id: claim for claim in claims.distinct("criterion_id")}


def criteria_to_assess(review: GateReview, pilot: Pilot, asked_at: datetime) -> list[Criterion]:
    """Required criteria that wait for a reviewer who is, or was, asked at `asked_at`.

    Those not assessed yet; those found open before that, since the owner has worked on them; and those for which
    the gate was opened again.
    """
    found = {one.criterion_id: one for one in current_assessments(review)}
    anew = reopened_criteria(review)

    def waits(criterion: Criterion) -> bool:
        last = found.get(criterion.pk)
        if last is None:
            return True
        if criterion.pk in anew and last.at <= anew[criterion.pk]:
            return True
        return last.at < asked_at and last.finding not in SETTLED_FINDINGS

    return [criterion for criterion in required_criteria(review, pilot) if waits(criterion)]


def reopened_criteria(review: GateReview) -> dict[int, datetime]:
    """Criteria for which the gate was opened again, each with the last time."""
    if not review.pk:
        return {}
    rows = Reopening.objects.filter(review=review, criterion__isnull=False).order_by("pk")
    return dict(rows.values_list("criterion", "at"))


def submission_obstacles(
    review: GateReview, pilot: Pilot, asked: Mapping[Function, User | None], today: date
) -> list[Obstacle]:
    """Everything in the way of submitting; `asked` says who would be asked for each function that is needed."""
    closed = closed_obstacles(review)
    if closed:
        return closed
    if review.state not in WITH_OWNER and review.submitted_at:
        return [Obstacle("submitted", "It is with the reviewers already.", "a reviewer, who may return it")]
    obstacles = missing_of_claims(review, pilot, today)
    if _untouched_since_return(review):
        obstacles.append(
            Obstacle("untouched", "Nothing has changed since it was returned: answer, or change a claim.", "you")
        )
    reviewers = reverse("gates:reviewer-list")
    return obstacles + [vacancy(function, reviewers) for function, person in asked.items() if person is None]


def missing_of_claims(review: GateReview, pilot: Pilot, today: date) -> list[Obstacle]:
    """One obstacle for each required criterion that lacks something of the owner's. Four queries.

    Evidence is asked for where the criterion asks for it; a finding of another pilot that is reused counts as such.
    Who says that a criterion does not apply, or is short of evidence, need not show any.
    """
    criteria = required_criteria(review, pilot)
    claims, evidence = current_claims(review), evidence_for(criteria, review.round, today=today)
    reused = reused_criteria(review, today)
    obstacles = []
    for criterion in criteria:
        claim = claims.get(criterion.pk)
        shown = criterion.pk in reused or any(view.counts for view in evidence[criterion.pk])
        spared = claim is not None and claim.view in (Finding.NOT_APPLICABLE, Finding.SHORT_OF_EVIDENCE)
        lacks = [
            what
            for what, there in (
                ("a claim", claim and claim.text),
                ("your own view", claim and claim.view),
                ("evidence", shown or spared or not criterion.evidence_required),
            )
            if not there
        ]
        if lacks:
            name = f"{review.gate.number}.{criterion.number}"
            url = f"{_page(review, pilot)}#criterion-{criterion.pk}"
            obstacles.append(Obstacle("incomplete", f"{name} lacks {_listed(lacks)}.", url=url))
    return obstacles


def reused_criteria(review: GateReview, today: date) -> set[int]:
    """Criteria that lean on a finding of another pilot which still holds."""
    if not review.pk:
        return set()
    reuses = Reuse.objects.filter(review=review, removed_at=None, valid_until__gte=today).filter(source_holds())
    return set(reuses.values_list("criterion", flat=True))


def source_holds() -> Q:
    """Condition on reuses: the finding still counts in its gate, is settled, and the gate stands concluded."""
    later = Assessment.objects.filter(
        review=OuterRef("source__review"), criterion=OuterRef("source__criterion"), pk__gt=OuterRef("source")
    )
    return (
        Q(source__review__state__in=(LampState.PASSED, LampState.CONDITIONAL))
        & Q(source__finding__in=SETTLED_FINDINGS)
        & Q(~Exists(later))
    )


def _page(review: GateReview, pilot: Pilot) -> str:
    return reverse("gates:review-prepare", args=[pilot.code, review.gate.slug])


def _listed(things: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(things[:-1]), things[-1]]))


def _untouched_since_return(review: GateReview) -> bool:
    if review.state != LampState.RETURNED:
        return False
    returned = Custody.objects.filter(review=review, until=None, holder=Holder.OWNER).first()
    if returned is None:
        return False
    evidence = EvidenceUse.objects.filter(round=review.round, criterion__gate=review.gate, at__gt=returned.since)
    talk = (model.objects.filter(review=review, at__gt=returned.since) for model in (Claim, Comment))
    return not any(rows.exists() for rows in (*talk, evidence))


def _open_while_scaling(review: GateReview) -> bool:
    """Whether the gate was opened again after the decision to scale (requirement 75)."""
    if review.round.pilot.stage != Stage.SCALING or not review.pk:
        return False
    return Reopening.objects.filter(review=review).exists()


def conclusion_obstacles(actor: User, pilot: Pilot, review: GateReview, state: str, today: date) -> list[Obstacle]:
    """Everything that keeps `actor` from concluding the gate as `state`; `review` may not be opened yet."""
    obstacles = closed_obstacles(review)
    if not obstacles and review.pk and review.state in WITH_OWNER:
        what = "It is with the owner, and comes back when it is submitted."
        obstacles.append(Obstacle("with_owner", what, "the owner, who submits it"))
    if state not in CONCLUSIONS:
        obstacles.append(Obstacle("state", "Choose how the gate concludes.", "you"))
    obstacles += lead_obstacles(actor, pilot, review, today)
    return obstacles + _ownership_obstacles(pilot, review, state) + _criteria_obstacles(pilot, review, state)


def lead_obstacles(actor: User, pilot: Pilot, review: GateReview, today: date) -> list[Obstacle]:
    """What keeps `actor` from acting as lead reviewer of the gate."""
    obstacles = []
    if review.gate.lead_function not in functions_of(actor, today):
        lead = review.gate.get_lead_function_display()
        obstacles.append(
            Obstacle("not_lead", f"This gate is concluded by a reviewer for {lead}.", f"a reviewer for {lead}")
        )
    if has_part(actor, pilot):
        obstacles.append(
            Obstacle(
                "own_pilot",
                "You have a part in this pilot, so others conclude its gates.",
                "another reviewer",
            )
        )
    return obstacles


def _ownership_obstacles(pilot: Pilot, review: GateReview, state: str) -> list[Obstacle]:
    """A sponsor alone never satisfies the gate of ownership (requirement 5)."""
    if review.gate.number != OWNERSHIP_GATE or state not in (LampState.PASSED, LampState.CONDITIONAL):
        return []
    held = Assignment.objects.filter(pilot=pilot, until=None, person__is_active=True)
    people = dict(held.values_list("part", "person"))
    url = reverse("portfolio:people", args=[pilot.code])
    if Part.BUSINESS_OWNER not in people:
        what = "No business owner is named; a sponsor alone does not answer for the process."
        return [Obstacle("no_owner", what, "a portfolio manager", url)]
    if people[Part.BUSINESS_OWNER] == people.get(Part.EXECUTIVE_SPONSOR):
        what = "Business owner and executive sponsor are one person; this gate needs two."
        return [Obstacle("sponsor_is_owner", what, "a portfolio manager", url)]
    return []


def _criteria_obstacles(pilot: Pilot, review: GateReview, state: str) -> list[Obstacle]:
    found = {one.criterion_id: one for one in current_assessments(review)} if review.pk else {}
    anew = reopened_criteria(review)
    obstacles = []
    for criterion in required_criteria(review, pilot):
        name = f"{review.gate.number}.{criterion.number}"
        who, url = f"a reviewer for {criterion.get_function_display()}", f"#criterion-{criterion.pk}"
        last = found.get(criterion.pk)
        if last is None:
            obstacles.append(Obstacle("not_assessed", f"Criterion {name} is not assessed.", who, url))
        elif criterion.pk in anew and last.at <= anew[criterion.pk]:
            what = f"Criterion {name} is to be assessed anew: the gate was opened again for it."
            obstacles.append(Obstacle("not_assessed", what, who, url))
        elif state == LampState.PASSED and last.finding not in SETTLED_FINDINGS:
            what = f"Criterion {name} is {last.get_finding_display().lower()}; pass with conditions instead."
            obstacles.append(Obstacle("not_met", what, who, url))
    return obstacles
