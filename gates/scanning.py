"""Looking for drift: every rule is asked about every pilot, and the flags are brought into line with what was found."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.acting import note
from accounts.models import User
from audit.recording import verb
from gates.models import Flag
from gates.open_flags import exempt_until
from gates.rules.facts import BATCH, PilotFacts, read_facts
from gates.rules.registry import BY_ID
from gates.rules.rule import weighed
from gates.standing import keep_judgements
from gates.tuning import RuleInForce, rules_in_force
from portfolio.models import Pilot

#: Name of the job in the schedule and in the table of runs.
JOB = "drift.scan"

#: Up to this many flags opened or closed by one scan stand in their pilots' histories as events of their own; of
#: more, the scan's one event holds the list.
TOLD_ONE_BY_ONE = 500

#: The trail's name for all flags together: no flag has this number.
ALL_FLAGS = Flag(pk=0)

#: A finding that belongs to a pilot, and what a flag is made of: pilot, rule, severity, detail, since. There may be
#: hundreds of thousands of them, and plain tuples of plain values are what the collector leaves alone.
Found = tuple[int, str, int, str, date | None]
_FOUND = ("pilot", "rule", "severity", "detail", "since")

#: Held by whoever scans, so that two scans follow each other. Any number that nothing else locks.
_LOCK = 7_460_113

#: Rules are asked between two statements, of a large portfolio for longer than a page may be idle. And compiling a
#: statement of many small look-ups takes longer than running it.
_PREPARE = """
SELECT set_config('lock_timeout', '60s', true), set_config('statement_timeout', '300s', true),
       set_config('idle_in_transaction_session_timeout', '300s', true), set_config('jit', 'off', true),
       set_config('work_mem', '64MB', true)
"""

_OPEN = """
SELECT pilot_id, rule, severity, detail, since FROM gates_flag
WHERE closed_on IS NULL AND (%(everything)s OR pilot_id = ANY(%(pilots)s::bigint[]))
  AND (%(every_rule)s OR rule = ANY(%(rules)s::text[]))
"""

_RECONCILE = """
WITH found AS (
    SELECT * FROM unnest(%(pilot)s::bigint[], %(rule)s::text[], %(severity)s::smallint[], %(detail)s::text[],
                         %(since)s::date[]) AS n (pilot_id, rule, severity, detail, since)
), judged AS (
    SELECT * FROM unnest(%(pilots)s::bigint[], %(days)s::date[]) AS j (pilot_id, day)
), closed AS (
    UPDATE gates_flag f SET closed_on = greatest(j.day, f.opened_on)
    FROM judged j
    WHERE f.pilot_id = j.pilot_id AND f.closed_on IS NULL
      AND NOT EXISTS (SELECT FROM found n WHERE n.pilot_id = f.pilot_id AND n.rule = f.rule)
    RETURNING 'closed' AS what, f.id, f.pilot_id, f.rule, f.severity, f.detail
), changed AS (
    UPDATE gates_flag f SET severity = n.severity, detail = n.detail, since = coalesce(n.since, f.since)
    FROM found n
    WHERE f.pilot_id = n.pilot_id AND f.rule = n.rule AND f.closed_on IS NULL
      AND (f.severity, f.detail, f.since) IS DISTINCT FROM (n.severity, n.detail, coalesce(n.since, f.since))
    RETURNING 'changed' AS what, f.id, f.pilot_id, f.rule, f.severity, f.detail
), opened AS (
    INSERT INTO gates_flag (pilot_id, rule, severity, detail, since, opened_on)
    SELECT n.pilot_id, n.rule, n.severity, n.detail, coalesce(n.since, j.day), j.day
    FROM found n JOIN judged j USING (pilot_id)
    WHERE NOT EXISTS (
        SELECT FROM gates_flag f WHERE f.pilot_id = n.pilot_id AND f.rule = n.rule AND f.closed_on IS NULL
    )
    RETURNING 'opened' AS what, id, pilot_id, rule, severity, detail
)
SELECT what, id, pilot_id, rule, severity, detail
FROM (SELECT * FROM opened UNION ALL SELECT * FROM changed UNION ALL SELECT * FROM closed) done
ORDER BY pilot_id, rule, what
"""


class Touched(NamedTuple):
    """A flag that a scan opened, changed or closed."""

    what: str
    id: int
    pilot: int
    rule: str
    severity: int
    detail: str


@dataclass
class Counts:
    """How many flags were opened, changed and closed."""

    opened: int = 0
    changed: int = 0
    closed: int = 0


@dataclass
class ScanReport(Counts):
    """What a scan did."""

    pilots: int = 0
    by_rule: dict[str, Counts] = field(default_factory=dict)

    @property
    def outcome(self) -> dict[str, int]:
        """What the table of runs keeps."""
        return {"pilots": self.pilots, "opened": self.opened, "changed": self.changed, "closed": self.closed}

    def __str__(self) -> str:
        looked = f"Looked at {self.pilots} pilot{'' if self.pilots == 1 else 's'}"
        if not (self.opened or self.changed or self.closed):
            return f"{looked}: nothing has changed."
        return f"{looked}. Flags: {self.opened} opened, {self.changed} changed, {self.closed} closed."


@dataclass
class Judged:
    """What the rules found of some pilots, and the day of each pilot on which they were asked."""

    days: dict[int, date] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)


@verb
def scan(
    *,
    actor: User | None,
    today: date | None,
    now: datetime,
    pilots: Collection[int] | None = None,
    progress: Callable[[int], None] | None = None,
) -> ScanReport:
    """Open, refresh and close flags of `pilots` (None: all), keep their standing, and record what was done.

    `today` is the day for everybody; None takes each pilot's own, in the time zone of its committee, at `now`.
    A second scan on the same day finds nothing to do, writes nothing and records nothing. The number of statements
    does not depend on the number of pilots; only findings are held in memory, not facts. `progress` is told how many
    pilots have been looked at.
    """
    _take_the_lock()
    rules, exempt = rules_in_force(), exempt_until()
    seen = judge(rules, read_facts(pilots), exempt, today=today, now=now, progress=progress)
    report = ScanReport(pilots=len(seen.days), by_rule={rule.rule.id: Counts() for rule in rules})
    differing = sorted({pilot for pilot, _ in _differences(seen.found, pilots)})
    if differing:
        _lock_pilots(differing)
        # Asked again now that nobody else can change these pilots: a decision may have come in between.
        touched = _reconcile(judge(rules, read_facts(differing), exempt, today=today, now=now))
        keep_judgements({flag.pilot for flag in touched})
        _count(report, touched)
        _record(actor, report, touched, now)
    return report


def foresee(rule: RuleInForce, *, today: date | None, now: datetime) -> Counts:
    """Say what a scan would do to the flags of one rule if it were set like this. Changes nothing."""
    found = judge([rule], read_facts(None), exempt_until(), today=today, now=now).found
    kinds = Counter(kind for _, kind in _differences(found, None, rules=[rule.rule.id]))
    return Counts(**kinds)


def judge(
    rules: Collection[RuleInForce],
    facts: Iterable[PilotFacts],
    exempt: Mapping[tuple[int, str], date],
    *,
    today: date | None,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> Judged:
    """Ask every enabled rule about every pilot that is not exempt from it; `exempt` says until which day."""
    enabled = [rule for rule in rules if rule.enabled]
    days_there: dict[str, date] = {}
    judged = Judged()
    for each in facts:
        day = today or days_there.setdefault(each.zone, now.astimezone(ZoneInfo(each.zone)).date())
        judged.days[each.pilot] = day
        for rule in enabled:
            finding = rule.rule.find(each, day, rule.threshold)
            if finding is not None and exempt.get((each.pilot, rule.rule.id), date.min) < day:
                severity = int(weighed(rule.severity, finding))
                judged.found.append((each.pilot, rule.rule.id, severity, finding.detail, finding.since))
        if progress is not None:
            progress(len(judged.days))
    return judged


def _take_the_lock() -> None:
    """Wait for a scan that is under way. Until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_PREPARE)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _lock_pilots(pilots: list[int]) -> None:
    """Lock the pilots against the verbs of others, in order, so that flags and standing agree with the facts."""
    list(Pilot.objects.select_for_update(no_key=True).filter(pk__in=pilots).order_by("pk").values_list("pk"))


def _differences(
    found: list[Found], pilots: Collection[int] | None, *, rules: list[str] | None = None
) -> list[tuple[int, str]]:
    """Return (pilot, kind) for each flag that is not as found: to be opened, changed or closed."""
    wanted = {(each[0], each[1]): each for each in found}
    differences: list[tuple[int, str]] = []
    scope: dict[str, Any] = {
        "everything": pilots is None,
        "pilots": list(pilots or ()),
        "every_rule": rules is None,
        "rules": rules or [],
    }
    with connection.chunked_cursor() as cursor:
        cursor.execute(_OPEN, scope)
        while flags := cursor.fetchmany(BATCH):
            for pilot, rule, severity, detail, since in flags:
                each = wanted.pop((pilot, rule), None)
                if each is None:
                    differences.append((pilot, "closed"))
                elif each != (pilot, rule, severity, detail, each[-1] and since):
                    differences.append((pilot, "changed"))
    return differences + [(pilot, "opened") for pilot, _ in wanted]


def _reconcile(judged: Judged) -> list[Touched]:
    days: dict[str, Any] = {"pilots": list(judged.days), "days": list(judged.days.values())}
    with connection.cursor() as cursor:
        cursor.execute(_RECONCILE, {**_columns(judged.found), **days})
        return [Touched(*row) for row in cursor.fetchall()]


def _columns(found: list[Found]) -> dict[str, list[Any]]:
    """Turn findings into one array per column."""
    columns = [list(column) for column in zip(*found, strict=True)] or [[] for _ in _FOUND]
    return dict(zip(_FOUND, columns, strict=True))


def _count(report: ScanReport, touched: list[Touched]) -> None:
    for flag in touched:
        # A rule that was taken out of the product closes its flags here, too.
        for counts in (report, report.by_rule.setdefault(flag.rule, Counts())):
            setattr(counts, flag.what, getattr(counts, flag.what) + 1)


def _record(actor: User | None, report: ScanReport, touched: list[Touched], now: datetime) -> None:
    if not touched:
        return
    told = [flag for flag in touched if flag.what != "changed"]
    one_by_one = len(told) <= TOLD_ONE_BY_ONE
    note(
        actor,
        "gates.flags.reconciled",
        ALL_FLAGS,
        now=now,
        opened=report.opened,
        changed=report.changed,
        closed=report.closed,
        flags={} if one_by_one else _listed(told),
    )
    for flag in told if one_by_one else ():
        note(
            actor,
            f"gates.flag.{flag.what}",
            Flag(pk=flag.id),
            now=now,
            scope=Pilot(pk=flag.pilot).scope,
            rule=_title(flag.rule),
            severity=flag.severity,
            detail=flag.detail,
        )


def _listed(touched: list[Touched]) -> dict[str, dict[str, list[int]]]:
    """Pilots by what happened to their flags and by rule."""
    listed: dict[str, dict[str, list[int]]] = {}
    for flag in touched:
        listed.setdefault(flag.what, {}).setdefault(flag.rule, []).append(flag.pilot)
    return listed


def _title(rule: str) -> str:
    return BY_ID[rule].title if rule in BY_ID else rule
