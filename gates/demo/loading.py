"""Loading synthetic pilots by the thousand: rows in bulk, an audit trail that verifies, standings kept."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from django.conf import settings
from django.db import connection, transaction

from audit.recording import Happening, append
from gates.demo.agreements import (
    act_on,
    agree,
    attach_conditions,
    calculate,
    hold,
    look_into,
    measure,
    name_more_people,
    open_again,
    outlook,
    put_off,
    show,
    under_way,
)
from gates.demo.calendar import Calendar
from gates.demo.crowd import gather_crowd
from gates.demo.inventing import InventedPilot, InventedRound, invent_pilot
from gates.demo.picturing import picture
from gates.demo.seeding import open_house
from gates.demo.showing import Progress, silently
from gates.demo.stories import (
    Scene,
    Story,
    base,
    begin_story,
    cast_parts,
    decide,
    decided_rounds,
    draw_rounds,
    find,
    open_reviews,
    write_updates,
)
from gates.demo.tracing import trace
from gates.models import (
    Assessment,
    Condition,
    Criterion,
    Custody,
    Decision,
    DecisionBasis,
    Deferral,
    Evidence,
    EvidenceUse,
    Gate,
    GateReview,
)
from gates.standing import keep_judgements
from portfolio.gaps import gaps_of, read_gap_facts
from portfolio.models import (
    Assignment,
    Blocker,
    BlockerReport,
    BusinessCase,
    Contract,
    Diagnosis,
    Intervention,
    Measurement,
    Pilot,
    Round,
    StatusUpdate,
    SuccessCriterion,
)
from portfolio.numbering import take
from portfolio.standing import keep_facts
from portfolio.states import RoundState

_PILOTS_AT_ONCE = 500
_EVENTS_AT_ONCE = 10_000
#: Number of a decision, by the number of its pilot and of its round.
Numbers = dict[tuple[int, int], str]
#: A round that has begun and is undecided, with its story and as it was invented.
OpenRound = tuple[Story, InventedRound, Round]


@transaction.atomic
def load_portfolio(*, count: int, seed: int, today: date, progress: Progress = silently) -> int:
    """Add `count` synthetic pilots whose history ends today, beside whatever is there; return how many events.

    The same seed gives the same pilots. One transaction: all of it, or nothing.
    """
    calendar = Calendar(today, settings.TIME_ZONE)
    invented = [invent_pilot(seed=seed, number=number) for number in range(count)]
    founded = min(pilot.proposed for pilot in invented) - 7
    house = open_house(calendar=calendar, founded=founded)
    now = calendar.moment(calendar.working_day(founded), 1, 2)
    crowd = gather_crowd(house=house, pilots=count, seed=seed, calendar=calendar, now=now)
    scene = Scene(crowd, calendar, _gates())
    numbers = _number_decisions(invented, calendar)
    codes = take("pilot", count)
    happenings: list[Happening] = []
    for start in progress(range(0, count, _PILOTS_AT_ONCE), "Pilots"):
        part = slice(start, start + _PILOTS_AT_ONCE)
        happenings += _load(
            [begin_story(scene, pilot, code) for pilot, code in zip(invented[part], codes[part], strict=True)],
            numbers,
        )
    happenings.sort(key=attrgetter("at"))
    for start in progress(range(0, len(happenings), _EVENTS_AT_ONCE), "Audit trail"):
        append(happenings[start : start + _EVENTS_AT_ONCE])
    return len(happenings)


def _gates() -> list[tuple[Gate, list[Criterion]]]:
    gates = Gate.objects.filter(gate_set__version=1).prefetch_related("criteria").order_by("number")
    return [(gate, sorted(gate.criteria.all(), key=attrgetter("number"))) for gate in gates]


def _number_decisions(invented: Sequence[InventedPilot], calendar: Calendar) -> Numbers:
    """Number all decisions by year, in the order of their days."""
    decided = sorted(
        (calendar.working_day(told.decided), pilot.number, number)
        for pilot in invented
        for number, told in enumerate(pilot.rounds, start=1)
        if told.decided is not None
    )
    years = Counter(day.year for day, _, _ in decided)
    given = {year: iter(take(f"decision {year}", total)) for year, total in years.items()}
    return {(pilot, number): f"D-{day.year}-{next(given[day.year]):03d}" for day, pilot, number in decided}


def _load(stories: Sequence[Story], numbers: Numbers) -> list[Happening]:
    """Save the rows of some stories, each table once, and return their happenings."""
    Pilot.objects.bulk_create([story.pilot for story in stories])
    for story in stories:
        cast_parts(story)
        draw_rounds(story)
        name_more_people(story)
    Assignment.objects.bulk_create([row for story in stories for row in story.assignments])
    open_rounds = [(story, *begun) for story in stories if (begun := under_way(story))]
    begun_as = [(row, row.state) for _, _, row in open_rounds]
    for row, _ in begun_as:
        row.state = RoundState.DRAFT  # a contract is frozen by the start, so it comes before
    Round.objects.bulk_create([row for story in stories for _, row in story.rounds])
    criteria = _agree(open_rounds)
    for row, state in begun_as:
        row.state = state
    Round.objects.bulk_update([row for row, _ in begun_as], ["state"])
    for story in stories:
        write_updates(story)
        outlook(story)
        open_reviews(story)
    for story, _, row in open_rounds:
        open_again(story, row)
    StatusUpdate.objects.bulk_create([row for story in stories for row in story.updates])
    Blocker.objects.bulk_create([row for story in stories for row in story.blockers])
    BlockerReport.objects.bulk_create([row for story in stories for row in story.reports])
    GateReview.objects.bulk_create([row for story in stories for _, row in story.reviews])
    for story in stories:
        find(story)
        _decide_all(story, numbers)
    Assessment.objects.bulk_create([row for story in stories for row in story.assessments])
    Decision.objects.bulk_create([row for story in stories for row in story.decisions])
    DecisionBasis.objects.bulk_create([base(story, row) for story in stories for row in story.decisions])
    _add_facts(stories, open_rounds, criteria)
    pilots = [story.pilot.pk for story in stories]
    _freshen_statistics()
    keep_facts(pilots, zone=settings.TIME_ZONE)
    keep_judgements(pilots)
    return [happening for story in stories for happening in trace(story)]


def _agree(open_rounds: Sequence[OpenRound]) -> dict[int, list[SuccessCriterion]]:
    """Save contracts and criteria of rounds that are still drafts, with the gaps; return the criteria by round."""
    agreed = [agree(story, row) for story, _, row in open_rounds]
    Contract.objects.bulk_create([contract for contract, _ in agreed])
    SuccessCriterion.objects.bulk_create([criterion for _, criteria in agreed for criterion in criteria])
    pilots = [story.pilot.pk for story, _, _ in open_rounds]
    gaps = {facts.pilot: [gap.code for gap in gaps_of(facts)] for facts in read_gap_facts(pilots)}
    for (contract, _), pilot in zip(agreed, pilots, strict=True):
        contract.gaps_at_start, contract.frozen_on = gaps.get(pilot, []), contract.round.starts_on
    Contract.objects.bulk_update([contract for contract, _ in agreed], ["gaps_at_start", "frozen_on"])
    return {contract.round_id: criteria for contract, criteria in agreed}


def _add_facts(
    stories: Sequence[Story], open_rounds: Sequence[OpenRound], criteria: dict[int, list[SuccessCriterion]]
) -> None:
    """Save what else drift rules ask about, each table once."""
    Measurement.objects.bulk_create(
        [value for story, told, row in open_rounds for value in measure(story, criteria[row.pk], told)]
    )
    shown = [pair for story, _, row in open_rounds for pair in show(story, row)]
    Evidence.objects.bulk_create([piece for piece, _ in shown])
    EvidenceUse.objects.bulk_create([use for _, use in shown])
    Custody.objects.bulk_create([held for story in stories for held in hold(story)])
    Deferral.objects.bulk_create([later for story, told, row in open_rounds for later in put_off(story, told, row)])
    Condition.objects.bulk_create([one for story in stories for one in attach_conditions(story)])
    BusinessCase.objects.bulk_create([case for story in stories if (case := calculate(story))])
    looked = [(story, found) for story, _, row in open_rounds if (found := look_into(story, row))]
    Diagnosis.objects.bulk_create([found for _, found in looked])
    Intervention.objects.bulk_create([one for story, found in looked if (one := act_on(story, found))])


def _decide_all(story: Story, numbers: Numbers) -> None:
    for _, row, outcome, decided in decided_rounds(story):
        number = numbers[story.invented.number, row.number]
        decision = decide(story, row, outcome, decided, number)
        decision.snapshot, decision.snapshot_sha256 = picture(story, row, decision.recorded_at)
        story.decisions.append(decision)


def _freshen_statistics() -> None:
    """Tell the planner how large the tables have become; it would not see it before the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE portfolio_pilot, portfolio_round, portfolio_statusupdate, portfolio_successcriterion, "
            "portfolio_measurement, gates_gatereview, gates_evidence, gates_evidenceuse, gates_custody"
        )
