"""Keeping `Standing` true to the judgements of this room: lamps, flags, last outcome."""

from collections.abc import Collection

from django.db import connection

from portfolio.standing import put_off

#: One lamp a gate; a gate that nobody has begun has no review.
_LAMPS = ", ".join(f"coalesce(max(v.state) FILTER (WHERE g.number = {gate}), 'not_started')" for gate in range(1, 7))

_SQL = """
WITH chosen AS MATERIALIZED (
    SELECT p.id AS pilot_id, latest.id AS last_round_id
    FROM portfolio_pilot p
    LEFT JOIN LATERAL (
        SELECT id FROM portfolio_round WHERE pilot_id = p.id ORDER BY number DESC LIMIT 1
    ) latest ON true
    WHERE %(everything)s OR p.id = ANY(%(pilots)s::bigint[])
), lit AS (
    SELECT c.pilot_id, __LAMPS__ AS lamps
    FROM chosen c
    LEFT JOIN gates_gatereview v ON v.round_id = c.last_round_id
    LEFT JOIN gates_gate g ON g.id = v.gate_id
    GROUP BY c.pilot_id
), flagged AS (
    SELECT c.pilot_id, count(*) AS total, max(f.severity) AS worst
    FROM chosen c JOIN gates_flag f ON f.pilot_id = c.pilot_id AND f.closed_on IS NULL
    GROUP BY c.pilot_id
), decided AS (
    -- Of the round that was decided last the newest decision: each supersedes the one before it.
    SELECT DISTINCT ON (c.pilot_id) c.pilot_id, d.outcome, d.decided_on
    FROM chosen c
    JOIN portfolio_round r ON r.pilot_id = c.pilot_id
    JOIN gates_decision d ON d.round_id = r.id
    ORDER BY c.pilot_id, r.number DESC, d.id DESC
), wanted AS (
    SELECT lit.pilot_id, lit.lamps,
           coalesce(flagged.total, 0) AS open_flags, flagged.worst AS worst_severity,
           coalesce(decided.outcome, '') AS last_outcome, decided.decided_on AS last_decided_on
    FROM lit
    LEFT JOIN flagged ON flagged.pilot_id = lit.pilot_id
    LEFT JOIN decided ON decided.pilot_id = lit.pilot_id
)
UPDATE portfolio_standing s
SET lamps = w.lamps, open_flags = w.open_flags, worst_severity = w.worst_severity,
    last_outcome = w.last_outcome, last_decided_on = w.last_decided_on
FROM wanted w
WHERE s.pilot_id = w.pilot_id
  AND (s.lamps, s.open_flags, s.worst_severity, s.last_outcome, s.last_decided_on)
      IS DISTINCT FROM (w.lamps, w.open_flags, w.worst_severity, w.last_outcome, w.last_decided_on)
""".replace("__LAMPS__", f"ARRAY[{_LAMPS}]::varchar[]")


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
