"""What blocked was a text of each update; it becomes blockers that live across updates. Both ways."""

import pgtrigger
from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make_blockers(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A line that stands in update after update is one blocker; an update without it has cleared it."""
    update_model = apps.get_model("portfolio", "StatusUpdate")
    blocker_model = apps.get_model("portfolio", "Blocker")
    report_model = apps.get_model("portfolio", "BlockerReport")
    standing, pilot = {}, None
    for update in update_model.objects.select_related("round").order_by("round__pilot", "at", "pk").iterator():
        if update.round.pilot_id != pilot:
            standing, pilot = {}, update.round.pilot_id
        said = {line.strip().lower(): line.strip() for line in update.blocks.splitlines() if line.strip()}
        for gone in standing.keys() - said.keys():
            blocker = standing.pop(gone)
            blocker.closed_by = update
            blocker.save(update_fields=["closed_by"])
        for key, text in said.items():
            if key not in standing:
                standing[key] = blocker_model.objects.create(pilot_id=pilot, text=text, opened_by=update)
            report_model.objects.create(update=update, blocker=standing[key])


def make_texts(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write what each update reported back into its text, which only here may be changed."""
    update_model = apps.get_model("portfolio", "StatusUpdate")
    with pgtrigger.ignore("portfolio.StatusUpdate:append_only"):
        for update in update_model.objects.prefetch_related("reports__blocker").exclude(reports=None):
            update.blocks = "\n".join(
                report.blocker.text for report in sorted(update.reports.all(), key=lambda r: r.pk)
            )
            update.save(update_fields=["blocks"])


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0007_blockers"),
    ]

    operations = [
        migrations.RunPython(make_blockers, make_texts),
        migrations.RemoveField(model_name="statusupdate", name="blocks"),
    ]
