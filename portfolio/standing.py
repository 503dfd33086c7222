"""Keeping `Standing` true to the facts of this room: owner, sponsor, clock, last sign of life, gaps of the contract.

The columns that judge (lamps, flags, outcome) are kept by the room above, in the same way.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.db import connection

from portfolio.gaps import gaps_of, read_gap_facts

#: Brings some columns of `Standing` up to date for pilots; says how many rows changed.
Keep = Callable[[Collection[int]], int]
_waiting: ContextVar[dict[str, tuple[Keep, set[int]]] | None] = ContextVar("standing_waiting", default=None)

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


@contextmanager
def kept_once(*, zone: str) -> Iterator[None]:
    """Keep standings once, at the end, for all pilots that verbs touch within.

    For a long run of verbs in one transaction, of which none reads a standing. `zone`: see `keep_facts`.
    """
    waiting: dict[str, tuple[Keep, set[int]]] = {"facts": (partial(keep_facts, zone=zone), set())}  # first: makes rows
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for keep, pilots in waiting.values():
        if pilots:
            keep(pilots)


def put_off(columns: str, keep: Keep, pilots: Collection[int] | None) -> bool:
    """Whether this is kept later, since `kept_once` is under way."""
    waiting = _waiting.get()
    if waiting is None or pilots is None:
        return False
    waiting.setdefault(columns, (keep, set()))[1].update(pilots)
    return True


def keep_facts(pilots: Collection[int] | None, *, zone: str) -> int:
    """Bring this room's columns of `Standing` up to date for `pilots` (None: all); return how many rows changed.

    `zone` is the IANA zone in which the day of a status update or a measurement is counted.
    """
    if put_off("facts", partial(keep_facts, zone=zone), pilots):
        return 0
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
