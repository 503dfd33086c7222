"""Emptying the database after a test that commits: of some hundred tables, the few that hold something.

Django truncates every table and makes all permissions anew, for half a second of work after each such test.
"""

from django.db import connection, transaction
from django.test import TransactionTestCase

from audit.triggers import enable_always

#: Append-only tables refuse DELETE, which only here is let through. No key is followed, since all goes, and what the
#: migrations themselves leave behind stays.
_EMPTY = """
DO $$
DECLARE
    place regclass;
    holds boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR place IN
        SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', place) INTO holds;
        CONTINUE WHEN NOT holds;
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', place);
        EXECUTE format('DELETE FROM %s', place);
        EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', place);
    END LOOP;
END $$
"""


def empty(_case: TransactionTestCase) -> None:
    """Leave the database as the migrations left it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_EMPTY)
        enable_always()
