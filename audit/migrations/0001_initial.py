import pgtrigger.compiler
from django.db import migrations, models

import audit.operations


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField(default=0)),
                (
                    "hash",
                    models.BinaryField(
                        default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                    ),
                ),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_head_is_one_row")],
            },
        ),
        migrations.CreateModel(
            name="JobRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job", models.CharField(max_length=60)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.JSONField(default=dict)),
                ("failed", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["job", "-started_at"], name="audit_jobrun_latest")],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True)),
                ("actor", models.CharField(db_index=True, max_length=40)),
                ("kind", models.CharField(db_index=True, max_length=80)),
                ("subject", models.CharField(db_index=True, max_length=80)),
                ("scope", models.CharField(blank=True, max_length=80)),
                ("canonical", models.BinaryField()),
                ("previous_hash", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "ordering": ("sequence",),
                "abstract": False,
                "indexes": [models.Index(fields=["scope", "-sequence"], name="audit_event_scope")],
            },
        ),
        audit.operations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e1de01de2c9f0df2033cadb85ebc9cff5820c148",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7d947",
                    table="audit_event",
                    when="BEFORE",
                ),
            ),
        ),
        audit.operations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="e682a677d56972b0c884ee32b0a35aa4f80a5324",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_06d01",
                    table="audit_event",
                    when="BEFORE",
                ),
            ),
        ),
    ]
