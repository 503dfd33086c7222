"""Keeping `Standing` true to the judgements of this room: lamps, flags, last outcome."""

from collections.abc import Collection

from django.db import connection

from portfolio.standing import put_off

_SQL = """
WITH wanted AS (
    SELECT p.id AS pilot_id,
           lamps.states AS lamps,
           coalesce(flags.total, 0) AS open_flags, flags.worst AS worst_severity,
           coalesce(decision.outcome, '') AS last_outcome, decision.decided_on AS last_decided_on
    FROM portfolio_pilot p
    LEFT JOIN LATERAL (
        SELECT id FROM portfolio_round WHERE pilot_id = p.id ORDER BY number DESC LIMIT 1
    ) latest ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(coalesce(v.state, 'not_started')::varchar ORDER BY n) AS states
        FROM generate_series(1, 6) n
        LEFT JOIN (
            SELECT g.number, v.state FROM gates_gatereview v JOIN gates_gate g ON g.id = v.gate_id
            WHERE v.round_id = latest.id
        ) v ON v.number = n
    ) lamps ON true
    LEFT JOIN LATERAL (
        SELECT count(*) AS total, max(severity) AS worst
        FROM gates_flag WHERE pilot_id = p.id AND closed_on IS NULL
    ) flags ON true
    LEFT JOIN LATERAL (
        SELECT d.outcome, d.decided_on
        FROM gates_decision d JOIN portfolio_round r ON r.id = d.round_id
        WHERE r.pilot_id = p.id
          AND NOT EXISTS (SELECT 1 FROM gates_decision later WHERE later.supersedes_id = d.id)
        ORDER BY r.number DESC LIMIT 1
    ) decision ON true
    WHERE %(everything)s OR p.id = ANY(%(pilots)s)
)
UPDATE portfolio_standing s
SET lamps = w.lamps, open_flags = w.open_flags, worst_severity = w.worst_severity,
    last_outcome = w.last_outcome, last_decided_on = w.last_decided_on
FROM wanted w
WHERE s.pilot_id = w.pilot_id
  AND (s.lamps, s.open_flags, s.worst_severity, s.last_outcome, s.last_decided_on)
      IS DISTINCT FROM (w.lamps, w.open_flags, w.worst_severity, w.last_outcome, w.last_decided_on)
"""


def keep_judgements(pilots: Collection[int] | None) -> int:
    """Bring this room's columns of `Standing` up to date for `pilots` (None: all); return how many rows changed.

    Rows are made by `portfolio.standing.keep_facts`, which runs when a pilot is made.
    """
    if put_off("judgements", keep_judgements, pilots):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"everything": pilots is None, "pilots": list(pilots or ())})
        changed: int = cursor.rowcount
    return changed
