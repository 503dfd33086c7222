"""Reading the open flags: who sees which, worst first, and how many of each rule."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from accounts.models import User
from gates.ladder import Step
from gates.models import Exemption, Flag, Snooze
from gates.rules.contract_gaps import AS_ONE, FAMILY
from gates.rules.registry import BY_ID, RULES
from gates.rules.rule import Rule
from portfolio.clock import Clock
from portfolio.models import Pilot

#: How the list can be sorted. Worst first is: most serious, then longest so.
SORTS: dict[str, tuple[str, ...]] = {
    "-severity": ("-severity", "since", "pilot__code", "id"),
    "severity": ("severity", "since", "pilot__code", "id"),
    "since": ("since", "-severity", "pilot__code", "id"),
    "-since": ("-since", "-severity", "pilot__code", "id"),
    "pilot": ("pilot__code", "-severity", "id"),
    "-pilot": ("-pilot__code", "-severity", "id"),
}
WORST_FIRST = "-severity"
#: Reminders that stand beside a flag; the rest is one click away.
LATELY = 3
#: Stands for "nobody" in the filter by owner.
NO_OWNER = "none"

#: Ids of the rules that a family holds.
_IDS_OF = {FAMILY: [rule.id for rule in RULES if rule.family == FAMILY]}


def family_of(rule: str) -> list[str]:
    """The rules that are shown as one with `rule`, itself included."""
    known = BY_ID.get(rule)
    return _IDS_OF.get(known.family, [rule]) if known else [rule]


def quiet_count(flags: QuerySet[Flag], today: date) -> int:
    """How many of `flags` are silenced today."""
    return flags.filter(pk__in=snoozed(today)).count()


def snoozed(today: date) -> QuerySet[Snooze, int]:
    """The keys of flags that are silenced on `today`."""
    return Snooze.objects.in_force(today).values_list("flag", flat=True)


def exempt_until() -> dict[tuple[int, str], date]:
    """The last day on which a pilot is exempt from a rule, by pilot and rule; one statement."""
    held = Exemption.objects.filter(ended_at=None).values_list("pilot", "rule", "until")
    return {(pilot, rule): until for pilot, rule, until in held}


@dataclass(frozen=True)
class FlagStory:
    """The clock of its pilot, who is told of a flag from when on, who was, and whether it is silenced now."""

    clock: Clock | None = None
    steps: tuple[Step, ...] = ()
    #: Whether committee and managers have it in their overview besides.
    overview: bool = False
    #: Days on which somebody was reminded, each with the names.
    reminders: tuple[tuple[date, tuple[str, ...]], ...] = ()
    snooze: Snooze | None = None
    #: Whether the reader may silence it.
    may_snooze: bool = False

    @property
    def lately(self) -> tuple[date, ...]:
        """The last few days on which somebody was reminded."""
        return tuple(day for day, _ in self.reminders[-LATELY:])


@dataclass(frozen=True)
class RuleCount:
    """How many flags of a rule are open, and how serious the worst of them is."""

    rule: Rule
    total: int
    worst: int


@dataclass(frozen=True)
class Shown:
    """A flag with its rule's words and its age; `further` are those of its family, which it stands for."""

    flag: Flag
    rule: Rule | None
    days: int
    further: tuple[str, ...] = ()
    story: FlagStory = FlagStory()

    @property
    def form_url(self) -> str:
        """The page on which it is cleared."""
        return reverse(self.rule.form, args=[self.flag.pilot.code]) if self.rule else ""


def flags_visible_to(user: User) -> QuerySet[Flag]:
    """Open flags of the pilots that `user` may see."""
    return Flag.objects.filter(closed_on=None, pilot__in=Pilot.objects.visible_to(user))


def narrowed(
    flags: QuerySet[Flag],
    *,
    today: date,
    search: str = "",
    severity: str = "",
    rule: str = "",
    unit: str = "",
    owner: str = "",
    age: str = "",
) -> QuerySet[Flag]:
    """Those of `flags` that fit; an empty value does not narrow. Search looks into title and code; `age` is in days."""
    wanted = Q()
    if search:
        wanted &= Q(pilot__title__icontains=search) | Q(pilot__code__icontains=search)
    if severity:
        wanted &= Q(severity=severity)
    if rule:
        wanted &= Q(rule__in=_IDS_OF.get(rule, [rule]))
    if unit:
        wanted &= Q(pilot__unit=unit)
    if age:
        wanted &= Q(since__lte=today - timedelta(days=int(age)))
    if owner == NO_OWNER:
        wanted &= Q(pilot__standing__owner=None)
    elif owner:
        wanted &= Q(pilot__standing__owner=owner)
    return flags.filter(wanted)


def listed(flags: QuerySet[Flag], sort: str) -> QuerySet[Flag]:
    """`flags` in the order asked for, with what a row shows."""
    return flags.select_related("pilot__unit", "pilot__standing__owner", "pilot__standing__sponsor").order_by(
        *SORTS[sort]
    )


def one_for_each_family(flags: QuerySet[Flag]) -> QuerySet[Flag]:
    """`flags`, of each family only the worst of a pilot; `shown` says for which others it stands."""
    in_family = Flag.objects.filter(rule__in=_IDS_OF[FAMILY], closed_on=None, pilot=OuterRef("pilot"))
    worst = in_family.order_by("-severity", "since", "id").values("pk")[:1]
    return flags.filter(~Q(rule__in=_IDS_OF[FAMILY]) | Q(pk=Subquery(worst)))


def shown(flags: list[Flag], today: date) -> list[Shown]:
    """Flags with the words of their rules, their age in whole days, and what else of their family is open."""
    standing = {flag.pilot_id for flag in flags if flag.rule in _IDS_OF[FAMILY] and flag.closed_on is None}
    kin: dict[int, list[tuple[int, str]]] = {}
    if standing:
        others = Flag.objects.filter(rule__in=_IDS_OF[FAMILY], closed_on=None, pilot__in=standing)
        for key, pilot, detail in others.order_by("-severity", "id").values_list("pk", "pilot", "detail"):
            kin.setdefault(pilot, []).append((key, detail))
    return [
        Shown(
            flag,
            BY_ID.get(flag.rule),
            max(0, (today - flag.since).days),
            tuple(detail for key, detail in kin.get(flag.pilot_id, ()) if key != flag.pk)
            if flag.rule in _IDS_OF[FAMILY]
            else (),
        )
        for flag in flags
    ]


def counted_by_rule(flags: QuerySet[Flag]) -> list[RuleCount]:
    """How many of `flags` each rule has raised; rules that found nothing are left out."""
    rows = flags.order_by().values("rule").annotate(total=Count("id"), worst=Max("severity"))
    counts = {row["rule"]: row for row in rows}
    alone = [rule for rule in RULES if rule.id in counts and not rule.family]
    counted = [RuleCount(rule, counts[rule.id]["total"], counts[rule.id]["worst"]) for rule in alone]
    together = [counts[key] for key in _IDS_OF[FAMILY] if key in counts]
    if together:
        total, worst = sum(row["total"] for row in together), max(row["worst"] for row in together)
        counted.append(RuleCount(AS_ONE, total, worst))
    return counted


def open_by_rule() -> dict[str, int]:
    """How many flags of each rule are open, whoever may see them: figures for administrators and commands."""
    return dict(Flag.objects.filter(closed_on=None).values_list("rule").annotate(Count("id")))


def units_of(flags: QuerySet[Flag]) -> list[tuple[str, str]]:
    """The units that have `flags`, as choices."""
    rows = flags.order_by("pilot__unit__name").values_list("pilot__unit", "pilot__unit__name").distinct()
    return [(str(key), name) for key, name in rows]


def owners_of(flags: QuerySet[Flag]) -> list[tuple[str, str]]:
    """The business owners of the pilots that have `flags`, as choices; "nobody" among them."""
    owner = "pilot__standing__owner"
    rows = flags.order_by(f"{owner}__name").values_list(owner, f"{owner}__name", f"{owner}__email").distinct()
    named = [(str(key), name or email) for key, name, email in rows if key is not None]
    nobody = [(NO_OWNER, "Nobody named")] if any(key is None for key, _, _ in rows) else []
    return named + nobody
