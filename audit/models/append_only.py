"""Tables to which rows are only ever added: the database refuses everything else."""

from typing import ClassVar

import pgtrigger
from django.db import models


class AppendOnly(models.Model):
    """Base of tables whose rows are never changed, removed or truncated.

    Row triggers refuse UPDATE and DELETE, a statement trigger refuses TRUNCATE. A subclass inherits them by
    `class Meta(AppendOnly.Meta)`; `audit.checks` fails where they are missing from the database.
    """

    class Meta:
        abstract = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
            ),
        ]
