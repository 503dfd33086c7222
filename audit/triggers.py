"""Triggers of append-only tables: on for everybody, replication roles included."""

from typing import Any

from django.apps import apps
from django.db import connections

from audit.models import AppendOnly

_ENABLE = """
DO $$
DECLARE t record;
BEGIN
    FOR t IN
        SELECT c.oid::regclass AS place, g.tgname AS name FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
        WHERE NOT g.tgisinternal AND g.tgenabled <> 'A' AND c.relname = ANY(string_to_array({tables}, ','))
          AND (g.tgname LIKE 'pgtrigger_append_only_%' OR g.tgname LIKE 'pgtrigger_no_truncate_%')
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.place, t.name);
    END LOOP;
END $$
"""


def append_only_models() -> list[type[AppendOnly]]:
    """Every table of the product that is append-only."""
    return [model for model in apps.get_models() if issubclass(model, AppendOnly)]


def enable_always(using: str = "default", **_: Any) -> None:
    """Let the triggers of append-only tables fire for every session; runs after each migration."""
    tables = ",".join(model._meta.db_table for model in append_only_models())
    with connections[using].cursor() as cursor:
        cursor.execute(_ENABLE.replace("{tables}", f"'{tables}'"))
