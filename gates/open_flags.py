"""Reading the open flags: who sees which, worst first, and how many of each rule."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from accounts.models import User
from gates.models import Flag
from gates.rules.registry import BY_ID, RULES
from gates.rules.rule import Rule
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
#: Stands for "nobody" in the filter by owner.
NO_OWNER = "none"


@dataclass(frozen=True)
class RuleCount:
    """How many flags of a rule are open, and how serious the worst of them is."""

    rule: Rule
    total: int
    worst: int


@dataclass(frozen=True)
class Shown:
    """A flag with its rule's words and its age."""

    flag: Flag
    rule: Rule | None
    days: int


def flags_visible_to(user: User) -> QuerySet[Flag]:
    """Open flags of the pilots that `user` may see."""
    return Flag.objects.filter(closed_on=None, pilot__in=Pilot.objects.visible_to(user))


def narrowed(
    flags: QuerySet[Flag], *, search: str = "", severity: str = "", rule: str = "", unit: str = "", owner: str = ""
) -> QuerySet[Flag]:
    """Those of `flags` that fit; an empty value does not narrow. Search looks into title and code."""
    wanted = Q()
    if search:
        wanted &= Q(pilot__title__icontains=search) | Q(pilot__code__icontains=search)
    if severity:
        wanted &= Q(severity=severity)
    if rule:
        wanted &= Q(rule=rule)
    if unit:
        wanted &= Q(pilot__unit=unit)
    if owner == NO_OWNER:
        wanted &= Q(pilot__standing__owner=None)
    elif owner:
        wanted &= Q(pilot__standing__owner=owner)
    return flags.filter(wanted)


def listed(flags: QuerySet[Flag], sort: str) -> QuerySet[Flag]:
    """`flags` in the order asked for, with what a row shows."""
    return flags.select_related("pilot__unit", "pilot__standing__owner").order_by(*SORTS[sort])


def shown(flags: list[Flag], today: date) -> list[Shown]:
    """Flags with the words of their rules and their age in whole days."""
    return [Shown(flag, BY_ID.get(flag.rule), max(0, (today - flag.since).days)) for flag in flags]


def counted_by_rule(flags: QuerySet[Flag]) -> list[RuleCount]:
    """How many of `flags` each rule has raised; rules that found nothing are left out."""
    rows = flags.order_by().values("rule").annotate(total=Count("id"), worst=Max("severity"))
    counts = {row["rule"]: row for row in rows}
    return [RuleCount(rule, counts[rule.id]["total"], counts[rule.id]["worst"]) for rule in RULES if rule.id in counts]


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
