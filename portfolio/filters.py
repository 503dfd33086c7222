"""Filtering and sorting the portfolio."""

from collections import defaultdict
from typing import Any

from django import forms
from django.db.models import F, OrderBy, Q, QuerySet
from django_filters import filters
from django_filters.filterset import FilterSet

from accounts.models import Unit
from portfolio.clock import Days
from portfolio.models import Assignment, Pilot
from portfolio.states import RiskClass, Stage

#: Columns that sort, by the key in the address; each falls back on the code, so that paging is stable.
SORTS = {
    "code": "pk",
    "title": "title",
    "unit": "unit__name",
    "stage": "stage",
    "due": "standing__undecided_since",
    "flags": "standing__worst_severity",
    "cost": "monthly_cost",
}
DEFAULT_SORT = "due"
#: Orders to choose from where the column heads have no room, by the key in the address; "" is the default.
SORT_CHOICES = (
    ("", "Longest undecided first"),
    ("-due", "Latest due day first"),
    ("-flags", "Worst flags first"),
    ("title", "Title"),
    ("unit", "Unit"),
    ("stage", "Stage"),
    ("-cost", "Highest running cost first"),
    ("-code", "Newest first"),
)


class PilotFilter(FilterSet):
    """Filters of the portfolio list."""

    q = filters.CharFilter(
        label="Search",
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Title, code, vendor"}),
    )
    stage = filters.ChoiceFilter(label="Stage", choices=Stage.choices, empty_label="Any")
    unit = filters.ModelChoiceFilter(
        label="Unit", queryset=Unit.objects.order_by("name"), method="within", empty_label="Any"
    )
    owner = filters.CharFilter(
        label="Owner", method="owned", widget=forms.TextInput(attrs={"placeholder": "Name or e-mail"})
    )
    mine = filters.ChoiceFilter(
        label="My part", method="mine_only", choices=[("mine", "I have a part in it")], empty_label="Any"
    )
    who = filters.CharFilter(
        label="Anybody in it",
        method="with_somebody",
        widget=forms.TextInput(attrs={"placeholder": "Name or e-mail, any part"}),
    )
    risk = filters.ChoiceFilter(
        label="Risk class", field_name="risk_class", choices=RiskClass.choices, empty_label="Any"
    )
    undecided = filters.ChoiceFilter(
        label="Decision",
        method="clock",
        choices=[("overdue", "Overdue"), ("open", "Due, not overdue"), ("any", "Undecided")],
        empty_label="Any",
    )

    class Meta:
        model = Pilot
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, days: Days, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self.days = days

    def search(self, pilots: QuerySet[Pilot], _name: str, value: str) -> QuerySet[Pilot]:
        """Every word has to be found, in title, code, summary, vendor or technology."""
        for word in value.split()[:8]:
            found = Q(title__icontains=word) | Q(code__iexact=word) | Q(summary__icontains=word)
            pilots = pilots.filter(found | Q(vendor__icontains=word) | Q(technology__icontains=word))
        return pilots

    def within(self, pilots: QuerySet[Pilot], _name: str, value: Unit) -> QuerySet[Pilot]:
        """The unit and every unit below it."""
        return pilots.filter(unit_id__in=below(value.pk))

    def owned(self, pilots: QuerySet[Pilot], _name: str, value: str) -> QuerySet[Pilot]:
        return pilots.filter(Q(standing__owner__name__icontains=value) | Q(standing__owner__email__icontains=value))

    def mine_only(self, pilots: QuerySet[Pilot], _name: str, _value: str) -> QuerySet[Pilot]:
        """Those in which the visitor holds a part now."""
        held = Assignment.objects.filter(person=self.request.user, until=None)
        return pilots.filter(pk__in=held.values("pilot"))

    def with_somebody(self, pilots: QuerySet[Pilot], _name: str, value: str) -> QuerySet[Pilot]:
        """Those in which somebody of that name or address holds any part now."""
        named = Q(person__name__icontains=value) | Q(person__email__icontains=value)
        return pilots.filter(pk__in=Assignment.objects.filter(named, until=None).values("pilot"))

    def clock(self, pilots: QuerySet[Pilot], _name: str, value: str) -> QuerySet[Pilot]:
        if value == "overdue":
            return pilots.filter(self.days.is_overdue())
        if value == "open":
            return pilots.filter(~self.days.is_overdue(), standing__undecided_since__isnull=False)
        undecided: QuerySet[Pilot] = pilots.undecided()  # type: ignore[attr-defined]
        return undecided


def below(unit: int) -> list[int]:
    """Return the unit and all units below it. One query, whatever the depth."""
    children: dict[int | None, list[int]] = defaultdict(list)
    for key, parent in Unit.objects.values_list("pk", "parent_id"):
        children[parent].append(key)
    found, waiting = [], [unit]
    while waiting:
        current = waiting.pop()
        found.append(current)
        waiting.extend(children[current])
    return found


def ordering(sort: str) -> list[OrderBy]:
    """Return the order for a sort key such as "due" or "-title"; an unknown key gives the default."""
    key = sort.removeprefix("-")
    if key not in SORTS:
        key, sort = DEFAULT_SORT, DEFAULT_SORT
    column = F(SORTS[key])
    first = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    return [first, F("pk").asc()]
