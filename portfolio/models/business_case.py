"""Business cases: what production costs, what it brings, on which assumptions; in versions that freeze."""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import User
from portfolio.models.contract import NO_TRUNCATE
from portfolio.models.pilot import Pilot
from portfolio.states import BenefitKind, CaseState, Certainty, CostKind, TimelineClass

#: The three figures of a line, once and every year, as its fields are named.
FIGURES = ("one_off_low", "one_off_likely", "one_off_high", "yearly_low", "yearly_likely", "yearly_high")

#: Whoever writes a line waits for a submission that is under way: the row of the case is locked.
_REFUSE_SUBMITTED = """
    PERFORM 1 FROM portfolio_businesscase WHERE id IN ({cases}) FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM portfolio_businesscase c WHERE c.state <> 'draft' AND c.id IN ({cases})
    ) THEN
        RAISE EXCEPTION 'business case is submitted and cannot be changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN {row};
"""


def _frozen_with_case() -> list[pgtrigger.Trigger]:
    """Triggers of the lines of a case: none comes, changes, goes, or moves house once the case is submitted."""
    return [
        pgtrigger.Trigger(
            name=f"submitted_{name}",
            when=pgtrigger.Before,
            operation=operation,
            func=_REFUSE_SUBMITTED.format(cases=cases, row=row),
        )
        for name, operation, cases, row in (
            ("insert", pgtrigger.Insert, "NEW.case_id", "NEW"),
            ("update", pgtrigger.Update, "OLD.case_id, NEW.case_id", "NEW"),
            ("delete", pgtrigger.Delete, "OLD.case_id", "OLD"),
        )
    ] + [NO_TRUNCATE]


class BusinessCase(models.Model):
    """A version of a pilot's business case. Frozen in the database once submitted, with all its lines."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="business_cases")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.DRAFT)
    horizon_years = models.PositiveSmallIntegerField(
        "horizon in years", default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    #: In percent a year.
    discount_rate = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal(5),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    #: What the pilot had cost when the case was submitted; until then the pilot's file is read.
    pilot_cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    integration_plan = models.TextField(blank=True)
    adoption_plan = models.TextField(blank=True)
    accountability = models.TextField("accountability after launch", blank=True)
    measurement = models.TextField("value measurement", blank=True)
    #: Why production costs more than five times the pilot, where it does (requirement 63).
    build_explanation = models.TextField(blank=True)
    confidence = models.CharField(max_length=6, choices=Certainty, blank=True)
    #: Answers to conditions of a quick launch, {condition: whether it holds}; what is not there is read from the file.
    launch_answers = models.JSONField(default=dict, blank=True)
    #: Class that follows from the conditions as they stood when the case was submitted.
    timeline_class = models.CharField(max_length=8, choices=TimelineClass, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: Counts the changes of the fields above.
    version = models.PositiveIntegerField(default=1)
    #: Counts every change, those of the lines included: a submission names what it has seen.
    changes = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pilot", "number")
        constraints = (
            models.UniqueConstraint(fields=["pilot", "number"], name="portfolio_case_number"),
            models.UniqueConstraint(
                fields=["pilot"], condition=Q(state=CaseState.DRAFT), name="portfolio_case_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(horizon_years__gte=1, horizon_years__lte=10), name="portfolio_case_horizon"
            ),
            models.CheckConstraint(
                condition=Q(discount_rate__gte=0, discount_rate__lte=100), name="portfolio_case_rate"
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.DRAFT, submitted_at=None)
                | (~Q(state=CaseState.DRAFT) & Q(submitted_at__isnull=False) & ~Q(timeline_class="")),
                name="portfolio_case_submitted_has_time",
            ),
        )
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(
                name="submitted",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=CaseState.SUBMITTED),
            ),
            NO_TRUNCATE,
        ]

    def __str__(self) -> str:
        return f"Business case of {self.pilot.code}, version {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == CaseState.DRAFT


class Figures(models.Model):
    """Low, likely and high, once and every year. Empty is not zero: empty says that nobody has thought of it yet."""

    one_off_low = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    one_off_likely = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    one_off_high = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    yearly_low = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    yearly_likely = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    yearly_high = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        # A figure that is not given (NULL) leaves a comparison unknown, which a constraint lets pass.
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(**{f"{figure}__gte": 0 for figure in FIGURES}),
                name="%(app_label)s_%(class)s_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(one_off_low__lte=F("one_off_likely"))
                & Q(one_off_likely__lte=F("one_off_high"))
                & Q(one_off_low__lte=F("one_off_high"))
                & Q(yearly_low__lte=F("yearly_likely"))
                & Q(yearly_likely__lte=F("yearly_high"))
                & Q(yearly_low__lte=F("yearly_high")),
                name="%(app_label)s_%(class)s_in_order",
            ),
        )

    @property
    def label(self) -> str:
        """What the line is called on pages and in refusals."""
        raise NotImplementedError

    def figures(self) -> dict[str, Decimal | None]:
        """Return the six figures by name."""
        return {name: getattr(self, name) for name in FIGURES}

    @property
    def is_empty(self) -> bool:
        return all(figure is None for figure in self.figures().values())

    @property
    def is_zero(self) -> bool:
        """Whether somebody has said that it is nothing, which is not the same as saying nothing."""
        return not self.is_empty and not any(self.figures().values())


class CostLine(Figures):
    """One of the eight costs of production; a draft has all eight."""

    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="costs")
    kind = models.CharField(max_length=12, choices=CostKind)
    #: What the figures stand for; of a line without any, why there are none.
    reason = models.TextField(blank=True)

    class Meta(Figures.Meta):
        constraints = (
            *Figures.Meta.constraints,
            models.UniqueConstraint(fields=["case", "kind"], name="portfolio_costline_once"),
        )
        triggers: ClassVar[list[pgtrigger.Trigger]] = _frozen_with_case()

    @property
    def label(self) -> str:
        return CostKind(self.kind).label


class BenefitLine(Figures):
    """Something that production brings."""

    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="benefits")
    #: The same in every version of the case, so that versions can be compared line by line.
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=BenefitKind)
    starts_in = models.PositiveSmallIntegerField(
        "starts in year", default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    #: Of time saved: what it becomes (requirement 32).
    becomes = models.TextField("what the saved time becomes", blank=True)

    class Meta(Figures.Meta):
        ordering = ("case", "place")
        constraints = (
            *Figures.Meta.constraints,
            models.UniqueConstraint(fields=["case", "place"], name="portfolio_benefitline_once"),
            models.CheckConstraint(
                condition=Q(starts_in__gte=1, starts_in__lte=10), name="portfolio_benefitline_starts"
            ),
        )
        triggers: ClassVar[list[pgtrigger.Trigger]] = _frozen_with_case()

    @property
    def label(self) -> str:
        return self.name


class Assumption(models.Model):
    """What the figures rest on, how sure it is, and who looks again by when."""

    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="assumptions")
    #: The same in every version of the case.
    place = models.PositiveSmallIntegerField()
    statement = models.TextField()
    confidence = models.CharField(max_length=6, choices=Certainty, default=Certainty.MEDIUM)
    what_changes_it = models.TextField("what would change it", blank=True)
    checked_by = models.CharField("who checks it", max_length=120, blank=True)
    check_by = models.DateField("by when", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("case", "place")
        constraints = (models.UniqueConstraint(fields=["case", "place"], name="portfolio_assumption_once"),)
        triggers: ClassVar[list[pgtrigger.Trigger]] = _frozen_with_case()
