"""Remembering what tests build again and again: the first builds it through the verbs, the others get its rows back.

A cast of ten people takes 240 statements to build and one to bring back. Only an untouched database qualifies: one
whose audit chain is empty, because every verb leaves an event there.
"""

import pickle
from collections.abc import Callable
from typing import TypeVar

from django.db import connection
from psycopg import sql

from audit.models import Event

Made = TypeVar("Made")

_remembered: dict[str, tuple[str, bytes]] = {}


def remembered(name: str, build: Callable[[], Made]) -> Made:
    """What `build` makes on an untouched database; from the second call on, its rows are put back as they were.

    The ids are the ones of the first building. The sequences have moved past them, so nothing that is built later
    meets them.
    """
    if Event.objects.exists():
        return build()
    if name not in _remembered:
        before = _rows()
        made = build()
        _remembered[name] = (_as_statements(before, _rows()), pickle.dumps(made))
        return made
    statements, made_before = _remembered[name]
    with connection.cursor() as cursor:
        cursor.execute(statements)
    return pickle.loads(made_before)  # noqa: S301  pickled a moment ago by this process


def _tables() -> dict[str, list[str]]:
    """Columns of each table that are stored, not generated."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'"
            " GROUP BY table_name ORDER BY table_name"
        )
        return dict(cursor.fetchall())


def _rows() -> dict[str, str]:
    """Every table's rows as one JSON text."""
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {name}, json_agg(row_to_json(one))::text FROM {table} one").format(
            name=sql.Literal(table), table=sql.Identifier(table)
        )
        for table in _tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


def _as_statements(before: dict[str, str], after: dict[str, str]) -> str:
    """Statements that write the rows of every table that changed; rows that stood before are written over."""
    statements = [
        sql.SQL(
            "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE"
            " SELECT {columns} FROM json_populate_recordset(NULL::{table}, {rows})"
            " ON CONFLICT ON CONSTRAINT {key} DO UPDATE SET ({columns}) = ROW ({new})"
        ).format(
            table=sql.Identifier(table),
            key=sql.Identifier(f"{table}_pkey"),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            new=sql.SQL(", ").join(sql.Identifier("excluded", column) for column in columns),
            rows=sql.Literal(after[table]),
        )
        for table, columns in _tables().items()
        if after[table] != before[table]
    ]
    return sql.SQL("; ").join(statements).as_string(connection.connection)
