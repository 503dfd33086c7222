"""The facts of each pilot, read for all pilots in one statement."""

from collections.abc import Collection, Iterator
from dataclasses import replace
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


_SQL = """
SELECT p.id, p.stage, z.zone,
       owner.until, owner.is_active, owner.left_on,
       sponsor.until, sponsor.is_active, sponsor.left_on,
       production.until, production.is_active, production.left_on,
       p.risk_class, p.monthly_cost,
       d.decided_on, d.launch_on, d.timeline, d.risk_class, d.monthly_cost, d.owner_left, d.sponsor_left,
       r.number, r.purpose, r.state, r.starts_on, r.planned_end, r.ended_on, r.decision_due, r.due_basis,
       (u.at AT TIME ZONE z.zone)::date, (a.at AT TIME ZONE z.zone)::date,
       (m.at AT TIME ZONE z.zone)::date,
       (SELECT (max(at) AT TIME ZONE z.zone)::date FROM gates_evidence WHERE pilot_id = p.id AND at >= r.created_at),
       m.unmeasured, m.unbased, r.budget_cap, u.days, u.confidences, u.answered,
       b.text, b.times, (b.at AT TIME ZONE z.zone)::date,
       e.titles, e.untils,
       (SELECT t.gaps FROM portfolio_contract k JOIN portfolio_standing t ON t.pilot_id = p.id
        WHERE k.round_id = r.id AND k.gaps_at_start IS NOT NULL),
       waits.number, waits.holder, waits.state, (waits.at AT TIME ZONE z.zone)::date,
       again.number, (again.at AT TIME ZONE z.zone)::date, again.reason,
       stuck.patterns, (greatest(stuck.at, acts.closed_at) AT TIME ZONE z.zone)::date, acts.helped, acts.text, acts.due,
       duty.text, duty.due, duty.number, duty.met_at IS NOT NULL, later.number, later.since, later.until
FROM portfolio_pilot p
LEFT JOIN gates_committee c ON c.slug = p.committee_slug
CROSS JOIN LATERAL (SELECT coalesce(c.time_zone, %(zone)s) AS zone) z
LEFT JOIN portfolio_round r ON r.pilot_id = p.id AND r.state = ANY(%(undecided)s)
LEFT JOIN LATERAL (
    SELECT max(at) AS at,
           array_agg((at AT TIME ZONE z.zone)::date ORDER BY at DESC, id DESC) AS days,
           array_agg(confidence ORDER BY at DESC, id DESC) AS confidences,
           array_agg(scale_when <> '' ORDER BY at DESC, id DESC) AS answered
    FROM portfolio_statusupdate WHERE round_id = r.id
) u ON true
LEFT JOIN LATERAL (
    SELECT max(s.at) AS at FROM gates_gatereview v JOIN gates_assessment s ON s.review_id = v.id
    WHERE v.round_id = r.id
) a ON true
LEFT JOIN LATERAL (
    SELECT max(e.at) AS at,
           array_agg(e.day) FILTER (WHERE NOT e.measured) AS unmeasured,
           array_agg(e.day) FILTER (WHERE e.measured AND e.baseline IS NULL) AS unbased
    FROM (
        SELECT coalesce(by_day.value::date, r.planned_end, r.decision_due) AS day, based.value AS baseline, v.*
        FROM portfolio_successcriterion t
        CROSS JOIN LATERAL (
            SELECT max(w.at) AS at, coalesce(bool_or(
                NOT w.withdrawn AND NOT EXISTS (SELECT FROM portfolio_measurement l WHERE l.supersedes_id = w.id)
            ), false) AS measured
            FROM portfolio_measurement w WHERE w.criterion_id = t.id
        ) v
        CROSS JOIN LATERAL (
            SELECT n.value FROM (
                SELECT 0 AS number, t.measured_by::text AS value
                UNION ALL
                SELECT number, changes -> 'measured_by' ->> 'new' FROM portfolio_amendment
                WHERE criterion_id = t.id AND changes ? 'measured_by'
            ) n ORDER BY n.number DESC LIMIT 1
        ) by_day
        CROSS JOIN LATERAL (
            SELECT n.value FROM (
                SELECT 0 AS number, t.baseline::text AS value
                UNION ALL
                SELECT number, changes -> 'baseline' ->> 'new' FROM portfolio_amendment
                WHERE criterion_id = t.id AND changes ? 'baseline'
            ) n ORDER BY n.number DESC LIMIT 1
        ) based
        WHERE t.round_id = r.id
          AND NOT EXISTS (SELECT FROM portfolio_amendment WHERE criterion_id = t.id AND kind = 'withdrawn')
    ) e
) m ON true
LEFT JOIN LATERAL (
    SELECT s.until, w.is_active, w.left_on
    FROM portfolio_assignment s JOIN accounts_user w ON w.id = s.person_id
    WHERE s.pilot_id = p.id AND s.part = %(owner)s ORDER BY s.until DESC NULLS FIRST, s.id DESC LIMIT 1
) owner ON true
LEFT JOIN LATERAL (
    SELECT s.until, w.is_active, w.left_on
    FROM portfolio_assignment s JOIN accounts_user w ON w.id = s.person_id
    WHERE s.pilot_id = p.id AND s.part = %(sponsor)s ORDER BY s.until DESC NULLS FIRST, s.id DESC LIMIT 1
) sponsor ON true
LEFT JOIN LATERAL (
    SELECT s.until, w.is_active, w.left_on
    FROM portfolio_assignment s JOIN accounts_user w ON w.id = s.person_id
    WHERE s.pilot_id = p.id AND s.part = %(production)s ORDER BY s.until DESC NULLS FIRST, s.id DESC LIMIT 1
) production ON true
LEFT JOIN LATERAL (
    SELECT n.decided_on, n.launch_on, t.risk_class, t.monthly_cost,
           NOT then_owner.is_active AS owner_left, NOT then_sponsor.is_active AS sponsor_left,
           (SELECT timeline_class FROM portfolio_businesscase
            WHERE pilot_id = p.id AND state = 'submitted' ORDER BY number DESC LIMIT 1) AS timeline
    FROM portfolio_round o
    JOIN gates_decision n ON n.round_id = o.id
    LEFT JOIN gates_decisionbasis t ON t.decision_id = n.id
    LEFT JOIN accounts_user then_owner ON then_owner.id = t.owner_id
    LEFT JOIN accounts_user then_sponsor ON then_sponsor.id = t.sponsor_id
    WHERE o.pilot_id = p.id AND NOT EXISTS (SELECT FROM gates_decision WHERE supersedes_id = n.id)
    ORDER BY o.number DESC LIMIT 1
) d ON p.stage = ANY(%(carried_out)s)
LEFT JOIN LATERAL (
    SELECT k.text, count(*) AS times, min(w.at) AS at
    FROM portfolio_blocker k
    JOIN portfolio_blockerreport o ON o.blocker_id = k.id
    JOIN portfolio_statusupdate w ON w.id = o.update_id
    WHERE k.pilot_id = p.id AND k.closed_by_id IS NULL
    GROUP BY k.id ORDER BY times DESC, k.id LIMIT 1
) b ON true
LEFT JOIN LATERAL (
    SELECT array_agg(aging.title ORDER BY aging.until, aging.id) AS titles,
           array_agg(aging.until ORDER BY aging.until, aging.id) AS untils
    FROM (
        SELECT piece.id, piece.title, min(least(piece.valid_until, CASE WHEN criterion.evidence_valid_days > 0
               THEN (piece.at AT TIME ZONE z.zone)::date + criterion.evidence_valid_days END)) AS until
        FROM (
            SELECT DISTINCT ON (evidence_id, criterion_id) evidence_id, criterion_id, change
            FROM gates_evidenceuse WHERE round_id = r.id ORDER BY evidence_id, criterion_id, id DESC
        ) AS use
        JOIN gates_evidence piece ON piece.id = use.evidence_id
        JOIN gates_criterion criterion ON criterion.id = use.criterion_id
        WHERE use.change = 'begun'
          AND NOT EXISTS (SELECT 1 FROM gates_withdrawal WHERE evidence_id = piece.id)
          AND NOT EXISTS (SELECT 1 FROM gates_evidence WHERE supersedes_id = piece.id)
        GROUP BY piece.id
    ) AS aging
    WHERE aging.until IS NOT NULL
) e ON true
LEFT JOIN LATERAL (
    SELECT id FROM portfolio_round WHERE pilot_id = p.id ORDER BY number DESC LIMIT 1
) latest ON latest.id = r.id OR p.stage = 'scaling'
LEFT JOIN LATERAL (
    SELECT g.number, h.holder, v.state, greatest(
        h.since,
        (SELECT max(at) FROM gates_assessment WHERE review_id = v.id),
        (SELECT max(at) FROM gates_claim WHERE review_id = v.id),
        (SELECT max(at) FROM gates_comment WHERE review_id = v.id)
    ) AS at
    FROM gates_gatereview v JOIN gates_gate g ON g.id = v.gate_id
    JOIN gates_custody h ON h.review_id = v.id AND h.until IS NULL
    WHERE v.round_id = latest.id AND v.state IN ('in_review', 'returned')
    ORDER BY at, g.number LIMIT 1
) waits ON true
LEFT JOIN LATERAL (
    SELECT g.number, h.since AS at, h.reason
    FROM gates_gatereview v JOIN gates_gate g ON g.id = v.gate_id
    JOIN gates_custody h ON h.review_id = v.id AND h.until IS NULL
    WHERE v.round_id = latest.id AND v.state = 'reopened'
    ORDER BY h.since, g.number LIMIT 1
) again ON true
LEFT JOIN LATERAL (
    SELECT patterns, at FROM portfolio_diagnosis WHERE pilot_id = p.id ORDER BY id DESC LIMIT 1
) stuck ON true
LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT pattern) FILTER (WHERE state = 'open') AS helped,
           (array_agg(text ORDER BY due, id) FILTER (WHERE state = 'open'))[1] AS text,
           min(due) FILTER (WHERE state = 'open') AS due, max(closed_at) AS closed_at
    FROM portfolio_intervention WHERE pilot_id = p.id
) acts ON stuck.at IS NOT NULL
LEFT JOIN LATERAL (
    SELECT c.text, c.due, coalesce(n.number, '') AS number, c.met_at
    FROM portfolio_round o
    LEFT JOIN gates_decision n ON n.round_id = o.id
    LEFT JOIN gates_gatereview v ON v.round_id = o.id AND p.stage NOT IN ('stopped', 'retired')
        AND NOT EXISTS (SELECT FROM portfolio_round WHERE pilot_id = p.id AND number > o.number)
    JOIN gates_condition c ON c.decision_id = n.id OR c.review_id = v.id
    WHERE o.pilot_id = p.id AND c.waived_at IS NULL
      AND (c.met_at IS NULL OR (c.decision_id IS NOT NULL AND c.accepted_at IS NULL))
    ORDER BY c.due, c.id LIMIT 1
) duty ON true
LEFT JOIN LATERAL (
    SELECT number, since, until FROM gates_deferral WHERE round_id = r.id ORDER BY number DESC LIMIT 1
) later ON true
WHERE %(everything)s OR p.id = ANY(%(pilots)s::bigint[])
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
    return replace(
        RoundFacts(*plain),
        # A criterion of a round that nobody planned an end or a decision for has no day.
        unmeasured=tuple(sorted(day for day in unmeasured or () if day)),
        unbased=tuple(sorted(day for day in unbased or () if day)),
        budget_cap=cap,
        updates=tuple(map(UpdateFacts, days or (), confidences or (), answered or ())),
    )


def _holder(until: date | None, is_active: bool | None, left_on: date | None) -> Holder:  # noqa: FBT001  columns of a row
    if is_active is None:
        return Holder()
    if until is not None:
        return Holder(gone_on=until)
    return Holder(named=True) if is_active else Holder(named=True, left=True, gone_on=left_on)
