"""The facts of each pilot, read for all pilots in one statement."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from gates.rules.fact_types import (
    BlockerFacts,
    ConditionFacts,
    DecidedFacts,
    DeferralFacts,
    EvidenceFacts,
    Holder,
    PilotFacts,
    ReopenedFacts,
    ReviewFacts,
    RoundFacts,
    StuckFacts,
    UpdateFacts,
)
from portfolio.states import UNDECIDED_ROUND_STATES, Part, Stage

__all__ = [
    "BATCH", "CARRIED_OUT", "BlockerFacts", "ConditionFacts", "DecidedFacts", "DeferralFacts", "EvidenceFacts",
    "Holder", "PilotFacts", "ReopenedFacts", "ReviewFacts", "RoundFacts", "StuckFacts", "UpdateFacts", "read_facts",
]  # fmt: skip

#: Stages in which a decision is being carried out.
CARRIED_OUT = (Stage.SCALING, Stage.IN_PRODUCTION, Stage.RESEARCH)
#: Rows held in memory at a time; the rest stays with the server.
BATCH = 2000
#: Most parts are held by somebody who is here, or by nobody.
_THERE, _NOBODY = Holder(named=True), Holder()

_SQL = """
WITH chosen AS MATERIALIZED (
    SELECT p.id, p.stage, p.risk_class, p.monthly_cost, coalesce(c.time_zone, %(zone)s) AS zone,
           r.id AS round_id, r.created_at AS round_made_at, r.number, r.purpose, r.state, r.starts_on, r.planned_end,
           r.ended_on, r.decision_due, r.due_basis, r.budget_cap, latest.id AS last_round_id,
           CASE WHEN latest.id = r.id OR p.stage = 'scaling' THEN latest.id END AS reviewed_round_id
    FROM portfolio_pilot p
    LEFT JOIN gates_committee c ON c.slug = p.committee_slug
    LEFT JOIN portfolio_round r ON r.pilot_id = p.id AND r.state = ANY(%(undecided)s)
    LEFT JOIN LATERAL (
        SELECT id FROM portfolio_round WHERE pilot_id = p.id ORDER BY number DESC LIMIT 1
    ) latest ON true
    WHERE %(everything)s OR p.id = ANY(%(pilots)s::bigint[])
), holder AS (
    -- Of each part who holds it now, or held it last.
    SELECT DISTINCT ON (s.pilot_id, s.part) s.pilot_id, s.part, s.until, w.is_active, w.left_on
    FROM chosen c
    JOIN portfolio_assignment s ON s.pilot_id = c.id AND s.part = ANY(%(parts)s)
    JOIN accounts_user w ON w.id = s.person_id
    ORDER BY s.pilot_id, s.part, s.until DESC NULLS FIRST, s.id DESC
), told AS (
    SELECT c.id AS pilot_id, max(s.at) AS at,
           array_agg((s.at AT TIME ZONE c.zone)::date ORDER BY s.at DESC, s.id DESC) AS days,
           array_agg(s.confidence ORDER BY s.at DESC, s.id DESC) AS confidences,
           array_agg(s.scale_when <> '' ORDER BY s.at DESC, s.id DESC) AS answered
    FROM chosen c JOIN portfolio_statusupdate s ON s.round_id = c.round_id
    GROUP BY c.id
), assessed AS (
    SELECT c.id AS pilot_id, max(s.at) AS at
    FROM chosen c
    JOIN gates_gatereview v ON v.round_id = c.round_id
    JOIN gates_assessment s ON s.review_id = v.id
    GROUP BY c.id
), shown AS (
    SELECT c.id AS pilot_id, max(e.at) AS at
    FROM chosen c JOIN gates_evidence e ON e.pilot_id = c.id AND e.at >= c.round_made_at
    GROUP BY c.id
), criterion AS (
    SELECT c.id AS pilot_id, t.id, t.measured_by, t.baseline IS NOT NULL AS based,
           coalesce(c.planned_end, c.decision_due) AS otherwise_by
    FROM chosen c JOIN portfolio_successcriterion t ON t.round_id = c.round_id
    WHERE NOT EXISTS (SELECT FROM portfolio_amendment WHERE criterion_id = t.id AND kind = 'withdrawn')
), moved AS (
    SELECT DISTINCT ON (criterion_id) criterion_id, (changes -> 'measured_by' ->> 'new')::date AS measured_by
    FROM portfolio_amendment WHERE changes ? 'measured_by' ORDER BY criterion_id, number DESC
), rebased AS (
    SELECT DISTINCT ON (criterion_id) criterion_id, (changes -> 'baseline' ->> 'new') IS NOT NULL AS based
    FROM portfolio_amendment WHERE changes ? 'baseline' ORDER BY criterion_id, number DESC
), valued AS (
    SELECT w.criterion_id, max(w.at) AS at, bool_or(NOT w.withdrawn AND corrected.id IS NULL) AS measured
    FROM criterion t
    JOIN portfolio_measurement w ON w.criterion_id = t.id
    LEFT JOIN portfolio_measurement corrected ON corrected.supersedes_id = w.id
    GROUP BY w.criterion_id
), measured AS (
    SELECT t.pilot_id, max(v.at) AS at,
           array_agg(coalesce(CASE WHEN m.criterion_id IS NULL THEN t.measured_by ELSE m.measured_by END,
                              t.otherwise_by)) FILTER (WHERE v.measured IS NOT TRUE) AS unmeasured,
           array_agg(coalesce(CASE WHEN m.criterion_id IS NULL THEN t.measured_by ELSE m.measured_by END,
                              t.otherwise_by)) FILTER (WHERE v.measured AND NOT coalesce(b.based, t.based)) AS unbased
    FROM criterion t
    LEFT JOIN valued v ON v.criterion_id = t.id
    LEFT JOIN moved m ON m.criterion_id = t.id
    LEFT JOIN rebased b ON b.criterion_id = t.id
    GROUP BY t.pilot_id
), launching AS (
    SELECT DISTINCT ON (k.pilot_id) k.pilot_id, k.timeline_class
    FROM chosen c JOIN portfolio_businesscase k ON k.pilot_id = c.id
    WHERE c.stage = ANY(%(carried_out)s) AND k.state = 'submitted'
    ORDER BY k.pilot_id, k.number DESC
), decided AS (
    -- Of the round that was decided last the newest decision: each supersedes the one before it.
    SELECT DISTINCT ON (c.id) c.id AS pilot_id, n.decided_on, n.launch_on, k.timeline_class, t.risk_class,
           t.monthly_cost, NOT then_owner.is_active AS owner_left, NOT then_sponsor.is_active AS sponsor_left
    FROM chosen c
    JOIN portfolio_round o ON o.pilot_id = c.id
    JOIN gates_decision n ON n.round_id = o.id
    LEFT JOIN launching k ON k.pilot_id = c.id
    LEFT JOIN gates_decisionbasis t ON t.decision_id = n.id
    LEFT JOIN accounts_user then_owner ON then_owner.id = t.owner_id
    LEFT JOIN accounts_user then_sponsor ON then_sponsor.id = t.sponsor_id
    WHERE c.stage = ANY(%(carried_out)s)
    ORDER BY c.id, o.number DESC, n.id DESC
), repeated AS (
    SELECT k.id, k.pilot_id, k.text, count(*) AS times, min((w.at AT TIME ZONE c.zone)::date) AS since
    FROM chosen c
    JOIN portfolio_blocker k ON k.pilot_id = c.id AND k.closed_by_id IS NULL
    JOIN portfolio_blockerreport o ON o.blocker_id = k.id
    JOIN portfolio_statusupdate w ON w.id = o.update_id
    GROUP BY k.id
), blocked AS (
    SELECT DISTINCT ON (pilot_id) pilot_id, text, times, since FROM repeated ORDER BY pilot_id, times DESC, id
), used AS (
    SELECT DISTINCT ON (c.id, u.evidence_id, u.criterion_id) c.id AS pilot_id, c.zone,
           u.evidence_id, u.criterion_id, u.change
    FROM chosen c JOIN gates_evidenceuse u ON u.round_id = c.round_id
    ORDER BY c.id, u.evidence_id, u.criterion_id, u.id DESC
), aging AS (
    SELECT u.pilot_id, piece.id, piece.title, min(least(piece.valid_until, CASE WHEN k.evidence_valid_days > 0
           THEN (piece.at AT TIME ZONE u.zone)::date + k.evidence_valid_days END)) AS until
    FROM used u
    JOIN gates_evidence piece ON piece.id = u.evidence_id
    JOIN gates_criterion k ON k.id = u.criterion_id
    WHERE u.change = 'begun'
      AND piece.id NOT IN (SELECT evidence_id FROM gates_withdrawal)
      AND piece.id NOT IN (SELECT supersedes_id FROM gates_evidence WHERE supersedes_id IS NOT NULL)
    GROUP BY u.pilot_id, piece.id
), aged AS (
    SELECT pilot_id, array_agg(title ORDER BY until, id) AS titles, array_agg(until ORDER BY until, id) AS untils
    FROM aging WHERE until IS NOT NULL GROUP BY pilot_id
), agreed AS (
    SELECT c.id AS pilot_id, t.gaps
    FROM chosen c
    JOIN portfolio_contract k ON k.round_id = c.round_id AND k.gaps_at_start IS NOT NULL
    JOIN portfolio_standing t ON t.pilot_id = c.id
), held AS (
    SELECT c.id AS pilot_id, c.zone, v.id AS review_id, v.state, g.number, h.holder, h.since, h.reason
    FROM chosen c
    JOIN gates_gatereview v ON v.round_id = c.reviewed_round_id AND v.state IN ('in_review', 'returned', 'reopened')
    JOIN gates_gate g ON g.id = v.gate_id
    JOIN gates_custody h ON h.review_id = v.id AND h.until IS NULL
), waits AS (
    SELECT DISTINCT ON (pilot_id) pilot_id, number, holder, state, (touched.at AT TIME ZONE zone)::date AS day
    FROM held CROSS JOIN LATERAL (SELECT greatest(
        since,
        (SELECT max(at) FROM gates_assessment WHERE review_id = held.review_id),
        (SELECT max(at) FROM gates_claim WHERE review_id = held.review_id),
        (SELECT max(at) FROM gates_comment WHERE review_id = held.review_id)
    ) AS at) touched
    WHERE state <> 'reopened'
    ORDER BY pilot_id, touched.at, number
), again AS (
    SELECT DISTINCT ON (pilot_id) pilot_id, number, (since AT TIME ZONE zone)::date AS day, reason
    FROM held WHERE state = 'reopened' ORDER BY pilot_id, since, number
), diagnosed AS (
    SELECT DISTINCT ON (c.id) c.id AS pilot_id, c.zone, d.patterns, d.at
    FROM chosen c JOIN portfolio_diagnosis d ON d.pilot_id = c.id
    ORDER BY c.id, d.id DESC
), stuck AS (
    SELECT d.pilot_id, d.patterns, (greatest(d.at, max(i.closed_at)) AT TIME ZONE d.zone)::date AS since,
           array_agg(DISTINCT i.pattern) FILTER (WHERE i.state = 'open') AS helped,
           (array_agg(i.text ORDER BY i.due, i.id) FILTER (WHERE i.state = 'open'))[1] AS action,
           min(i.due) FILTER (WHERE i.state = 'open') AS due
    FROM diagnosed d LEFT JOIN portfolio_intervention i ON i.pilot_id = d.pilot_id
    GROUP BY d.pilot_id, d.zone, d.patterns, d.at
), duty AS (
    SELECT DISTINCT ON (c.id) c.id AS pilot_id, k.text, k.due, coalesce(n.number, '') AS number,
           k.met_at IS NOT NULL AS awaits
    FROM gates_condition k
    LEFT JOIN gates_decision n ON n.id = k.decision_id
    LEFT JOIN gates_gatereview v ON v.id = k.review_id
    JOIN portfolio_round o ON o.id = coalesce(n.round_id, v.round_id)
    JOIN chosen c ON c.id = o.pilot_id
    WHERE k.waived_at IS NULL AND (k.met_at IS NULL OR (n.id IS NOT NULL AND k.accepted_at IS NULL))
      AND (n.id IS NOT NULL OR (o.id = c.last_round_id AND c.stage NOT IN ('stopped', 'retired')))
    ORDER BY c.id, k.due, k.id
), put_off AS (
    SELECT DISTINCT ON (c.id) c.id AS pilot_id, f.number, f.since, f.until
    FROM chosen c JOIN gates_deferral f ON f.round_id = c.round_id
    ORDER BY c.id, f.number DESC
)
SELECT c.id, c.stage, c.zone,
       owner.until, owner.is_active, owner.left_on,
       sponsor.until, sponsor.is_active, sponsor.left_on,
       production.until, production.is_active, production.left_on,
       c.risk_class, c.monthly_cost,
       decided.decided_on, decided.launch_on, decided.timeline_class, decided.risk_class, decided.monthly_cost,
       decided.owner_left, decided.sponsor_left,
       c.number, c.purpose, c.state, c.starts_on, c.planned_end, c.ended_on, c.decision_due, c.due_basis,
       (told.at AT TIME ZONE c.zone)::date, (assessed.at AT TIME ZONE c.zone)::date,
       (measured.at AT TIME ZONE c.zone)::date, (shown.at AT TIME ZONE c.zone)::date,
       measured.unmeasured, measured.unbased, c.budget_cap, told.days, told.confidences, told.answered,
       blocked.text, blocked.times, blocked.since,
       aged.titles, aged.untils,
       agreed.gaps,
       waits.number, waits.holder, waits.state, waits.day,
       again.number, again.day, again.reason,
       stuck.patterns, stuck.since, stuck.helped, stuck.action, stuck.due,
       duty.text, duty.due, duty.number, duty.awaits,
       put_off.number, put_off.since, put_off.until
FROM chosen c
LEFT JOIN holder owner ON owner.pilot_id = c.id AND owner.part = %(owner)s
LEFT JOIN holder sponsor ON sponsor.pilot_id = c.id AND sponsor.part = %(sponsor)s
LEFT JOIN holder production ON production.pilot_id = c.id AND production.part = %(production)s
LEFT JOIN told ON told.pilot_id = c.id
LEFT JOIN assessed ON assessed.pilot_id = c.id
LEFT JOIN shown ON shown.pilot_id = c.id
LEFT JOIN measured ON measured.pilot_id = c.id
LEFT JOIN decided ON decided.pilot_id = c.id
LEFT JOIN blocked ON blocked.pilot_id = c.id
LEFT JOIN aged ON aged.pilot_id = c.id
LEFT JOIN agreed ON agreed.pilot_id = c.id
LEFT JOIN waits ON waits.pilot_id = c.id
LEFT JOIN again ON again.pilot_id = c.id
LEFT JOIN stuck ON stuck.pilot_id = c.id
LEFT JOIN duty ON duty.pilot_id = c.id
LEFT JOIN put_off ON put_off.pilot_id = c.id
"""


def read_facts(pilots: Collection[int] | None) -> Iterator[PilotFacts]:
    """Yield the facts of `pilots` (None: all), in one statement and a batch at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "zone": settings.TIME_ZONE,
                "undecided": [state.value for state in UNDECIDED_ROUND_STATES],
                "owner": Part.BUSINESS_OWNER.value,
                "sponsor": Part.EXECUTIVE_SPONSOR.value,
                "production": Part.PRODUCTION_OWNER.value,
                "parts": [part.value for part in (Part.BUSINESS_OWNER, Part.EXECUTIVE_SPONSOR, Part.PRODUCTION_OWNER)],
                "carried_out": [stage.value for stage in CARRIED_OUT],
                "everything": pilots is None,
                "pilots": list(pilots or ()),
            },
        )
        while rows := cursor.fetchmany(BATCH):
            yield from map(_facts, rows)


def _facts(row: tuple[Any, ...]) -> PilotFacts:
    pilot, stage, zone, *rest = row
    *rest, duty, duty_on, decision, awaits, number, put_off_on, put_off_until = rest
    *rest, patterns, stuck_since, helped, action, due = rest
    *rest, gate, holder, state, touched_on, again, again_on, again_for = rest
    *rest, gaps = rest
    *rest, titles, untils = rest
    *rest, text, times, since = rest
    return PilotFacts(
        pilot=pilot,
        stage=stage,
        zone=zone,
        owner=_holder(*rest[0:3]),
        sponsor=_holder(*rest[3:6]),
        production_owner=_holder(*rest[6:9]),
        risk_class=rest[9],
        monthly_cost=rest[10],
        decided=None if rest[11] is None else _decided(*rest[11:18]),
        undecided=None if rest[18] is None else _round(*rest[18:]),
        blocker=None if text is None else BlockerFacts(text, times, since),
        evidence=tuple(map(EvidenceFacts, titles or (), untils or ())),
        gaps=frozenset(gaps or ()),
        review=None if gate is None else ReviewFacts(gate, holder, state, touched_on),
        reopened=None if again is None else ReopenedFacts(again, again_on, again_for),
        stuck=None
        if patterns is None
        else StuckFacts(tuple(patterns), stuck_since, frozenset(helped or ()), action or "", due),
        condition=None if duty is None else ConditionFacts(duty, duty_on, decision, awaits),
        deferral=None if number is None else DeferralFacts(number, put_off_on, put_off_until),
    )


def _decided(*columns: Any) -> DecidedFacts:
    decided_on, launch_on, timeline, risk, cost, owner_left, sponsor_left = columns
    return DecidedFacts(
        decided_on, launch_on, timeline or "", risk or "", cost, owner_left is True, sponsor_left is True
    )


def _round(*columns: Any) -> RoundFacts:
    *plain, unmeasured, unbased, cap, days, confidences, answered = columns
    updates = tuple(map(UpdateFacts, days, confidences, answered)) if days else ()
    return RoundFacts(*[*plain, _days(unmeasured), _days(unbased), cap, updates])


def _days(days: list[date | None] | None) -> tuple[date, ...]:
    """In order; a criterion of a round that nobody planned an end or a decision for has none."""
    return tuple(sorted(day for day in days if day)) if days else ()


def _holder(until: date | None, is_active: bool | None, left_on: date | None) -> Holder:  # noqa: FBT001  columns of a row
    if is_active is None:
        return _NOBODY
    if until is not None:
        return Holder(gone_on=until)
    return _THERE if is_active else Holder(named=True, left=True, gone_on=left_on)
