"""System checks: the triggers that keep append-only tables so are really in the database."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from audit.triggers import append_only_models


@register(Tags.database)
def triggers_are_there(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Fail for each append-only table whose triggers are missing or switched off."""
    problems: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                """
                SELECT c.relname, count(t.oid) FILTER (WHERE t.tgenabled = 'A')
                FROM pg_class c LEFT JOIN pg_trigger t
                  ON t.tgrelid = c.oid AND NOT t.tgisinternal
                 AND (t.tgname LIKE 'pgtrigger_append_only_%%' OR t.tgname LIKE 'pgtrigger_no_truncate_%%')
                WHERE c.relkind = 'r' AND c.relname = ANY(%s) GROUP BY c.relname
                """,
                [[model._meta.db_table for model in append_only_models()]],
            )
            found = dict(cursor.fetchall())
        problems.extend(
            Error(
                f"{model._meta.label} is append-only, but its triggers are not active in the database.",
                hint="Run manage.py migrate; see docs/security.md.",
                obj=model,
                id="audit.E001",
            )
            for model in append_only_models()
            if found.get(model._meta.db_table, 2) < 2
        )
    return problems
