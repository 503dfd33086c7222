"""Remembering what tests build again and again: the first builds it through the verbs, later ones get its rows back.

A cast of ten people takes 240 statements to build and one to bring back; a gate that was prepared, submitted and
concluded even more. What was built is known by what it was built on: on an untouched database, or on something that
was itself remembered, with not one row written in between.
"""

import pickle
from collections import Counter
from collections.abc import Callable, Hashable
from functools import cache, wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.db import connection
from django.db.models import Model
from psycopg import sql

from audit.models import Event

Made = TypeVar("Made")
Asked = ParamSpec("Asked")
Path = tuple[Hashable, ...]


class Place(NamedTuple):
    """Where a test's transaction stands: which one it is, and how many rows it has written."""

    #: None where nothing is written yet, or where each statement is a transaction of its own.
    transaction: str | None
    written: int


_remembered: dict[Path, tuple[str, bytes]] = {}
#: How often each was built; what is built once only is not worth remembering.
_built: Counter[Path] = Counter()
#: Where the last remembered building ended, and what had been built by then.
_last: tuple[Place, Path] | None = None


def remembering(build: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """Let a function of the tests remember what it makes, for the same arguments on the same ground."""

    @wraps(build)
    def built(*args: Asked.args, **kwargs: Asked.kwargs) -> Made:
        asked = (args, tuple(sorted(kwargs.items())))
        return remembered((build.__module__, build.__qualname__, _plain(asked)), lambda: build(*args, **kwargs))

    return built


def remembered(name: Hashable, build: Callable[[], Made]) -> Made:
    """What `build` makes; from the third time on, its rows are put back as they were.

    The ids are the ones of an earlier building. The sequences have moved past them, so nothing that is built later
    meets them.
    """
    ground = _ground()
    if ground is None:
        return build()
    path = (*ground, name)
    known = _remembered.get(path)
    made: Made
    if known is None:
        made = _build_and_remember(path, build) if _built[path] else build()
        _built[path] += 1
    else:
        statements, pickled = known
        with connection.cursor() as cursor:
            # What is frozen once it stands was written by verbs before, keys and all: no trigger needs to look again.
            cursor.execute(
                f"SET session_replication_role = replica; {statements}; SET session_replication_role = origin"
            )
        made = pickle.loads(pickled)  # noqa: S301  pickled a moment ago by this process
    global _last  # noqa: PLW0603  the database of this process is one, too
    _last = (_place(), path)
    return made


#: As in pg_stat_xact_user_tables, which takes ten times longer, since it counts the scans of all indexes, too.
_WRITTEN = """
SELECT pg_current_xact_id_if_assigned()::text, sum(
    pg_stat_get_xact_tuples_inserted(place) + pg_stat_get_xact_tuples_updated(place)
    + pg_stat_get_xact_tuples_deleted(place))::int
FROM unnest(%s::oid[]) place
"""


def _ground() -> Path | None:
    """What the database holds, as a list of what was remembered; None where it holds anything else."""
    here = _place()
    if _last is not None and here.transaction and here == _last[0]:
        return _last[1]
    return None if Event.objects.exists() else ()


def _place() -> Place:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN, [_places()])
        return Place(*cursor.fetchone())


def _build_and_remember(path: Path, build: Callable[[], Made]) -> Made:
    before = _rows()
    made = build()
    _remembered[path] = (_as_statements(before, _rows()), pickle.dumps(made))
    return made


def _plain(value: Any) -> Hashable:
    """Something that is equal for equal arguments; rows are told apart by all their columns."""
    if isinstance(value, Model):
        return type(value).__name__, tuple(repr(getattr(value, field.attname)) for field in value._meta.concrete_fields)
    if isinstance(value, list | tuple):
        return tuple(_plain(one) for one in value)
    if isinstance(value, dict):
        return tuple((name, _plain(one)) for name, one in sorted(value.items()))
    if hasattr(value, "__dataclass_fields__"):
        return type(value).__name__, _plain(vars(value))
    return repr(value)


@cache
def _places() -> list[int]:
    """The object ids of all tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid::int FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        return [place for (place,) in cursor.fetchall()]


@cache
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


def _rows() -> dict[str, list[str]]:
    """Every table's rows, each as one JSON text."""
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {name}, array_agg(row_to_json(one)::text) FROM {table} one").format(
            name=sql.Literal(table), table=sql.Identifier(table)
        )
        for table in _tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {table: rows or [] for table, rows in cursor.fetchall()}


def _as_statements(before: dict[str, list[str]], after: dict[str, list[str]]) -> str:
    """Statements that write the rows that are new or have changed; the latter are written over."""
    statements = []
    for table, columns in _tables().items():
        known = set(before[table])
        rows = [row for row in after[table] if row not in known]
        if rows:
            statements.append(
                sql.SQL(
                    "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE"
                    " SELECT {columns} FROM json_populate_recordset(NULL::{table}, {rows})"
                    " ON CONFLICT ON CONSTRAINT {key} DO UPDATE SET ({columns}) = ROW ({new})"
                ).format(
                    table=sql.Identifier(table),
                    key=sql.Identifier(f"{table}_pkey"),
                    columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
                    new=sql.SQL(", ").join(sql.Identifier("excluded", column) for column in columns),
                    rows=sql.Literal(f"[{','.join(rows)}]"),
                )
            )
    return sql.SQL("; ").join(statements).as_string(connection.connection)
