"""Keeping `Standing` true to the facts of this room: owner, sponsor, clock, last sign of life, gaps of the contract.

The columns that judge (lamps, flags, outcome) are kept by the room above, in the same way.
"""

from collections.abc import Collection

from django.db import connection

from portfolio.gaps import gaps_of, read_gap_facts

_SQL = """
INSERT INTO portfolio_standing AS s
    (pilot_id, owner_id, sponsor_id, undecided_since, last_sign_on, gaps, lamps, open_flags, last_outcome)
SELECT p.id, owner.person_id, sponsor.person_id, r.decision_due,
       greatest(r.starts_on, (u.at AT TIME ZONE %(zone)s)::date, (m.at AT TIME ZONE %(zone)s)::date),
       coalesce(string_to_array(g.codes, ' '), '{}')::varchar[], array_fill('not_started'::varchar, ARRAY[6]), 0, ''
FROM portfolio_pilot p
LEFT JOIN portfolio_assignment owner
       ON owner.pilot_id = p.id AND owner.part = 'business_owner' AND owner.until IS NULL
LEFT JOIN portfolio_assignment sponsor
       ON sponsor.pilot_id = p.id AND sponsor.part = 'executive_sponsor' AND sponsor.until IS NULL
LEFT JOIN portfolio_round r
       ON r.pilot_id = p.id AND r.state IN ('running', 'awaiting_decision')
LEFT JOIN LATERAL (
       SELECT max(at) AS at FROM portfolio_statusupdate WHERE round_id = r.id
) u ON true
LEFT JOIN LATERAL (
       SELECT max(v.at) AS at FROM portfolio_measurement v JOIN portfolio_successcriterion c ON c.id = v.criterion_id
       WHERE c.round_id = r.id
) m ON true
LEFT JOIN unnest(%(lacking)s::bigint[], %(codes)s::text[]) AS g (pilot_id, codes) ON g.pilot_id = p.id
WHERE %(everything)s OR p.id = ANY(%(pilots)s)
ON CONFLICT (pilot_id) DO UPDATE SET
    owner_id = EXCLUDED.owner_id, sponsor_id = EXCLUDED.sponsor_id,
    undecided_since = EXCLUDED.undecided_since, last_sign_on = EXCLUDED.last_sign_on,
    gaps = EXCLUDED.gaps
WHERE (s.owner_id, s.sponsor_id, s.undecided_since, s.last_sign_on, s.gaps)
   IS DISTINCT FROM (
       EXCLUDED.owner_id, EXCLUDED.sponsor_id, EXCLUDED.undecided_since, EXCLUDED.last_sign_on, EXCLUDED.gaps)
"""


def keep_facts(pilots: Collection[int] | None, *, zone: str) -> int:
    """Bring this room's columns of `Standing` up to date for `pilots` (None: all); return how many rows changed.

    `zone` is the IANA zone in which the day of a status update or a measurement is counted.
    """
    gaps = {facts.pilot: " ".join(gap.code for gap in gaps_of(facts)) for facts in read_gap_facts(pilots)}
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "everything": pilots is None,
                "pilots": list(pilots or ()),
                "zone": zone,
                "lacking": list(gaps),
                "codes": list(gaps.values()),
            },
        )
        changed: int = cursor.rowcount
    return changed
