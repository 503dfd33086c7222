import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.lookups
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import accounts.models.user
import audit.operations


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("portfolio", "0002_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleSetting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.SlugField(max_length=40, unique=True)),
                ("enabled", models.BooleanField(default=True)),
                ("threshold", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        blank=True, choices=[(1, "Notice"), (2, "Warning"), (3, "Serious")], null=True
                    ),
                ),
                ("sponsor_after", models.PositiveIntegerField(blank=True, null=True)),
                ("chair_after", models.PositiveIntegerField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Substitute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "absent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="substitutes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stands_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField()),
            ],
            options={
                "indexes": [models.Index(fields=["stands_in", "since", "until"], name="gates_substitute_days")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))), name="gates_substitute_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("absent", models.F("stands_in")), _negated=True),
                        name="gates_substitute_is_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Committee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "time_zone",
                    models.CharField(
                        default="Europe/Paris", max_length=64, validators=[accounts.models.user.known_time_zone]
                    ),
                ),
                (
                    "quorum",
                    models.PositiveSmallIntegerField(
                        default=3, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                (
                    "quorum_share",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                (
                    "majority_rule",
                    models.CharField(
                        choices=[
                            ("simple", "Simple majority"),
                            ("two_thirds", "Two thirds"),
                            ("unanimous", "Unanimous"),
                            ("chair", "The chair decides after hearing"),
                        ],
                        default="simple",
                        max_length=12,
                    ),
                ),
                (
                    "meets_every_weeks",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(26),
                        ],
                    ),
                ),
                (
                    "meets_on",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        null=True,
                    ),
                ),
                ("meets_at", models.TimeField(blank=True, null=True)),
                ("place", models.CharField(blank=True, max_length=200)),
                (
                    "pack_hours",
                    models.PositiveSmallIntegerField(
                        default=48,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(336),
                        ],
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("meets_at", None), ("meets_every_weeks", None), ("meets_on", None)),
                            models.Q(
                                ("meets_at__isnull", False),
                                ("meets_every_weeks__isnull", False),
                                ("meets_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="gates_committee_cadence_is_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CommitteeSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "committee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="gates.committee"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[("chair", "Chair"), ("secretary", "Secretary"), ("member", "Member")],
                        default="member",
                        max_length=10,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("committee", "user"), name="gates_seat_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("part", "chair"), ("until", None)),
                        fields=("committee",),
                        name="gates_seat_one_chair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommitteeSubstitute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "committee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="substitutes", to="gates.committee"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "stands_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sits_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField()),
            ],
            options={
                "ordering": ("since", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))),
                        name="gates_committeesubstitute_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("member", models.F("stands_in")), _negated=True),
                        name="gates_committeesubstitute_is_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deferral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deferrals", to="portfolio.round"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("reason", models.TextField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deferrals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["until"], name="gates_deferral_until")],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "number"), name="gates_deferral_numbered"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="gates_deferral_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("since"))), name="gates_deferral_ends"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DigestRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digest_runs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("kind", models.CharField(choices=[("stalled", "Stalled pilots")], max_length=10)),
                ("period", models.CharField(max_length=10)),
                (
                    "mail",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="digest_run",
                        to="accounts.mail",
                    ),
                ),
                ("composed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("recipient", "kind", "period"), name="gates_digestrun_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Exemption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("until", models.DateField()),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exemptions", to="portfolio.pilot"
                    ),
                ),
                ("rule", models.SlugField(max_length=40)),
            ],
            options={
                "ordering": ("-set_at", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("pilot", "rule"), name="gates_exemption_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="gates_exemption_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at", None), ("ended_at__gte", models.F("set_at")), _connector="OR"),
                        name="gates_exemption_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feed_keys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("user",), name="gates_feedkey_one_open"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="flags", to="portfolio.pilot"
                    ),
                ),
                ("rule", models.SlugField(max_length=40)),
                ("severity", models.PositiveSmallIntegerField(choices=[(1, "Notice"), (2, "Warning"), (3, "Serious")])),
                ("detail", models.CharField(max_length=300)),
                ("since", models.DateField()),
                ("opened_on", models.DateField()),
                ("closed_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("closed_on", None)), fields=["rule"], name="gates_flag_open_rule"),
                    models.Index(
                        condition=models.Q(("closed_on", None)),
                        fields=["-severity", "since"],
                        name="gates_flag_open_worst",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)), fields=("pilot", "rule"), name="gates_flag_one_open"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GateSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(unique=True)),
                ("title", models.CharField(max_length=160)),
                (
                    "based_on",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="gates.gateset",
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("begun_at", models.DateTimeField(blank=True, null=True)),
                (
                    "begun_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.lookups.IsNull(models.F("published_at"), True),
                        condition=models.Q(("published_at", None)),
                        name="gates_gateset_one_draft",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Gate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "gate_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gates", to="gates.gateset"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("slug", models.SlugField(max_length=40)),
                ("title", models.CharField(max_length=80)),
                ("question", models.TextField()),
                (
                    "lead_function",
                    models.CharField(
                        choices=[
                            ("business", "Business"),
                            ("it", "IT"),
                            ("data", "Data"),
                            ("risk", "Risk"),
                            ("legal", "Legal"),
                            ("hr", "HR"),
                            ("operations", "Operations"),
                        ],
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("gate_set", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("gate_set", "number"), name="gates_gate_number"),
                    models.UniqueConstraint(fields=("gate_set", "slug"), name="gates_gate_slug"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1), ("number__lte", 6)), name="gates_gate_six"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "gate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="criteria", to="gates.gate"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("slug", models.SlugField(max_length=60)),
                ("statement", models.TextField()),
                ("convincing", models.TextField(blank=True, verbose_name="what convinces")),
                ("not_enough", models.TextField(blank=True, verbose_name="what does not count")),
                (
                    "function",
                    models.CharField(
                        choices=[
                            ("business", "Business"),
                            ("it", "IT"),
                            ("data", "Data"),
                            ("risk", "Risk"),
                            ("legal", "Legal"),
                            ("hr", "HR"),
                            ("operations", "Operations"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "mandatory_from",
                    models.CharField(choices=[("low", "Low"), ("limited", "Limited"), ("high", "High")], max_length=8),
                ),
                ("evidence_required", models.BooleanField(default=True)),
                ("evidence_valid_days", models.PositiveSmallIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name_plural": "criteria",
                "ordering": ("gate", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("gate", "number"), name="gates_criterion_number"),
                    models.UniqueConstraint(fields=("gate", "slug"), name="gates_criterion_slug"),
                ],
            },
        ),
        migrations.CreateModel(
            name="GateReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gate_reviews", to="portfolio.round"
                    ),
                ),
                (
                    "gate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="gates.gate"
                    ),
                ),
                (
                    "state",
                    models.CharField(
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
                        default="in_review",
                        max_length=12,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("concluded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "concluded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("conclusion", models.TextField(blank=True)),
                (
                    "concluded_risk",
                    models.CharField(
                        blank=True, choices=[("low", "Low"), ("limited", "Limited"), ("high", "High")], max_length=8
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("round", "gate"), name="gates_review_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("concluded_at__isnull", False), ("state__in", ("passed", "conditional", "not_passed"))
                            ),
                            models.Q(
                                models.Q(("state__in", ("passed", "conditional", "not_passed")), _negated=True),
                                ("concluded_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="gates_review_concluded_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Custody",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="custody", to="gates.gatereview"
                    ),
                ),
                (
                    "holder",
                    models.CharField(choices=[("owner", "The owner"), ("reviewers", "The reviewers")], max_length=10),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "custody",
                "indexes": [models.Index(fields=["review", "-id"], name="gates_custody_latest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("review",), name="gates_custody_one_holder"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="gates_custody_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="gates.gatereview"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="gates.criterion"
                    ),
                ),
                ("text", models.TextField()),
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
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["review", "criterion", "id"], name="gates_comment_thread")],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="gates.gatereview"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="gates.criterion"
                    ),
                ),
                ("text", models.TextField(blank=True)),
                (
                    "view",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("met", "Met"),
                            ("partly_met", "Partly met"),
                            ("not_met", "Not met"),
                            ("short_of_evidence", "Short of evidence"),
                            ("not_applicable", "Not applicable"),
                        ],
                        max_length=20,
                        verbose_name="the owner's own view",
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
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["review", "criterion", "-id"], name="gates_claim_latest")],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assessments", to="gates.gatereview"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="gates.criterion"
                    ),
                ),
                (
                    "finding",
                    models.CharField(
                        choices=[
                            ("met", "Met"),
                            ("partly_met", "Partly met"),
                            ("not_met", "Not met"),
                            ("short_of_evidence", "Short of evidence"),
                            ("not_applicable", "Not applicable"),
                        ],
                        max_length=20,
                    ),
                ),
                ("comment", models.TextField(blank=True)),
                (
                    "assessor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "carried_over_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="gates.assessment",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["review", "criterion", "-id"], name="gates_assessment_latest")],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "committee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="meetings", to="gates.committee"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("open", "Open"),
                            ("in_session", "In session"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                (
                    "planned_minutes",
                    models.PositiveSmallIntegerField(
                        default=90,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(600),
                        ],
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("began_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("-starts_at", "-pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "draft")), fields=["starts_at"], name="gates_meeting_drafted"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cancelled"), _negated=True),
                        fields=("committee", "starts_at"),
                        name="gates_meeting_once_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_session")),
                        fields=("committee",),
                        name="gates_meeting_one_in_session",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["in_session", "closed"]), _negated=True),
                            ("began_at__isnull", False),
                            _connector="OR",
                        ),
                        name="gates_meeting_begun_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at", None)),
                            _connector="OR",
                        ),
                        name="gates_meeting_closed_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="gates_meeting_cancelled_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="gates.meeting"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("arrived_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("arrived_at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at", None)),
                        fields=("meeting", "member"),
                        name="gates_attendance_seat_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("left_at", None)),
                        fields=("meeting", "person"),
                        name="gates_attendance_person_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at", None), ("left_at__gte", models.F("arrived_at")), _connector="OR"
                        ),
                        name="gates_attendance_leaves_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="gates.meeting"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("decide", "Decide"), ("defer", "Defer"), ("note", "Note"), ("free", "Discuss")],
                        max_length=8,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("decision", "A decision is due"),
                            ("deferral", "A deferral has expired"),
                            ("condition", "A condition is overdue"),
                            ("review", "A gate was reopened"),
                            ("called_in", "A member called it into a meeting"),
                            ("carried", "It was moved from an earlier meeting"),
                            ("hand", "Put there by hand"),
                        ],
                        default="hand",
                        max_length=10,
                    ),
                ),
                (
                    "pilot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agenda_items",
                        to="portfolio.pilot",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agenda_items",
                        to="portfolio.round",
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("why", models.CharField(blank=True, max_length=300)),
                (
                    "planned_minutes",
                    models.PositiveSmallIntegerField(
                        default=10, validators=[django.core.validators.MaxValueValidator(300)]
                    ),
                ),
                ("consent", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("seconds_before", models.PositiveIntegerField(default=0)),
                ("outcome", models.CharField(blank=True, max_length=300)),
                ("minutes", models.TextField(blank=True)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_reason", models.TextField(blank=True)),
                ("back_on", models.DateField(blank=True, null=True)),
                (
                    "carried_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carried_to",
                        to="gates.agendaitem",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("meeting", "place", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "decide")),
                        fields=("meeting", "round"),
                        name="gates_agendaitem_decides_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", "review")),
                        fields=("meeting", "round"),
                        name="gates_agendaitem_reviews_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", "condition")),
                        fields=("meeting", "pilot"),
                        name="gates_agendaitem_conditions_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("carried_from__isnull", False)),
                        fields=("meeting", "carried_from"),
                        name="gates_agendaitem_carried_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("started_at__isnull", False)),
                        fields=("meeting",),
                        name="gates_agendaitem_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            models.Q(("ended_at__gte", models.F("started_at")), ("started_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="gates_agendaitem_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dropped_at", None), models.Q(("dropped_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="gates_agendaitem_dropped_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["decide", "defer"]), _negated=True),
                            models.Q(("pilot__isnull", False), ("round__isnull", False)),
                            _connector="OR",
                        ),
                        name="gates_agendaitem_decides_a_round",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NamedReviewer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="named_reviewers",
                        to="portfolio.pilot",
                    ),
                ),
                (
                    "function",
                    models.CharField(
                        choices=[
                            ("business", "Business"),
                            ("it", "IT"),
                            ("data", "Data"),
                            ("risk", "Risk"),
                            ("legal", "Legal"),
                            ("hr", "HR"),
                            ("operations", "Operations"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("named_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("pilot", "function"), name="gates_namedreviewer_one")],
            },
        ),
        migrations.CreateModel(
            name="Precedent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="precedents", to="gates.gatereview"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="gates.criterion"
                    ),
                ),
                ("text", models.TextField()),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["criterion"], name="gates_precedent_criterion")],
            },
        ),
        migrations.CreateModel(
            name="PrecedentWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "precedent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withdrawal", to="gates.precedent"
                    ),
                ),
                ("reason", models.TextField()),
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
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="gates_precedent_withdrawn_why"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminded",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(max_length=80)),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="portfolio.pilot"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("on", models.DateField()),
                (
                    "mail",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="accounts.mail"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["about", "on"], name="gates_reminded_of")],
            },
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reopenings", to="gates.gatereview"
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("evidence", "Evidence has lapsed"),
                            ("reuse", "What it reused has lapsed"),
                            ("person", "A person it relied on has left"),
                            ("risk", "The risk class has risen"),
                            ("gate_set", "Its round moved to a newer gate set"),
                            ("lead", "Reopened by a lead reviewer"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "criterion",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="gates.criterion"
                    ),
                ),
                (
                    "concluded_as",
                    models.CharField(
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
                ),
                ("concluded_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["review", "-id"], name="gates_reopening_latest")],
            },
        ),
        migrations.CreateModel(
            name="Reuse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reuses", to="gates.gatereview"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="gates.criterion"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reused_by", to="gates.assessment"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("review", "Review"), ("control", "Control"), ("pattern", "Integration pattern")],
                        max_length=12,
                    ),
                ),
                ("why", models.TextField()),
                ("valid_until", models.DateField()),
                (
                    "attached_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("attached_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["source"], name="gates_reuse_source")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("review", "criterion", "source"),
                        name="gates_reuse_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reviewer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "function",
                    models.CharField(
                        choices=[
                            ("business", "Business"),
                            ("it", "IT"),
                            ("data", "Data"),
                            ("risk", "Risk"),
                            ("legal", "Legal"),
                            ("hr", "HR"),
                            ("operations", "Operations"),
                        ],
                        max_length=12,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("user", "function"), name="gates_reviewer_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="gates.gatereview"
                    ),
                ),
                (
                    "function",
                    models.CharField(
                        choices=[
                            ("business", "Business"),
                            ("it", "IT"),
                            ("data", "Data"),
                            ("risk", "Risk"),
                            ("legal", "Legal"),
                            ("hr", "HR"),
                            ("operations", "Operations"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("assessed", "Assessed"),
                            ("returned", "Returned to the owner"),
                            ("concluded", "The gate was concluded"),
                            ("over", "The round was over"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                (
                    "handed_by",
                    models.ForeignKey(
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
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["reviewer", "asked_at"],
                        name="gates_request_open",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["function", "asked_at"],
                        name="gates_request_pool",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("review", "function"),
                        name="gates_request_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended", ""), ("ended_at", None)),
                            models.Q(("ended_at__gte", models.F("asked_at")), models.Q(("ended", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="gates_request_ended_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoundGateSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gate_sets", to="portfolio.round"
                    ),
                ),
                (
                    "gate_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="gates.gateset"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["round", "-id"], name="gates_roundgateset_latest")],
            },
        ),
        migrations.CreateModel(
            name="Snooze",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("until", models.DateField()),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "flag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="snoozes", to="gates.flag"
                    ),
                ),
            ],
            options={
                "ordering": ("-set_at", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("flag",), name="gates_snooze_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="gates_snooze_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at", None), ("ended_at__gte", models.F("set_at")), _connector="OR"),
                        name="gates_snooze_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("size", models.PositiveBigIntegerField()),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("pdf", "PDF"),
                            ("docx", "Word document"),
                            ("xlsx", "Excel workbook"),
                            ("pptx", "PowerPoint presentation"),
                            ("png", "PNG image"),
                            ("jpeg", "JPEG image"),
                            ("text", "Text"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("quarantined", "Waiting for the scanner"),
                            ("clean", "Clean"),
                            ("blocked", "Blocked by the scanner"),
                        ],
                        max_length=12,
                    ),
                ),
                ("scanned_at", models.DateTimeField(blank=True, null=True)),
                ("stored_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "quarantined")), fields=["id"], name="gates_storedfile_waiting"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="gates_storedfile_sha256"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "blocked"), _negated=True),
                            ("scanned_at__isnull", False),
                            _connector="OR",
                        ),
                        name="gates_storedfile_blocked_by_scanner",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="portfolio.pilot"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("file", "File"), ("link", "Link"), ("note", "Note"), ("measurement", "Measurement")],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True)),
                ("url", models.URLField(blank=True, max_length=1000)),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="gates.storedfile",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=160)),
                (
                    "measurement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="as_evidence",
                        to="portfolio.measurement",
                    ),
                ),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="gates.evidence",
                    ),
                ),
                (
                    "added_by",
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
                "verbose_name_plural": "evidence",
                "abstract": False,
                "indexes": [models.Index(fields=["pilot", "-id"], name="gates_evidence_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="gates_evidence_has_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("file__isnull", False),
                                ("kind", "file"),
                                ("measurement", None),
                                ("url", ""),
                                models.Q(("file_name", ""), _negated=True),
                            ),
                            models.Q(
                                ("file", None),
                                ("kind", "link"),
                                ("measurement", None),
                                models.Q(("url", ""), _negated=True),
                            ),
                            models.Q(
                                ("file", None),
                                ("kind", "note"),
                                ("measurement", None),
                                ("url", ""),
                                models.Q(("note", ""), _negated=True),
                            ),
                            models.Q(
                                ("file", None), ("kind", "measurement"), ("measurement__isnull", False), ("url", "")
                            ),
                            _connector="OR",
                        ),
                        name="gates_evidence_is_what_its_kind_says",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes", None),
                            models.Q(("supersedes", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="gates_evidence_not_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withdrawal", to="gates.evidence"
                    ),
                ),
                ("reason", models.TextField()),
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
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="gates_withdrawal_has_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="gates.evidence"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="gates.criterion"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portfolio.round"
                    ),
                ),
                ("change", models.CharField(choices=[("begun", "Attached"), ("ended", "Detached")], max_length=8)),
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
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["round", "evidence", "criterion", "-id"], name="gates_evidenceuse_latest"),
                    models.Index(fields=["evidence", "criterion", "round", "-id"], name="gates_evidenceuse_of_piece"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=16, unique=True)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="portfolio.round"
                    ),
                ),
                (
                    "committee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="gates.committee",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("scale", "Scale"),
                            ("redesign", "Redesign"),
                            ("stop", "Stop"),
                            ("research", "Keep as research"),
                        ],
                        max_length=10,
                    ),
                ),
                ("rationale", models.TextField()),
                (
                    "authority_path",
                    models.CharField(
                        choices=[
                            ("chair", "The chair, for the committee"),
                            ("chair_in_meeting", "The chair, after hearing the committee in a meeting"),
                            ("chair_on_notice", "The chair, on notice that nobody called into a meeting"),
                            ("vote", "A vote of the committee in writing"),
                            ("vote_in_meeting", "A vote of the committee in a meeting"),
                            ("recorded_afterwards", "Taken before, recorded afterwards"),
                        ],
                        default="chair",
                        max_length=20,
                    ),
                ),
                ("deciders", models.TextField(blank=True)),
                ("dissent", models.TextField(blank=True)),
                ("override_reason", models.TextField(blank=True)),
                ("decided_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("learnings", models.TextField(blank=True)),
                ("launch_on", models.DateField(blank=True, null=True)),
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
                (
                    "business_case",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="version of the business case"),
                ),
                ("checklist", models.JSONField(blank=True, default=list)),
                ("redesign", models.TextField(blank=True)),
                (
                    "redesign_of",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("users", "The users"),
                                ("workflow", "The workflow"),
                                ("use_case", "The use case"),
                            ],
                            max_length=8,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("next_criteria", models.TextField(blank=True, verbose_name="what the next round is measured by")),
                ("next_starts_on", models.DateField(blank=True, null=True)),
                ("next_planned_end", models.DateField(blank=True, null=True)),
                ("next_due", models.DateField(blank=True, null=True)),
                (
                    "stop_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_worth_production_cost", "Does not justify the production cost"),
                            ("barriers_now", "Barriers cannot be overcome now"),
                            ("users_do_not_need_it", "Users do not need it"),
                            ("diminishing_returns", "Diminishing returns"),
                            ("better_use_of_resources", "Better use of the resources"),
                            ("data_not_tractable", "The data is not tractable"),
                            ("too_context_dependent", "Too dependent on its context"),
                        ],
                        max_length=30,
                    ),
                ),
                ("not_yet", models.TextField(blank=True, verbose_name="what must change first")),
                ("look_again_on", models.DateField(blank=True, null=True)),
                ("learning_goal", models.TextField(blank=True)),
                ("budget_cap", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("snapshot", models.BinaryField()),
                ("snapshot_sha256", models.CharField(max_length=64)),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="gates.decision",
                    ),
                ),
                ("supersedes_reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ("-decided_on", "-number"),
                "abstract": False,
                "indexes": [models.Index(fields=["-decided_on"], name="gates_decision_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes", None)), fields=("round",), name="gates_decision_one_per_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rationale", ""), _negated=True), name="gates_decision_has_rationale"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes", None), models.Q(("supersedes_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="gates_decision_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "stop"), _negated=True),
                            models.Q(
                                models.Q(("stop_reason", ""), _negated=True), models.Q(("learnings", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="gates_decision_stop_has_reason_and_learnings",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "research"), _negated=True),
                            models.Q(
                                models.Q(("learning_goal", ""), _negated=True),
                                ("budget_cap__isnull", False),
                                ("next_due__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="gates_decision_research_has_goal_cap_review",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "redesign"), _negated=True),
                            models.Q(
                                models.Q(("redesign", ""), _negated=True),
                                models.Q(("learnings", ""), _negated=True),
                                ("next_due__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="gates_decision_redesign_has_change",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes", None),
                            models.Q(("supersedes", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="gates_decision_not_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DecisionBasis",
            fields=[
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="basis",
                        serialize=False,
                        to="gates.decision",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "risk_class",
                    models.CharField(choices=[("low", "Low"), ("limited", "Limited"), ("high", "High")], max_length=8),
                ),
                ("monthly_cost", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
            ],
            options={
                "verbose_name_plural": "decision bases",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conditions",
                        to="gates.gatereview",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conditions",
                        to="gates.decision",
                    ),
                ),
                ("text", models.TextField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conditions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("due", models.DateField()),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("met_at", models.DateTimeField(blank=True, null=True)),
                (
                    "met_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("proof", models.TextField(blank=True)),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="gates.evidence",
                    ),
                ),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("waived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "waived_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("waived_reason", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("due", "pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("met_at", None), ("waived_at", None)),
                        fields=["due"],
                        name="gates_condition_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("accepted_at", None), ("met_at__isnull", False), _connector="OR"),
                        name="gates_condition_accepted_is_met",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", None), ("review__isnull", False)),
                            models.Q(("decision__isnull", False), ("review", None)),
                            _connector="OR",
                        ),
                        name="gates_condition_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("met_at", None),
                            models.Q(("waived_at", None), models.Q(("proof", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="gates_condition_met_has_proof",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("waived_at", None), models.Q(("waived_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="gates_condition_waived_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="portfolio.round"
                    ),
                ),
                (
                    "committee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="gates.committee"
                    ),
                ),
                (
                    "manner",
                    models.CharField(
                        choices=[
                            ("chair_on_notice", "By the chair, on notice"),
                            ("vote", "By a vote"),
                            ("vote_in_meeting", "By a vote in a meeting"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="gates.meeting",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("scale", "Scale"),
                            ("redesign", "Redesign"),
                            ("stop", "Stop"),
                            ("research", "Keep as research"),
                        ],
                        max_length=10,
                    ),
                ),
                ("rationale", models.TextField()),
                ("terms", models.JSONField(default=dict)),
                ("conditions", models.JSONField(default=list)),
                (
                    "supersedes",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="gates.decision",
                    ),
                ),
                ("supersedes_reason", models.TextField(blank=True)),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("simple", "Simple majority"),
                            ("two_thirds", "Two thirds"),
                            ("unanimous", "Unanimous"),
                            ("chair", "The chair decides after hearing"),
                        ],
                        max_length=12,
                    ),
                ),
                ("hidden", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("carried", "Carried"),
                            ("not_carried", "Not carried"),
                            ("called_in", "Called into a meeting"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=12,
                    ),
                ),
                ("count", models.JSONField(blank=True, default=dict)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("because", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)), fields=["closes_at"], name="gates_proposal_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)), fields=("round",), name="gates_proposal_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("result", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("result", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="gates_proposal_closed_has_result",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes", None), models.Q(("supersedes_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="gates_proposal_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes_at__isnull", False),
                            models.Q(("manner", "vote_in_meeting"), ("meeting__isnull", False)),
                            _connector="OR",
                        ),
                        name="gates_proposal_in_writing_closes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="votes", to="gates.proposal"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="votes", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "cast_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "choice",
                    models.CharField(
                        choices=[("for", "For"), ("against", "Against"), ("abstain", "Abstain")], max_length=8
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["proposal", "member", "-id"], name="gates_vote_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("choice", "for"), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="gates_vote_not_for_has_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Recusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recusals", to="gates.proposal"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recusals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("proposal", "member"), name="gates_recusal_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="gates_recusal_has_reason"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="decision",
            name="proposal",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decision",
                to="gates.proposal",
            ),
        ),
        audit.operations.AddTrigger(
            model_name="storedfile",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="4ff53143a5611a2788dc5e56a20078db4006e7f5",
                    operation="DELETE",
                    pgid="pgtrigger_kept_9c24d",
                    table="gates_storedfile",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="storedfile",
            trigger=pgtrigger.compiler.Trigger(
                name="same_content",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."type" IS DISTINCT FROM (NEW."type") OR OLD."stored_at" IS DISTINCT FROM (NEW."stored_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3b456aa54ba2bc9df8f3fca9e7db9380658b64c1",
                    operation="UPDATE",
                    pgid="pgtrigger_same_content_726c0",
                    table="gates_storedfile",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="deferral",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6aa211023f5e71a5c3d17c9be74867635a1c3ea0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_56054",
                    table="gates_deferral",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="deferral",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="a5b3d0204ea6495c4583d707bc53f4c575bb7804",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_51bb2",
                    table="gates_deferral",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="evidenceuse",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3c3f6be2c4ee6ee6c88e52fdb473b8e26dfc9657",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c5e34",
                    table="gates_evidenceuse",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="evidenceuse",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="818ecf71cba8bb467767ff1098e8d241a6022275",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_3b72b",
                    table="gates_evidenceuse",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="criterion",
            trigger=pgtrigger.compiler.Trigger(
                name="published_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM gates_gateset s WHERE s.published_at IS NOT NULL AND s.id IN ((SELECT g.gate_set_id FROM gates_gate g WHERE g.id = NEW.gate_id))) THEN\n        RAISE EXCEPTION 'gate set is published and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="f523c949d2249f5c6c8f1c6bf5621fb6493a90ea",
                    operation="INSERT",
                    pgid="pgtrigger_published_insert_5930e",
                    table="gates_criterion",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="criterion",
            trigger=pgtrigger.compiler.Trigger(
                name="published_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM gates_gateset s WHERE s.published_at IS NOT NULL AND s.id IN ((SELECT g.gate_set_id FROM gates_gate g WHERE g.id = OLD.gate_id), (SELECT g.gate_set_id FROM gates_gate g WHERE g.id = NEW.gate_id))) THEN\n        RAISE EXCEPTION 'gate set is published and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="cf598f3c13baee15cf982652e716a89364723bec",
                    operation="UPDATE",
                    pgid="pgtrigger_published_update_c2409",
                    table="gates_criterion",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="criterion",
            trigger=pgtrigger.compiler.Trigger(
                name="published_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM gates_gateset s WHERE s.published_at IS NOT NULL AND s.id IN ((SELECT g.gate_set_id FROM gates_gate g WHERE g.id = OLD.gate_id))) THEN\n        RAISE EXCEPTION 'gate set is published and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN OLD;\n",
                    hash="7a506a51da041027e584491ee34631d123593d60",
                    operation="DELETE",
                    pgid="pgtrigger_published_delete_f2d50",
                    table="gates_criterion",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="criterion",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="bacbf926f87b5e335d40b8b5e1a9ddcc876febf3",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_971e9",
                    table="gates_criterion",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="351b83838d90814a6db2bc3f1faeb51bb4d0208e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_56f22",
                    table="gates_comment",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="27df5099c283bff6747c301bc9fe8b0a53b042ff",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_1b94d",
                    table="gates_comment",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a6df7817977805c28f19036a36e334acce811078",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_86cc8",
                    table="gates_claim",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="a0e76961811e35cd3285ace7aeb6e80196ac2d44",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_ab33f",
                    table="gates_claim",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="assessment",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a8f09aa17288baece82246b196423bc4585405c5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_505ab",
                    table="gates_assessment",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="assessment",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="67c88bfa412df3e54496b80514b5dfe09436e3d5",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_faacf",
                    table="gates_assessment",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="gateset",
            trigger=pgtrigger.compiler.Trigger(
                name="published",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."published_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9e5db1506b79b125229a2de12e0c4f669a9caff6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_published_889c4",
                    table="gates_gateset",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="gateset",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="b84a80bf36f8037eb8edfac98107c5c1998cd8da",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_1760d",
                    table="gates_gateset",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="gate",
            trigger=pgtrigger.compiler.Trigger(
                name="published_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM gates_gateset s WHERE s.published_at IS NOT NULL AND s.id IN (NEW.gate_set_id)) THEN\n        RAISE EXCEPTION 'gate set is published and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="6f6f9e6ea60541d94d960261ddf0e3f3fccddd29",
                    operation="INSERT",
                    pgid="pgtrigger_published_insert_76b97",
                    table="gates_gate",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="gate",
            trigger=pgtrigger.compiler.Trigger(
                name="published_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM gates_gateset s WHERE s.published_at IS NOT NULL AND s.id IN (OLD.gate_set_id, NEW.gate_set_id)) THEN\n        RAISE EXCEPTION 'gate set is published and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="1dae68c2ec18689d82ea972b7067fa921e357b62",
                    operation="UPDATE",
                    pgid="pgtrigger_published_update_a89e0",
                    table="gates_gate",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="gate",
            trigger=pgtrigger.compiler.Trigger(
                name="published_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM gates_gateset s WHERE s.published_at IS NOT NULL AND s.id IN (OLD.gate_set_id)) THEN\n        RAISE EXCEPTION 'gate set is published and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN OLD;\n",
                    hash="d1522cd206b501cdbcad38732404400a00cef589",
                    operation="DELETE",
                    pgid="pgtrigger_published_delete_a95c3",
                    table="gates_gate",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="gate",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="41913a0de7e702e4e57c83038f16d91a6fbac6cd",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_b4ec0",
                    table="gates_gate",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="over_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF OLD.state IN ('closed', 'cancelled') THEN\n        RAISE EXCEPTION 'the meeting is over and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="7ee91356bfbbd4a9c5d9823d0e7333dd9809b439",
                    operation="UPDATE",
                    pgid="pgtrigger_over_update_ef4e9",
                    table="gates_meeting",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="over_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF OLD.state IN ('closed', 'cancelled') THEN\n        RAISE EXCEPTION 'the meeting is over and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN OLD;\n",
                    hash="bec283b8406b2e5b17528e6a9f8036f55d353cd5",
                    operation="DELETE",
                    pgid="pgtrigger_over_delete_2b2df",
                    table="gates_meeting",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="f29721a78de155ea6b7db9a3af2e95df04328715",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_dabaf",
                    table="gates_meeting",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="attendance",
            trigger=pgtrigger.compiler.Trigger(
                name="over_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM gates_meeting m\n               WHERE m.state IN ('closed', 'cancelled') AND m.id IN (NEW.meeting_id)) THEN\n        RAISE EXCEPTION 'the meeting is over and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="ae6413b87324a9722cbb5c63876787a9d353ed8e",
                    operation="INSERT",
                    pgid="pgtrigger_over_insert_cbf22",
                    table="gates_attendance",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="attendance",
            trigger=pgtrigger.compiler.Trigger(
                name="over_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM gates_meeting m\n               WHERE m.state IN ('closed', 'cancelled') AND m.id IN (OLD.meeting_id, NEW.meeting_id)) THEN\n        RAISE EXCEPTION 'the meeting is over and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="edc932d0903caaa9e992489fea76049c8d3e01e1",
                    operation="UPDATE",
                    pgid="pgtrigger_over_update_0d65a",
                    table="gates_attendance",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="attendance",
            trigger=pgtrigger.compiler.Trigger(
                name="over_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM gates_meeting m\n               WHERE m.state IN ('closed', 'cancelled') AND m.id IN (OLD.meeting_id)) THEN\n        RAISE EXCEPTION 'the meeting is over and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN OLD;\n",
                    hash="2f60eb263a41ecb371975c738304dbb5a472b164",
                    operation="DELETE",
                    pgid="pgtrigger_over_delete_3f825",
                    table="gates_attendance",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="attendance",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="021a8f441a8593659df146ed874d29c0383f5609",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_46a0e",
                    table="gates_attendance",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="agendaitem",
            trigger=pgtrigger.compiler.Trigger(
                name="over_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM gates_meeting m\n               WHERE m.state IN ('closed', 'cancelled') AND m.id IN (NEW.meeting_id)) THEN\n        RAISE EXCEPTION 'the meeting is over and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="73d23b7b3860e5d866e33adbcab181bb88a36b40",
                    operation="INSERT",
                    pgid="pgtrigger_over_insert_a98eb",
                    table="gates_agendaitem",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="agendaitem",
            trigger=pgtrigger.compiler.Trigger(
                name="over_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM gates_meeting m\n               WHERE m.state IN ('closed', 'cancelled') AND m.id IN (OLD.meeting_id, NEW.meeting_id)) THEN\n        RAISE EXCEPTION 'the meeting is over and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="d685d935f0b84dfc2772a2be494c729d00c8ab53",
                    operation="UPDATE",
                    pgid="pgtrigger_over_update_60533",
                    table="gates_agendaitem",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="agendaitem",
            trigger=pgtrigger.compiler.Trigger(
                name="over_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM gates_meeting m\n               WHERE m.state IN ('closed', 'cancelled') AND m.id IN (OLD.meeting_id)) THEN\n        RAISE EXCEPTION 'the meeting is over and cannot be changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN OLD;\n",
                    hash="65bfb15e1002f71e7a79eeb4df14ecf754d6c748",
                    operation="DELETE",
                    pgid="pgtrigger_over_delete_1a9d1",
                    table="gates_agendaitem",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="agendaitem",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="72f18808378821809653331d95d5edb7315f2705",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_ac491",
                    table="gates_agendaitem",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="precedent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f0f1bfd2456c7e3dd19999897e7a3577401c44a4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2dc27",
                    table="gates_precedent",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="precedent",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="1f199e45cd76954335940ebbfacdb15ed9ed6a98",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_b24bc",
                    table="gates_precedent",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="precedentwithdrawal",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2d1d1cf36097c1d0e9035101b1a785a365488349",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0aa60",
                    table="gates_precedentwithdrawal",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="precedentwithdrawal",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="5f6f4c8d3999b6f33597e907bbe6120de9a3695f",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_3c6bc",
                    table="gates_precedentwithdrawal",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."round_id" IS DISTINCT FROM (NEW."round_id") OR OLD."committee_id" IS DISTINCT FROM (NEW."committee_id") OR OLD."manner" IS DISTINCT FROM (NEW."manner") OR OLD."meeting_id" IS DISTINCT FROM (NEW."meeting_id") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."rationale" IS DISTINCT FROM (NEW."rationale") OR OLD."terms" IS DISTINCT FROM (NEW."terms") OR OLD."conditions" IS DISTINCT FROM (NEW."conditions") OR OLD."rule" IS DISTINCT FROM (NEW."rule") OR OLD."hidden" IS DISTINCT FROM (NEW."hidden") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opened_by_id" IS DISTINCT FROM (NEW."opened_by_id") OR OLD."closes_at" IS DISTINCT FROM (NEW."closes_at") OR OLD."supersedes_id" IS DISTINCT FROM (NEW."supersedes_id") OR OLD."supersedes_reason" IS DISTINCT FROM (NEW."supersedes_reason"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="996cea9b544bd7a674a5df84150449231690380d",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_9eb83",
                    table="gates_proposal",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="closed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."closed_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="9b52d9556b434cbaad285c9c45ae9bc42c1fcf70",
                    operation="UPDATE",
                    pgid="pgtrigger_closed_63aff",
                    table="gates_proposal",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="fb0dee096210e32e55eab10143f5f408882ccd9d",
                    operation="DELETE",
                    pgid="pgtrigger_kept_28cd9",
                    table="gates_proposal",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="3add173f20ebd6932ec40da5a8f9af7d4ec81685",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_af616",
                    table="gates_proposal",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2ee65da93a5e223147a42683a6328c42ebd5134f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a18ef",
                    table="gates_decision",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="49923e92714ace27774477f43ab9655752b62473",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_fb915",
                    table="gates_decision",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="recusal",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="212d8a374254a4dbd7e14fdd1ffe8636c458370c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4d6f2",
                    table="gates_recusal",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="recusal",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="1ff248c2fd0eb70fd386700db2a8f4abc51dc6dc",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_b824d",
                    table="gates_recusal",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="reopening",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7335bd42a1cddfa6fa3f68dc7526e373335c5df5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_82d6a",
                    table="gates_reopening",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="reopening",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="9ecd05cfab3403fa0a9fe8e60f5368d1ba10a514",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_77541",
                    table="gates_reopening",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="roundgateset",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6c75f8029502c81da509e8657d892e2c4bce8f83",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d57c1",
                    table="gates_roundgateset",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="roundgateset",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="d1cec9c5302e103f436e6fdc246d474935e24adb",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_bb8d8",
                    table="gates_roundgateset",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3b0df1cb54b6033d232486fbc70c38242437d67c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f145f",
                    table="gates_evidence",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="8b086dc7a3727c890cbccd6809f617c91c89952a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_9c4bc",
                    table="gates_evidence",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="vote",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b9ba2cc7a5fd176e90ace99382c34edebf1183f3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_02e7d",
                    table="gates_vote",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="vote",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="39c59aa62f2ba409f4d61332e38cbee8580de0f5",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_dc1d2",
                    table="gates_vote",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="withdrawal",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="59e96d1687ed163a699fb63f8cd3b38df0ee48cc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9fc2e",
                    table="gates_withdrawal",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="withdrawal",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="4a09e738dd1840b6fe64d4e0095e4a09987c81bd",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_aba7d",
                    table="gates_withdrawal",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="decisionbasis",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1800f0bc77333ab9990f875de18fc0beef5a2fff",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8bb1b",
                    table="gates_decisionbasis",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="decisionbasis",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="9b82e5f771e8d5998a2798186d084593724f622e",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_cb4b6",
                    table="gates_decisionbasis",
                    when="BEFORE",
                ),
            ),
        ),
    ]
