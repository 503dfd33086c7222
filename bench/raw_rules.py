# ruff: noqa: S608  there is nobody here who could slip anything in
"""The drift rules as somebody would write them by hand in SQL, one statement each, with their shipped thresholds.

For synthetic portfolios: one time zone, no amendments, nothing withdrawn. `test_bench_scan` holds them against what the
product finds, and its time against theirs.
"""

UNDECIDED = "r.state IN ('running', 'awaiting_decision')"
ENDED = "('stopped', 'retired')"
LAST_ROUND = """
    v.round_id = (SELECT id FROM portfolio_round o WHERE o.pilot_id = p.id ORDER BY number DESC LIMIT 1)
    AND (p.stage = 'scaling' OR EXISTS (SELECT FROM portfolio_round r WHERE r.id = v.round_id AND {UNDECIDED}))
""".replace("{UNDECIDED}", UNDECIDED)
ROUNDS = f"FROM portfolio_round r JOIN portfolio_pilot p ON p.id = r.pilot_id WHERE {UNDECIDED} AND "


def empty(part: str) -> str:
    """Nobody who is here holds the part; of a draft, only where somebody who held it has left."""
    held = f"SELECT FROM portfolio_assignment a JOIN accounts_user u ON u.id = a.person_id WHERE a.pilot_id = p.id AND a.part = '{part}' AND a.until IS NULL"  # noqa: E501
    return f"(NOT EXISTS ({held} AND u.is_active) AND (p.stage <> 'draft' OR EXISTS ({held})))"


LEFT = """EXISTS (SELECT FROM portfolio_assignment a JOIN accounts_user u ON u.id = a.person_id
    WHERE a.pilot_id = p.id AND a.part = 'production_owner' AND a.until IS NULL AND NOT u.is_active)"""

#: Of each rule the pilots on which it finds something; parameters: day, zone.
RAW = {
    "decision-overdue": f"SELECT p.id {ROUNDS} r.decision_due < %(day)s",
    "not-asked": f"""SELECT p.id {ROUNDS} r.state = 'running' AND r.purpose <> 'research'
        AND coalesce(r.ended_on, r.planned_end) <= %(day)s - 7""",
    "silent": f"""SELECT p.id {ROUNDS} greatest(r.starts_on, r.ended_on,
        (SELECT (max(at) AT TIME ZONE %(zone)s)::date FROM portfolio_statusupdate WHERE round_id = r.id),
        (SELECT (max(s.at) AT TIME ZONE %(zone)s)::date FROM gates_assessment s
         JOIN gates_gatereview v ON v.id = s.review_id WHERE v.round_id = r.id),
        (SELECT (max(m.at) AT TIME ZONE %(zone)s)::date FROM portfolio_measurement m
         JOIN portfolio_successcriterion c ON c.id = m.criterion_id WHERE c.round_id = r.id),
        (SELECT (max(at) AT TIME ZONE %(zone)s)::date FROM gates_evidence
         WHERE pilot_id = p.id AND at >= r.created_at)) <= %(day)s - 30""",
    "not-measured": f"""SELECT DISTINCT p.id FROM portfolio_successcriterion c
        JOIN portfolio_round r ON r.id = c.round_id JOIN portfolio_pilot p ON p.id = r.pilot_id
        WHERE {UNDECIDED} AND coalesce(c.measured_by, r.planned_end, r.decision_due) <= %(day)s - 7
        AND (c.baseline IS NULL OR NOT EXISTS (SELECT FROM portfolio_measurement m WHERE m.criterion_id = c.id))""",
    "no-owner": f"""SELECT p.id FROM portfolio_pilot p WHERE p.stage NOT IN {ENDED}
        AND ({empty("business_owner")} OR {empty("executive_sponsor")}
             OR ((p.stage = 'scaling' OR {LEFT}) AND {empty("production_owner")}))""",
    "blocker-repeats": f"""SELECT DISTINCT p.id FROM portfolio_blocker b JOIN portfolio_pilot p ON p.id = b.pilot_id
        WHERE b.closed_by_id IS NULL AND p.stage NOT IN {ENDED}
        AND (SELECT count(*) FROM portfolio_blockerreport o WHERE o.blocker_id = b.id) >= 3""",
    "evidence-expired": f"""SELECT DISTINCT p.id FROM gates_evidenceuse u
        JOIN gates_evidence e ON e.id = u.evidence_id JOIN gates_criterion c ON c.id = u.criterion_id
        JOIN portfolio_round r ON r.id = u.round_id JOIN portfolio_pilot p ON p.id = r.pilot_id
        WHERE {UNDECIDED} AND u.change = 'begun' AND least(e.valid_until, CASE WHEN c.evidence_valid_days > 0
              THEN (e.at AT TIME ZONE %(zone)s)::date + c.evidence_valid_days END) < %(day)s""",
    "review-untouched": f"""SELECT DISTINCT p.id FROM portfolio_pilot p JOIN portfolio_round o ON o.pilot_id = p.id
        JOIN gates_gatereview v ON v.round_id = o.id
        JOIN gates_custody h ON h.review_id = v.id AND h.until IS NULL
        WHERE v.state IN ('in_review', 'returned') AND {LAST_ROUND} AND (greatest(h.since,
            (SELECT max(at) FROM gates_assessment WHERE review_id = v.id),
            (SELECT max(at) FROM gates_claim WHERE review_id = v.id),
            (SELECT max(at) FROM gates_comment WHERE review_id = v.id)) AT TIME ZONE %(zone)s)::date <= %(day)s - 14""",
    "gate-reopened": f"""SELECT DISTINCT p.id FROM portfolio_pilot p JOIN portfolio_round o ON o.pilot_id = p.id
        JOIN gates_gatereview v ON v.round_id = o.id
        JOIN gates_custody h ON h.review_id = v.id AND h.until IS NULL
        WHERE v.state = 'reopened' AND {LAST_ROUND}""",
    "research-over-cap": f"""SELECT p.id {ROUNDS} r.purpose = 'research' AND p.monthly_cost > 0
        AND %(day)s - r.starts_on >= ceil(r.budget_cap / (p.monthly_cost * 12 / 365))""",
    "launch-late": """SELECT p.id FROM portfolio_pilot p JOIN portfolio_round o ON o.pilot_id = p.id
        JOIN gates_decision d ON d.round_id = o.id
        LEFT JOIN LATERAL (SELECT timeline_class AS class FROM portfolio_businesscase
            WHERE pilot_id = p.id AND state = 'submitted' ORDER BY number DESC LIMIT 1) k ON true
        WHERE p.stage = 'scaling' AND o.number = (SELECT max(x.number) FROM portfolio_round x
            JOIN gates_decision y ON y.round_id = x.id WHERE x.pilot_id = p.id)
        AND CASE WHEN k.class IS NULL AND d.launch_on IS NOT NULL THEN d.launch_on
            ELSE (d.decided_on + make_interval(months =>
                CASE k.class WHEN 'best' THEN 3 WHEN 'typical' THEN 6 ELSE 12 END))::date END < %(day)s""",
    "basis-changed": """SELECT p.id FROM portfolio_pilot p JOIN portfolio_round o ON o.pilot_id = p.id
        JOIN gates_decision d ON d.round_id = o.id JOIN gates_decisionbasis b ON b.decision_id = d.id
        LEFT JOIN accounts_user w ON w.id = b.owner_id LEFT JOIN accounts_user s ON s.id = b.sponsor_id
        WHERE p.stage IN ('scaling', 'in_production', 'research')
        AND o.number = (SELECT max(x.number) FROM portfolio_round x
            JOIN gates_decision y ON y.round_id = x.id WHERE x.pilot_id = p.id)
        AND ((p.stage <> 'in_production' AND (NOT w.is_active OR NOT s.is_active)) OR p.risk_class <> b.risk_class
             OR (b.monthly_cost > 0 AND p.monthly_cost > b.monthly_cost * 1.25))""",
    "in-doubt": f"""SELECT p.id {ROUNDS} (SELECT count(*) FILTER (WHERE confidence = 'in_doubt') FROM (
        SELECT confidence FROM portfolio_statusupdate WHERE round_id = r.id
        ORDER BY at DESC, id DESC LIMIT 2) u) = 2""",
    "scale-unanswered": f"""SELECT p.id {ROUNDS} r.purpose <> 'research'
        AND (SELECT count(*) FILTER (WHERE confidence <> '' AND scale_when = '') FROM (SELECT confidence, scale_when
             FROM portfolio_statusupdate WHERE round_id = r.id ORDER BY at DESC, id DESC LIMIT 3) u) = 3""",
    "stuck-unhelped": f"""SELECT p.id FROM portfolio_pilot p JOIN LATERAL (SELECT patterns, at FROM portfolio_diagnosis
            WHERE pilot_id = p.id ORDER BY id DESC LIMIT 1) d ON true
        CROSS JOIN LATERAL (SELECT count(DISTINCT pattern) FILTER (WHERE state = 'open' AND pattern = ANY(d.patterns))
            AS helped, max(closed_at) AS closed FROM portfolio_intervention WHERE pilot_id = p.id) i
        WHERE p.stage NOT IN {ENDED} AND (greatest(d.at, i.closed) AT TIME ZONE %(zone)s)::date <= %(day)s - 7
        AND i.helped <= 1 AND i.helped < cardinality(d.patterns)""",
    "condition-overdue": f"""SELECT DISTINCT p.id FROM gates_condition c
        LEFT JOIN gates_decision d ON d.id = c.decision_id LEFT JOIN gates_gatereview v ON v.id = c.review_id
        JOIN portfolio_round o ON o.id = coalesce(d.round_id, v.round_id) JOIN portfolio_pilot p ON p.id = o.pilot_id
        WHERE c.waived_at IS NULL AND (c.met_at IS NULL OR (c.decision_id IS NOT NULL AND c.accepted_at IS NULL))
        AND c.due < %(day)s AND p.stage NOT IN {ENDED}""",
    "deferral-over": f"""SELECT p.id {ROUNDS} EXISTS (SELECT FROM (SELECT number, until FROM gates_deferral
        WHERE round_id = r.id ORDER BY number DESC LIMIT 1) f WHERE f.number >= 3 OR f.until <= %(day)s)""",
    "intervention-late": f"""SELECT DISTINCT p.id FROM portfolio_intervention i
        JOIN portfolio_pilot p ON p.id = i.pilot_id
        WHERE i.state = 'open' AND i.due <= %(day)s - 3 AND p.stage NOT IN {ENDED}""",
}
#: The gaps of contracts: one rule each, one statement for all of them.
RAW_GAPS = f"""SELECT p.id, 'gap-' || replace(g.code, '_', '-') FROM portfolio_standing t
    JOIN portfolio_pilot p ON p.id = t.pilot_id JOIN portfolio_round r ON r.pilot_id = p.id AND {UNDECIDED}
    JOIN portfolio_contract k ON k.round_id = r.id AND k.gaps_at_start IS NOT NULL
    CROSS JOIN LATERAL unnest(t.gaps) AS g (code)
    WHERE g.code NOT IN ('owner', 'sponsor', 'window') AND r.starts_on <= %(day)s"""
