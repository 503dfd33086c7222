from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import audit.operations
import portfolio.models.standing


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("portfolio", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pilot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("summary", models.TextField(blank=True)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pilots", to="accounts.unit"
                    ),
                ),
                ("committee_slug", models.SlugField(blank=True, max_length=60)),
                (
                    "risk_class",
                    models.CharField(
                        choices=[("low", "Low"), ("limited", "Limited"), ("high", "High")],
                        default="limited",
                        max_length=8,
                    ),
                ),
                ("technology", models.CharField(blank=True, max_length=160)),
                ("vendor", models.CharField(blank=True, max_length=160)),
                (
                    "monthly_cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="monthly running cost",
                    ),
                ),
                (
                    "cost_so_far",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[("open", "Open"), ("restricted", "Restricted")], default="open", max_length=10
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("running", "Running"),
                            ("awaiting_decision", "Awaiting decision"),
                            ("scaling", "Scaling"),
                            ("in_production", "In production"),
                            ("retired", "Retired"),
                            ("stopped", "Stopped"),
                            ("research", "Research"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("launched_on", models.DateField(blank=True, null=True)),
                ("retired_on", models.DateField(blank=True, null=True)),
                ("external_source", models.CharField(blank=True, max_length=60)),
                ("external_reference", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["stage", "unit"], name="portfolio_pilot_stage"),
                    models.Index(fields=["unit"], name="portfolio_pilot_unit"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("title"), name="gin_trgm_ops"
                        ),
                        name="portfolio_pilot_title",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("summary"), name="gin_trgm_ops"
                        ),
                        name="portfolio_pilot_summary",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_reference", ""), _negated=True),
                        fields=("external_source", "external_reference"),
                        name="portfolio_pilot_external",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("monthly_cost", None), ("monthly_cost__gte", 0), _connector="OR"),
                            models.Q(("cost_so_far", None), ("cost_so_far__gte", 0), _connector="OR"),
                        ),
                        name="portfolio_pilot_costs_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="portfolio.pilot"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "purpose",
                    models.CharField(
                        choices=[("pilot", "Pilot"), ("research", "Research")], default="pilot", max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("running", "Running"),
                            ("awaiting_decision", "Awaiting decision"),
                            ("decided", "Decided"),
                            ("past", "Over before Pilotage"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("planned_end", models.DateField(blank=True, null=True)),
                ("decision_due", models.DateField(blank=True, null=True)),
                (
                    "due_basis",
                    models.CharField(
                        choices=[("agreed", "Agreed"), ("assumed", "Assumed at import")], default="agreed", max_length=8
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("redesign", models.TextField(blank=True)),
                ("learning_goal", models.TextField(blank=True)),
                ("budget_cap", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("pilot", "number"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("running", "awaiting_decision"))),
                        fields=["decision_due"],
                        name="portfolio_round_undecided",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("pilot", "number"), name="portfolio_round_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "running", "awaiting_decision"))),
                        fields=("pilot",),
                        name="portfolio_round_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_end", None),
                            ("starts_on", None),
                            ("planned_end__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="portfolio_round_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_on__isnull", False), ("state", "decided")),
                            models.Q(models.Q(("state", "decided"), _negated=True), ("decided_on", None)),
                            _connector="OR",
                        ),
                        name="portfolio_round_decided_has_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("running", "awaiting_decision")), _negated=True),
                            ("starts_on__isnull", False),
                            _connector="OR",
                        ),
                        name="portfolio_round_begun_has_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("series", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("last", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="BusinessCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="business_cases", to="portfolio.pilot"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("submitted", "Submitted")], default="draft", max_length=10
                    ),
                ),
                (
                    "horizon_years",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="horizon in years",
                    ),
                ),
                (
                    "discount_rate",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(5),
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal(0)),
                            django.core.validators.MaxValueValidator(Decimal(100)),
                        ],
                    ),
                ),
                ("pilot_cost", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("integration_plan", models.TextField(blank=True)),
                ("adoption_plan", models.TextField(blank=True)),
                ("accountability", models.TextField(blank=True, verbose_name="accountability after launch")),
                ("measurement", models.TextField(blank=True, verbose_name="value measurement")),
                ("build_explanation", models.TextField(blank=True)),
                (
                    "confidence",
                    models.CharField(
                        blank=True, choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")], max_length=6
                    ),
                ),
                ("launch_answers", models.JSONField(blank=True, default=dict)),
                (
                    "timeline_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("best", "Best case: 2 to 3 months"),
                            ("typical", "Typical: 4 to 6 months"),
                            ("complex", "Complex: 6 to 12 months"),
                        ],
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("changes", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("pilot", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("pilot", "number"), name="portfolio_case_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")), fields=("pilot",), name="portfolio_case_one_draft"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("horizon_years__gte", 1), ("horizon_years__lte", 10)),
                        name="portfolio_case_horizon",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("discount_rate__gte", 0), ("discount_rate__lte", 100)),
                        name="portfolio_case_rate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "draft"), ("submitted_at", None)),
                            models.Q(
                                models.Q(("state", "draft"), _negated=True),
                                ("submitted_at__isnull", False),
                                models.Q(("timeline_class", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="portfolio_case_submitted_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assumption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assumptions",
                        to="portfolio.businesscase",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("statement", models.TextField()),
                (
                    "confidence",
                    models.CharField(
                        choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")], default="medium", max_length=6
                    ),
                ),
                ("what_changes_it", models.TextField(blank=True, verbose_name="what would change it")),
                ("checked_by", models.CharField(blank=True, max_length=120, verbose_name="who checks it")),
                ("check_by", models.DateField(blank=True, null=True, verbose_name="by when")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("case", "place"),
                "constraints": [models.UniqueConstraint(fields=("case", "place"), name="portfolio_assumption_once")],
            },
        ),
        migrations.CreateModel(
            name="ChangePlan",
            fields=[
                (
                    "pilot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="change_plan",
                        serialize=False,
                        to="portfolio.pilot",
                    ),
                ),
                ("what_changes", models.TextField(blank=True, verbose_name="what changes in the work")),
                ("for_whom", models.TextField(blank=True, verbose_name="for whom")),
                ("training", models.TextField(blank=True)),
                ("support", models.TextField(blank=True, verbose_name="support in the first weeks")),
                ("timing", models.TextField(blank=True, verbose_name="when")),
                ("steps_before", models.TextField(blank=True, verbose_name="steps of the work before")),
                ("steps_after", models.TextField(blank=True, verbose_name="steps of the work after")),
                (
                    "hours_before",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=8,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="hours a week before",
                    ),
                ),
                (
                    "hours_after",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=8,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="hours a week after",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="RegisterEntry",
            fields=[
                (
                    "pilot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="register_entry",
                        serialize=False,
                        to="portfolio.pilot",
                    ),
                ),
                ("facts", models.JSONField()),
                ("line", models.PositiveIntegerField()),
                ("imported_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "pilot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="portfolio.pilot",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("undecided_since", models.DateField(null=True)),
                ("last_sign_on", models.DateField(null=True)),
                (
                    "gaps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), default=list, size=None
                    ),
                ),
                (
                    "lamps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("not_started", "Not started"),
                                ("preparing", "Preparing"),
                                ("in_review", "In review"),
                                ("returned", "Returned"),
                                ("passed", "Passed"),
                                ("conditional", "Passed with conditions"),
                                ("not_passed", "Not passed"),
                                ("reopened", "Reopened"),
                            ],
                            max_length=12,
                        ),
                        default=portfolio.models.standing.six_grey_lamps,
                        size=6,
                    ),
                ),
                ("open_flags", models.PositiveSmallIntegerField(default=0)),
                (
                    "worst_severity",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Notice"), (2, "Warning"), (3, "Serious")], null=True
                    ),
                ),
                (
                    "last_outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("scale", "Scale"),
                            ("redesign", "Redesign"),
                            ("stop", "Stop"),
                            ("research", "Keep as research"),
                        ],
                        max_length=10,
                    ),
                ),
                ("last_decided_on", models.DateField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["undecided_since"], name="portfolio_standing_clock"),
                    models.Index(fields=["owner"], name="portfolio_standing_owner"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="portfolio.pilot"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("executive_sponsor", "Executive sponsor"),
                            ("business_owner", "Business owner"),
                            ("production_owner", "Production owner"),
                            ("using_team_sponsor", "Sponsor in the using team"),
                            ("quality_reviewer", "Quality reviewer"),
                            ("it_partner", "IT partner"),
                            ("process_owner", "Process owner"),
                            ("delivery_owner", "Delivery owner"),
                            ("champion", "Champion"),
                            ("stop_authority", "Can stop it"),
                            ("risk_acceptor", "Accepts the risk"),
                            ("outcome_monitor", "Monitors outcomes"),
                        ],
                        max_length=20,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "authority",
                    models.CharField(
                        choices=[
                            ("unknown", "Not said yet"),
                            ("directs", "Directs budget and priorities"),
                            ("requests", "Must ask for budget and priorities"),
                        ],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                ("authority_on", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("until", None)),
                        fields=["person", "part"],
                        name="portfolio_assignment_current",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None), models.Q(("part__in", ("champion",)), _negated=True)),
                        fields=("pilot", "part"),
                        name="portfolio_assignment_one_holder",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("pilot", "part", "person"),
                        name="portfolio_assignment_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="portfolio_assignment_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("authority", "unknown"),
                            models.Q(("authority_on__isnull", False), ("part", "executive_sponsor")),
                            _connector="OR",
                        ),
                        name="portfolio_assignment_sponsors_authority",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="contract",
                        serialize=False,
                        to="portfolio.round",
                    ),
                ),
                ("frozen_on", models.DateField(editable=False, null=True)),
                (
                    "gaps_at_start",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), blank=True, editable=False, null=True, size=None
                    ),
                ),
                ("adopting_team", models.TextField(blank=True)),
                ("integration_to_build", models.TextField(blank=True)),
                ("owner_then", models.TextField(blank=True)),
                ("commitment", models.CharField(blank=True, choices=[("yes", "Yes"), ("no", "No")], max_length=3)),
                ("committed_by", models.CharField(blank=True, max_length=160)),
                (
                    "commitment_budget",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                ("commitment_timeline", models.TextField(blank=True)),
                ("scale_if", models.TextField(blank=True)),
                ("redesign_if", models.TextField(blank=True)),
                ("stop_if", models.TextField(blank=True)),
                ("research_if", models.TextField(blank=True)),
                ("team_in_pilot", models.TextField(blank=True)),
                ("team_in_production", models.TextField(blank=True)),
                ("users_in_pilot", models.TextField(blank=True)),
                ("users_in_production", models.TextField(blank=True)),
                ("data_in_pilot", models.TextField(blank=True)),
                ("data_in_production", models.TextField(blank=True)),
                ("vendor_in_pilot", models.TextField(blank=True)),
                ("vendor_in_production", models.TextField(blank=True)),
                ("hard_cases_in_pilot", models.TextField(blank=True)),
                ("hard_cases_in_production", models.TextField(blank=True)),
                ("manual_steps_in_pilot", models.TextField(blank=True)),
                ("manual_steps_in_production", models.TextField(blank=True)),
                (
                    "data_used",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("curated", "A curated extract"),
                            ("representative", "Data like in production, unselected"),
                            ("live", "Live data"),
                        ],
                        max_length=14,
                    ),
                ),
                ("edge_cases", models.TextField(blank=True)),
                ("vendor_support_now", models.TextField(blank=True)),
                ("vendor_support_after", models.TextField(blank=True)),
                ("value_hypothesis", models.TextField(blank=True)),
                ("measurement_plan", models.TextField(blank=True)),
                ("strategic_priority", models.TextField(blank=True)),
                ("volume_at_scale", models.TextField(blank=True)),
                ("breadth_at_scale", models.TextField(blank=True)),
                ("daily_users", models.TextField(blank=True)),
                (
                    "users_involved_in",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("design", "Design"),
                                ("testing", "Testing"),
                                ("good_output", "What counts as good output"),
                            ],
                            max_length=11,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("escalation_path", models.TextField(blank=True)),
                ("workflow_impact", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("commitment_budget", None), ("commitment_budget__gte", 0), _connector="OR"),
                        name="portfolio_contract_budget_not_negative",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CostLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("one_off_low", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("one_off_likely", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("one_off_high", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("yearly_low", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("yearly_likely", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("yearly_high", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="costs", to="portfolio.businesscase"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("integrations", "Integrations"),
                            ("data", "Data"),
                            ("security", "Security"),
                            ("training", "Training"),
                            ("monitoring", "Monitoring"),
                            ("maintenance", "Maintenance"),
                            ("governance", "Governance"),
                            ("manager_time", "Manager time"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("one_off_high__gte", 0),
                            ("one_off_likely__gte", 0),
                            ("one_off_low__gte", 0),
                            ("yearly_high__gte", 0),
                            ("yearly_likely__gte", 0),
                            ("yearly_low__gte", 0),
                        ),
                        name="portfolio_costline_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("one_off_low__lte", models.F("one_off_likely")),
                            ("one_off_likely__lte", models.F("one_off_high")),
                            ("one_off_low__lte", models.F("one_off_high")),
                            ("yearly_low__lte", models.F("yearly_likely")),
                            ("yearly_likely__lte", models.F("yearly_high")),
                            ("yearly_low__lte", models.F("yearly_high")),
                        ),
                        name="portfolio_costline_in_order",
                    ),
                    models.UniqueConstraint(fields=("case", "kind"), name="portfolio_costline_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Diagnosis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="diagnoses", to="portfolio.pilot"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portfolio.round"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("answers", models.JSONField()),
                (
                    "patterns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("no_sponsor", "No executive sponsor"),
                                ("no_integration", "No path to integration"),
                                ("enthusiasts", "Enthusiasts only"),
                                ("workflow", "Workflow unchanged"),
                                ("metrics", "Metrics unclear"),
                                ("wrong_use_case", "Wrong use case for scale"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "binding",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_sponsor", "No executive sponsor"),
                            ("no_integration", "No path to integration"),
                            ("enthusiasts", "Enthusiasts only"),
                            ("workflow", "Workflow unchanged"),
                            ("metrics", "Metrics unclear"),
                            ("wrong_use_case", "Wrong use case for scale"),
                        ],
                        max_length=16,
                    ),
                ),
                ("binding_reason", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["pilot", "-id"], name="portfolio_diagnosis_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("binding", ""), ("patterns", [])),
                            models.Q(
                                models.Q(("patterns", []), _negated=True), models.Q(("binding", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="portfolio_diagnosis_binds_if_any",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Friction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="frictions", to="portfolio.pilot"
                    ),
                ),
                ("what", models.TextField()),
                ("seen_where", models.CharField(blank=True, max_length=160, verbose_name="where it was seen")),
                ("seen_by", models.CharField(blank=True, max_length=160, verbose_name="who saw it")),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("noted_at", models.DateTimeField()),
                ("done", models.TextField(blank=True, verbose_name="what was done")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["pilot", "-noted_at"], name="portfolio_friction_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("done", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("done", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="portfolio_friction_closed_says_how",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Intervention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="interventions", to="portfolio.pilot"
                    ),
                ),
                (
                    "diagnosis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interventions",
                        to="portfolio.diagnosis",
                    ),
                ),
                (
                    "pattern",
                    models.CharField(
                        choices=[
                            ("no_sponsor", "No executive sponsor"),
                            ("no_integration", "No path to integration"),
                            ("enthusiasts", "Enthusiasts only"),
                            ("workflow", "Workflow unchanged"),
                            ("metrics", "Metrics unclear"),
                            ("wrong_use_case", "Wrong use case for scale"),
                        ],
                        max_length=16,
                    ),
                ),
                ("idea", models.SlugField(blank=True, max_length=40)),
                ("text", models.TextField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interventions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("due", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Under way"), ("done", "Done"), ("given_up", "Given up")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("outcome", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["pilot"], name="portfolio_intervention_pilot"),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["owner", "due"],
                        name="portfolio_intervention_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("outcome", ""), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("closed_at__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="portfolio_intervention_closed_says_how",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open"), models.Q(("idea", ""), _negated=True)),
                        fields=("pilot", "idea"),
                        name="portfolio_intervention_idea_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScopeItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scope_items", to="portfolio.pilot"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("integration", "Integration"),
                            ("data_pipeline", "Data pipeline"),
                            ("security_review", "Security review"),
                            ("user_interface", "User interface"),
                            ("own", "Another piece"),
                        ],
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=120)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not_started", "Not started"),
                            ("scoped", "Scoped"),
                            ("building", "Being built"),
                            ("ready", "Ready"),
                            ("not_needed", "Not needed"),
                        ],
                        default="not_started",
                        max_length=12,
                    ),
                ),
                ("due", models.DateField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "own"), _negated=True),
                        fields=("pilot", "kind"),
                        name="portfolio_scope_each_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "own"), models.Q(("title", ""), _negated=True)),
                            models.Q(models.Q(("kind", "own"), _negated=True), ("title", "")),
                            _connector="OR",
                        ),
                        name="portfolio_scope_own_has_title",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "not_needed"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="portfolio_scope_not_needed_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusUpdate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="updates", to="portfolio.round"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("moved", models.TextField()),
                (
                    "confidence",
                    models.CharField(
                        blank=True,
                        choices=[("going_well", "Going well"), ("unsure", "Unsure"), ("in_doubt", "In doubt")],
                        max_length=10,
                    ),
                ),
                ("because", models.TextField(blank=True)),
                ("users_inside", models.PositiveIntegerField(blank=True, null=True)),
                ("users_outside", models.PositiveIntegerField(blank=True, null=True)),
                ("scale_when", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["round", "-at"], name="portfolio_update_latest")],
            },
        ),
        migrations.CreateModel(
            name="Blocker",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="blockers", to="portfolio.pilot"
                    ),
                ),
                ("text", models.TextField()),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portfolio.statusupdate"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cleared",
                        to="portfolio.statusupdate",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_by", None)), fields=["pilot"], name="portfolio_blocker_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("pilot"),
                        django.db.models.functions.text.MD5(django.db.models.functions.text.Lower("text")),
                        condition=models.Q(("closed_by", None)),
                        name="portfolio_blocker_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BlockerReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "update",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="portfolio.statusupdate"
                    ),
                ),
                (
                    "blocker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="portfolio.blocker"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("update", "blocker"), name="portfolio_blocker_report_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SuccessCriterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="criteria", to="portfolio.round"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("metric", models.CharField(max_length=160)),
                ("unit", models.CharField(blank=True, max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[("activity", "Activity"), ("model", "Model"), ("business", "Business")],
                        default="business",
                        max_length=8,
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("higher", "Higher is better"), ("lower", "Lower is better")],
                        default="higher",
                        max_length=6,
                    ),
                ),
                ("baseline", models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                ("baseline_on", models.DateField(blank=True, null=True)),
                ("target", models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                ("method", models.TextField(blank=True)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("measured_by", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("round", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("round", "number"), name="portfolio_criterion_number"),
                    models.CheckConstraint(
                        condition=models.Q(("metric", ""), _negated=True), name="portfolio_criterion_has_metric"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measurement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measurements",
                        to="portfolio.successcriterion",
                    ),
                ),
                ("on", models.DateField()),
                ("value", models.DecimalField(decimal_places=4, max_digits=18)),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("source", models.CharField(blank=True, max_length=200)),
                (
                    "origin",
                    models.CharField(
                        choices=[("entered", "Entered"), ("pasted", "Pasted"), ("imported", "Imported")], max_length=8
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="portfolio.measurement",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("withdrawn", models.BooleanField(default=False)),
                ("afterwards", models.BooleanField(default=False)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["criterion", "on"], name="portfolio_measurement_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("supersedes", None), ("reason", "")),
                            models.Q(("supersedes__isnull", False), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="portfolio_measurement_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("withdrawn", False), ("supersedes__isnull", False), _connector="OR"),
                        name="portfolio_measurement_withdraws_a_row",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="amendments", to="portfolio.round"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("changed", "Changed"), ("added", "Added"), ("withdrawn", "Withdrawn")], max_length=9
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="portfolio.successcriterion",
                    ),
                ),
                ("changes", models.JSONField(blank=True, default=dict)),
                ("reason", models.TextField()),
                (
                    "approver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ("round", "number"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("round", "number"), name="portfolio_amendment_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "added")),
                        fields=("criterion",),
                        name="portfolio_amendment_added_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "withdrawn")),
                        fields=("criterion",),
                        name="portfolio_amendment_withdrawn_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="portfolio_amendment_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("made_by", None),
                            models.Q(("approver", models.F("made_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="portfolio_amendment_approved_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BenefitLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("one_off_low", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("one_off_likely", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("one_off_high", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("yearly_low", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("yearly_likely", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("yearly_high", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="benefits",
                        to="portfolio.businesscase",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=160)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("revenue", "More revenue"),
                            ("cost_saved", "Cost saved"),
                            ("capacity", "Time saved"),
                            ("risk", "Risk avoided"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "starts_in",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="starts in year",
                    ),
                ),
                ("becomes", models.TextField(blank=True, verbose_name="what the saved time becomes")),
            ],
            options={
                "ordering": ("case", "place"),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("one_off_high__gte", 0),
                            ("one_off_likely__gte", 0),
                            ("one_off_low__gte", 0),
                            ("yearly_high__gte", 0),
                            ("yearly_likely__gte", 0),
                            ("yearly_low__gte", 0),
                        ),
                        name="portfolio_benefitline_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("one_off_low__lte", models.F("one_off_likely")),
                            ("one_off_likely__lte", models.F("one_off_high")),
                            ("one_off_low__lte", models.F("one_off_high")),
                            ("yearly_low__lte", models.F("yearly_likely")),
                            ("yearly_likely__lte", models.F("yearly_high")),
                            ("yearly_low__lte", models.F("yearly_high")),
                        ),
                        name="portfolio_benefitline_in_order",
                    ),
                    models.UniqueConstraint(fields=("case", "place"), name="portfolio_benefitline_once"),
                    models.CheckConstraint(
                        condition=models.Q(("starts_in__gte", 1), ("starts_in__lte", 10)),
                        name="portfolio_benefitline_starts",
                    ),
                ],
            },
        ),
        audit.operations.AddTrigger(
            model_name="benefitline",
            trigger=pgtrigger.compiler.Trigger(
                name="submitted_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM 1 FROM portfolio_businesscase WHERE id IN (NEW.case_id) FOR SHARE;\n    IF EXISTS (\n        SELECT 1 FROM portfolio_businesscase c WHERE c.state <> 'draft' AND c.id IN (NEW.case_id)\n    ) THEN\n        RAISE EXCEPTION 'business case is submitted and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="5efe470b2ad83becda89f7073d4f716e00747528",
                    operation="INSERT",
                    pgid="pgtrigger_submitted_insert_2801a",
                    table="portfolio_benefitline",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="benefitline",
            trigger=pgtrigger.compiler.Trigger(
                name="submitted_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM 1 FROM portfolio_businesscase WHERE id IN (OLD.case_id, NEW.case_id) FOR SHARE;\n    IF EXISTS (\n        SELECT 1 FROM portfolio_businesscase c WHERE c.state <> 'draft' AND c.id IN (OLD.case_id, NEW.case_id)\n    ) THEN\n        RAISE EXCEPTION 'business case is submitted and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="b918c1f0383882c0bb67be3237e6646e4c4e385a",
                    operation="UPDATE",
                    pgid="pgtrigger_submitted_update_e7708",
                    table="portfolio_benefitline",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="benefitline",
            trigger=pgtrigger.compiler.Trigger(
                name="submitted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM 1 FROM portfolio_businesscase WHERE id IN (OLD.case_id) FOR SHARE;\n    IF EXISTS (\n        SELECT 1 FROM portfolio_businesscase c WHERE c.state <> 'draft' AND c.id IN (OLD.case_id)\n    ) THEN\n        RAISE EXCEPTION 'business case is submitted and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN OLD;\n",
                    hash="a9b4b51a7221a727ce4c7c1b74dd73bbf7aa94b5",
                    operation="DELETE",
                    pgid="pgtrigger_submitted_delete_af62c",
                    table="portfolio_benefitline",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="benefitline",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="32d52047181127b4df21e1fb3777f33b5970b1bd",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_448d1",
                    table="portfolio_benefitline",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="assumption",
            trigger=pgtrigger.compiler.Trigger(
                name="submitted_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM 1 FROM portfolio_businesscase WHERE id IN (NEW.case_id) FOR SHARE;\n    IF EXISTS (\n        SELECT 1 FROM portfolio_businesscase c WHERE c.state <> 'draft' AND c.id IN (NEW.case_id)\n    ) THEN\n        RAISE EXCEPTION 'business case is submitted and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="6c0b57b7135bb5ce905048440b31722c1fc6d762",
                    operation="INSERT",
                    pgid="pgtrigger_submitted_insert_1d7ca",
                    table="portfolio_assumption",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="assumption",
            trigger=pgtrigger.compiler.Trigger(
                name="submitted_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM 1 FROM portfolio_businesscase WHERE id IN (OLD.case_id, NEW.case_id) FOR SHARE;\n    IF EXISTS (\n        SELECT 1 FROM portfolio_businesscase c WHERE c.state <> 'draft' AND c.id IN (OLD.case_id, NEW.case_id)\n    ) THEN\n        RAISE EXCEPTION 'business case is submitted and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="e120f671efa57c511fe3840a8ba4e945b94949be",
                    operation="UPDATE",
                    pgid="pgtrigger_submitted_update_fc641",
                    table="portfolio_assumption",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="assumption",
            trigger=pgtrigger.compiler.Trigger(
                name="submitted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM 1 FROM portfolio_businesscase WHERE id IN (OLD.case_id) FOR SHARE;\n    IF EXISTS (\n        SELECT 1 FROM portfolio_businesscase c WHERE c.state <> 'draft' AND c.id IN (OLD.case_id)\n    ) THEN\n        RAISE EXCEPTION 'business case is submitted and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN OLD;\n",
                    hash="a87350c4119b72e691f255404c0bd93a8854cc22",
                    operation="DELETE",
                    pgid="pgtrigger_submitted_delete_15e15",
                    table="portfolio_assumption",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="assumption",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="9773f324ac3ea827d1dc8b6eafd5b49c2c0bd7b4",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_0fe5f",
                    table="portfolio_assumption",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="businesscase",
            trigger=pgtrigger.compiler.Trigger(
                name="submitted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" = 'submitted')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6b4ef5af7181deb3f45dd717997b59d9145caf59",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_submitted_9f62c",
                    table="portfolio_businesscase",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="businesscase",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="88b577611f7c9ab3043961a69df0ca08e636f0e3",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_b0fd3",
                    table="portfolio_businesscase",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="contract",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP <> 'INSERT' THEN\n    PERFORM 1 FROM portfolio_round WHERE id = OLD.round_id FOR SHARE;\n    IF OLD.frozen_on IS NOT NULL\n       OR EXISTS (SELECT 1 FROM portfolio_round WHERE id = OLD.round_id AND state <> 'draft') THEN\n        RAISE EXCEPTION 'pgtrigger: The contract of round % is frozen; amend it', OLD.round_id;\n    END IF;\nEND IF;\nIF TG_OP <> 'DELETE' THEN\n    PERFORM 1 FROM portfolio_round WHERE id = NEW.round_id FOR SHARE;\n    IF EXISTS (SELECT 1 FROM portfolio_round WHERE id = NEW.round_id AND state <> 'draft') THEN\n        RAISE EXCEPTION 'pgtrigger: Round % has started without this contract; amend it', NEW.round_id;\n    END IF;\n    RETURN NEW;\nEND IF;\nRETURN OLD;\n",
                    hash="06bfcae22065bae0b20feadb1024dbfbb0e5d296",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_frozen_140a9",
                    table="portfolio_contract",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="contract",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="7f6ab05fdfaed5eaf4c0ef95970f8d28b0bbe63a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_3b580",
                    table="portfolio_contract",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="costline",
            trigger=pgtrigger.compiler.Trigger(
                name="submitted_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM 1 FROM portfolio_businesscase WHERE id IN (NEW.case_id) FOR SHARE;\n    IF EXISTS (\n        SELECT 1 FROM portfolio_businesscase c WHERE c.state <> 'draft' AND c.id IN (NEW.case_id)\n    ) THEN\n        RAISE EXCEPTION 'business case is submitted and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="20cf8c8c3fc055f453c2bb6e61e70e28b13bb6bb",
                    operation="INSERT",
                    pgid="pgtrigger_submitted_insert_fce2e",
                    table="portfolio_costline",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="costline",
            trigger=pgtrigger.compiler.Trigger(
                name="submitted_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM 1 FROM portfolio_businesscase WHERE id IN (OLD.case_id, NEW.case_id) FOR SHARE;\n    IF EXISTS (\n        SELECT 1 FROM portfolio_businesscase c WHERE c.state <> 'draft' AND c.id IN (OLD.case_id, NEW.case_id)\n    ) THEN\n        RAISE EXCEPTION 'business case is submitted and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="0f7a65539879defa415081503370d08ff90acbe2",
                    operation="UPDATE",
                    pgid="pgtrigger_submitted_update_a40dc",
                    table="portfolio_costline",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="costline",
            trigger=pgtrigger.compiler.Trigger(
                name="submitted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM 1 FROM portfolio_businesscase WHERE id IN (OLD.case_id) FOR SHARE;\n    IF EXISTS (\n        SELECT 1 FROM portfolio_businesscase c WHERE c.state <> 'draft' AND c.id IN (OLD.case_id)\n    ) THEN\n        RAISE EXCEPTION 'business case is submitted and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN OLD;\n",
                    hash="a5c199a167c6960b42ab6d7746c853dee50b5475",
                    operation="DELETE",
                    pgid="pgtrigger_submitted_delete_40815",
                    table="portfolio_costline",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="costline",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="7446990cfd5ac00d471007ca933ebe1fe6cd2f2c",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_525a4",
                    table="portfolio_costline",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="diagnosis",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a8163de0e0bb30c96eea11d96770a2eef3e48fed",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_36a47",
                    table="portfolio_diagnosis",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="diagnosis",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="cdf406e4460361400e671c8638045fac9c67afeb",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_cbed7",
                    table="portfolio_diagnosis",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="statusupdate",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e25d862d14b7126add9ba073d5e34180203995dd",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d8c1a",
                    table="portfolio_statusupdate",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="statusupdate",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="7b88d81cd5f2c1f24457b4e483e537fecf33c481",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_39bb1",
                    table="portfolio_statusupdate",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="blockerreport",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f8bf09600e3674667d00fc0f0763eb015b5fb5da",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ec348",
                    table="portfolio_blockerreport",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="blockerreport",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="744adfb00fc0b555a81240f31a07a173dccc7ef5",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_9cb6a",
                    table="portfolio_blockerreport",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="successcriterion",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP <> 'INSERT' THEN\n    PERFORM 1 FROM portfolio_round WHERE id = OLD.round_id FOR SHARE;\n    IF EXISTS (SELECT 1 FROM portfolio_round WHERE id = OLD.round_id AND state <> 'draft')\n       OR EXISTS (SELECT 1 FROM portfolio_contract WHERE round_id = OLD.round_id AND frozen_on IS NOT NULL) THEN\n        RAISE EXCEPTION 'pgtrigger: The criteria of round % are frozen; amend them', OLD.round_id;\n    END IF;\nEND IF;\nIF TG_OP <> 'DELETE' THEN\n    PERFORM 1 FROM portfolio_round WHERE id = NEW.round_id FOR SHARE;\n    IF (EXISTS (SELECT 1 FROM portfolio_round WHERE id = NEW.round_id AND state <> 'draft')\n        OR EXISTS (SELECT 1 FROM portfolio_contract WHERE round_id = NEW.round_id AND frozen_on IS NOT NULL))\n       AND NOT EXISTS (\n           SELECT 1 FROM portfolio_amendment\n           WHERE criterion_id = NEW.id AND round_id = NEW.round_id AND kind = 'added'\n       ) THEN\n        RAISE EXCEPTION 'pgtrigger: Round % has started; a criterion is added by an amendment', NEW.round_id;\n    END IF;\n    RETURN NEW;\nEND IF;\nRETURN OLD;\n",
                    hash="d7ec09577e1c9c0fea9a4fd255ec99957f8c13dd",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_frozen_ed6b3",
                    table="portfolio_successcriterion",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="successcriterion",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="e2bf746ba9ecbb4cbb629ff727fd9074139ddcf9",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_aeae1",
                    table="portfolio_successcriterion",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="measurement",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d0c9be71a8b4310b22e6b8444a4c993c6ffadfd2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_22a41",
                    table="portfolio_measurement",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="measurement",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="17b85ce0704a4550b4f8aab5938c15936b913799",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_6610a",
                    table="portfolio_measurement",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="amendment",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="60b98cb2edd91296e60d0edc9f3f40c669723de5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5eb43",
                    table="portfolio_amendment",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="amendment",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="2d8a798d6f0b505402a119995d382ada31822489",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_d30ed",
                    table="portfolio_amendment",
                    when="BEFORE",
                ),
            ),
        ),
    ]
