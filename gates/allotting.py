"""Who has which review: taking one over, handing one on, substitutes, reviewers chosen for a pilot."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, StaleError, refuse_any
from accounts.permissions import is_manager
from accounts.states import Function
from audit.recording import verb
from gates.models import NamedReviewer, Reviewer, ReviewRequest, Substitute
from gates.permissions import assessment_obstacles, functions_of
from portfolio.locking import locked_pilot
from portfolio.models import Pilot
from portfolio.permissions import has_part

#: The longest time for which one can be replaced in one go: longer ones belong to the administrator.
LONGEST_ABSENCE = timedelta(days=92)


@verb
def take_request(*, actor: User, request: ReviewRequest, seen: int | None, today: date, now: datetime) -> ReviewRequest:
    """Take a review over from whoever has it; the days it has waited go on. Taking one's own changes nothing."""
    pilot, request = _locked(request)
    if request.reviewer_id == actor.pk:
        return request
    compare_and_step(request, seen)
    refuse_any(_over(request) + assessment_obstacles(actor, pilot, request.function, today))
    request.reviewer, request.handed_by, request.note = actor, None, ""
    request.save()
    _note(actor, "gates.request.taken", request, pilot, now)
    return request


@verb
def hand_over_request(
    *, actor: User, request: ReviewRequest, to: User, why: str, seen: int | None, today: date, now: datetime
) -> ReviewRequest:
    """Hand a review to another person of the function, with a note for them; the days it has waited go on.

    By any reviewer of the function. Refuses people outside the function, or with a part in the pilot.
    """
    pilot, request = _locked(request)
    compare_and_step(request, seen)
    obstacles = _over(request)
    if Function(request.function) not in functions_of(actor, today):
        label = request.get_function_display()
        obstacles.append(Obstacle("other_function", f"This belongs to {label}.", f"a reviewer for {label}"))
    obstacles += [
        Obstacle("to", f"{to} cannot take it: {_about_them(obstacle)}", "you, by choosing somebody else")
        for obstacle in assessment_obstacles(to, pilot, request.function, today)
    ]
    if not why.strip():
        obstacles.append(Obstacle("note", "Leave a note for whoever takes it.", "you"))
    refuse_any(obstacles)
    request.reviewer, request.handed_by, request.note = to, actor, why.strip()
    request.save()
    _note(actor, "gates.request.handed", request, pilot, now, to=to.ref)
    return request


@verb
def name_substitute(
    *, actor: User, stands_in: User, since: date, until: date, today: date, now: datetime
) -> Substitute:
    """Let somebody review in the place of `actor` from the first day to the last, both included.

    New reviews go to them, open ones are in their queue too. Refuses days that are over or overlap, and people who
    have left. Nobody gets more by it than `actor` has: a part in a pilot keeps from its reviews as ever.
    """
    User.objects.select_for_update().get(pk=actor.pk)
    obstacles = _substitute_obstacles(actor, stands_in, since, until, today)
    refuse_any(obstacles)
    substitute = Substitute.objects.create(absent=actor, stands_in=stands_in, since=since, until=until)
    note(actor, "gates.substitute.named", substitute, now=now, person=stands_in.ref, since=since, until=until)
    return substitute


@verb
def end_substitute(*, actor: User, substitute: Substitute, today: date, now: datetime) -> None:
    """End the time of one's own substitute: yesterday, or at once where it has not begun."""
    mine = Substitute.objects.select_for_update().filter(pk=substitute.pk, absent=actor).first()
    if mine is None or mine.until < today:
        return
    note(actor, "gates.substitute.ended", mine, now=now, person=mine.stands_in.ref)
    if mine.since >= today:
        mine.delete()
        return
    mine.until = today - timedelta(days=1)
    mine.save(update_fields=["until"])


@verb
def choose_reviewers(
    *,
    actor: User,
    pilot: Pilot,
    chosen: Mapping[Function, User | None],
    seen: Mapping[Function, int] | None,
    today: date,
    now: datetime,
) -> list[Function]:
    """Choose who of each function's pool is asked first about a pilot; None leaves it to the pool. Return what changed.

    By portfolio managers, so that nobody picks the reviewers of their own pilot. `seen` holds the id of whoever the
    form showed for each function, 0 for nobody: StaleError where somebody else was chosen since. Refuses people outside
    the function, or with a part in the pilot. Reviews that are under way stay with whoever has them.
    """
    pilot = locked_pilot(pilot)
    refuse_any(naming_obstacles(actor, pilot))
    known = {one.function: one for one in NamedReviewer.objects.filter(pilot=pilot).select_related("user")}
    now_named = {function: known[function].user_id if function in known else 0 for function in chosen}
    changed = [function for function, person in chosen.items() if now_named[function] != (person.pk if person else 0)]
    for function in changed:
        if seen is not None and seen.get(function, 0) != now_named[function]:
            raise StaleError(seen=seen.get(function, 0), current=now_named[function])
    refuse_any(
        [
            Obstacle(function, f"{person} cannot be chosen: {_about_them(obstacle)}", "you, by choosing somebody else")
            for function in changed
            if (person := chosen[function])
            for obstacle in assessment_obstacles(person, pilot, function, today)
        ]
    )
    for function in changed:
        person = chosen[function]
        if person is None:
            known[function].delete()
        else:
            NamedReviewer.objects.update_or_create(
                pilot=pilot, function=function, defaults={"user": person, "named_at": now}
            )
        note(
            actor, "gates.reviewer.chosen", pilot, now=now, scope=pilot.scope, function=function.label,
            person=person.ref if person else "",
        )  # fmt: skip
    return changed


def naming_obstacles(actor: User, pilot: Pilot) -> list[Obstacle]:
    """What keeps `actor` from choosing who reviews `pilot`."""
    if not is_manager(actor):
        return [Obstacle("not_manager", "Portfolio managers choose who reviews a pilot.", "a portfolio manager")]
    if has_part(actor, pilot):
        what = "You have a part in this pilot, so others choose who reviews it."
        return [Obstacle("own_pilot", what, "another portfolio manager")]
    return []


def _substitute_obstacles(actor: User, stands_in: User, since: date, until: date, today: date) -> list[Obstacle]:
    obstacles = []
    if not Reviewer.objects.filter(user=actor, until=None).exists():
        obstacles.append(Obstacle("no_reviewer", "You do not review, so nobody needs to stand in for you."))
    if stands_in == actor:
        obstacles.append(Obstacle("stands_in", "Choose somebody else than yourself.", "you"))
    elif not stands_in.is_active:
        obstacles.append(Obstacle("stands_in", f"{stands_in} has left.", "you"))
    if until < since:
        obstacles.append(Obstacle("until", "The last day is before the first one.", "you"))
    elif until < today:
        obstacles.append(Obstacle("until", "These days are over.", "you"))
    elif until - since > LONGEST_ABSENCE:
        most = LONGEST_ABSENCE.days
        what = f"That is more than {most} days. For so long, an administrator names another reviewer."
        obstacles.append(Obstacle("until", what, "an administrator"))
    elif Substitute.objects.filter(absent=actor, since__lte=until, until__gte=since).exists():
        obstacles.append(Obstacle("since", "Somebody stands in for you on some of these days already.", "you"))
    return obstacles


def _over(request: ReviewRequest) -> list[Obstacle]:
    if request.ended_at is None:
        return []
    return [Obstacle("over", f"It is over: {request.get_ended_display().lower()}.")]


def _about_them(obstacle: Obstacle) -> str:
    return "they have a part in this pilot." if obstacle.code == "own_pilot" else "they do not review for it."


def _locked(request: ReviewRequest) -> tuple[Pilot, ReviewRequest]:
    pilot = locked_pilot(request.review.round.pilot)
    related = ("review__gate", "review__round", "reviewer")
    row = ReviewRequest.objects.select_for_update(of=("self",)).select_related(*related).get(pk=request.pk)
    return pilot, row


def _note(actor: User, kind: str, request: ReviewRequest, pilot: Pilot, now: datetime, **data: str) -> None:
    note(
        actor, kind, request.review, now=now, scope=pilot.scope, gate=request.review.gate.title,
        function=request.get_function_display(), **data,
    )  # fmt: skip
