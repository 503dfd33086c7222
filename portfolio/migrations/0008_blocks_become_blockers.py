"""What blocks lives on across status updates. Nothing is moved: no release had the text that goes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0007_blockers"),
    ]

    operations = [
        migrations.RemoveField(model_name="statusupdate", name="blocks"),
    ]
