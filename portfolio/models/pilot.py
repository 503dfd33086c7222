"""Pilots: one use of AI under trial each, with one honest file."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Upper
from django.urls import reverse

from accounts.models import Unit, User
from accounts.permissions import is_auditor, is_manager
from portfolio.registry import readers
from portfolio.states import (
    DECIDABLE_STAGES,
    EDITING_PARTS,
    OPEN_ROUND_STATES,
    UNDECIDED_ROUND_STATES,
    RiskClass,
    Stage,
    Visibility,
)


class PilotQuerySet(models.QuerySet["Pilot"]):
    def visible_to(self, user: User) -> Self:
        """Pilots that `user` may see (design.md, section 7).

        Open ones: everybody with an account. Restricted ones: their people, managers, auditors, and whoever an
        upper room has registered as reader (the pilot's committee, its reviewers).
        """
        if not user.is_active:
            return self.none()
        if is_manager(user) or is_auditor(user):
            return self
        allowed = Q(visibility=Visibility.OPEN) | Q(pk__in=self._with_part(user))
        for reads in readers():
            allowed |= reads(user)
        return self.filter(allowed)

    def editable_by(self, user: User) -> Self:
        """Pilots whose file `user` may edit: their own, or any for a portfolio manager."""
        if not user.is_active:
            return self.none()
        if is_manager(user):
            return self
        return self.filter(pk__in=self._with_part(user, EDITING_PARTS))

    def undecided(self) -> Self:
        """Pilots with a round that has begun and has no decision."""
        return self.filter(rounds__state__in=UNDECIDED_ROUND_STATES)

    def decidable(self) -> Self:
        """Pilots whose open round a committee can decide."""
        return self.filter(stage__in=DECIDABLE_STAGES, rounds__state__in=UNDECIDED_ROUND_STATES)

    @staticmethod
    def _with_part(user: User, parts: tuple[str, ...] = ()) -> models.QuerySet["Pilot", dict[str, int]]:
        held = Q(assignments__person=user, assignments__until=None)
        if parts:
            held &= Q(assignments__part__in=parts)
        return Pilot.objects.filter(held).values("pk")  # type: ignore[return-value]  # as a subquery only


class Pilot(models.Model):
    """One use of AI under trial."""

    code = models.CharField(max_length=12, unique=True)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="pilots")
    #: The committee that decides it; committees live in the room above, so this is its slug.
    committee_slug = models.SlugField(max_length=60, blank=True)
    risk_class = models.CharField(max_length=8, choices=RiskClass, default=RiskClass.LIMITED)
    technology = models.CharField(max_length=160, blank=True)
    vendor = models.CharField(max_length=160, blank=True)
    #: In the installation's currency, per month.
    monthly_cost = models.DecimalField(
        "monthly running cost",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    #: What the pilot has cost so far, in the installation's currency.
    cost_so_far = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.OPEN)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.DRAFT)
    launched_on = models.DateField(null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)
    #: Register it was imported from, and its key there; together unique.
    external_source = models.CharField(max_length=60, blank=True)
    external_reference = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = PilotQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["external_source", "external_reference"],
                condition=~Q(external_reference=""),
                name="portfolio_pilot_external",
            ),
            models.CheckConstraint(
                condition=(Q(monthly_cost=None) | Q(monthly_cost__gte=0))
                & (Q(cost_so_far=None) | Q(cost_so_far__gte=0)),
                name="portfolio_pilot_costs_not_negative",
            ),
        )
        indexes = (
            models.Index(fields=["stage", "unit"], name="portfolio_pilot_stage"),
            models.Index(fields=["unit"], name="portfolio_pilot_unit"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="portfolio_pilot_title"),
            GinIndex(OpClass(Upper("summary"), name="gin_trgm_ops"), name="portfolio_pilot_summary"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("portfolio:pilot-detail", args=[self.code])

    @property
    def scope(self) -> str:
        """Name of this pilot's history in the audit trail."""
        return f"pilot:{self.pk}"

    def open_round(self) -> "models.Model | None":
        """The round that is not over, if there is one (at most one, by constraint)."""
        return self.rounds.filter(state__in=OPEN_ROUND_STATES).first()
