"""Statements that the database keeps ready: for what every page asks and every post writes.

Django's own cursors for PostgreSQL put the values into the text, so that every statement is planned anew: that takes it
several times as long as doing it.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from json import JSONEncoder
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX, SQLiteCursorWrapper

from community.rules.readers import give_way
from community.rules.ready import ready

Row = tuple[Any, ...]


def kept_cursor(connection: Any = None, *, times: bool = True) -> Any:
    """A cursor that gives the values beside the text, for one statement whose rows are all read before the next.

    Without `times` these are as the database has them, which on PostgreSQL are words as well.
    """
    give_way()
    connection = connection or connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    if connection.vendor != "postgresql":
        return connection._prepare_cursor(connection.connection.cursor(factory=_SqliteCursor))
    return connection._prepare_cursor(ready(connection).cursors[times])


class _SqliteCursor(SQLiteCursorWrapper):
    """Django's, which puts SQLite's own marks for values into every text every time; this one remembers."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """The text with SQLite's marks for values."""
        if param_names is not None:
            return str(super().convert_query(query, param_names=param_names))
        return _with_marks(query)


_MOST_MARKED = 1_000
_marked: dict[str, str] = {}


def _with_marks(query: str) -> str:
    known = _marked.get(query)
    if known is None:
        known = FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
        if len(_marked) < _MOST_MARKED:
            _marked[query] = known
    return known


def answered(connection: Any, sql: str, values: Sequence[Any], *, times: bool = False) -> list[Row]:
    """The rows, past Django's cursors as long as nobody has them count, wrap or refuse: they take as long as SQLite.

    Times are words, as the database has them, for whoever does not want `times`.
    """
    if _is_watched(connection):
        with kept_cursor(connection, times=times) as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())
    give_way()
    with connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            return ready(connection).rows(sql, values, times=times)
        rows: list[Row] = connection.connection.execute(_with_marks(sql), values).fetchall()
        return rows


def execute(sql: str, values: Sequence[Any]) -> None:
    """Do what gives no rows."""
    connection: Any = connections[DEFAULT_DB_ALIAS]
    if _is_watched(connection):
        with kept_cursor(connection) as cursor:
            cursor.execute(sql, values)
        return
    answered(connection, sql, values)


def rows_of(sql: str, values: Sequence[Any]) -> list[Row]:
    """Do what gives rows."""
    return answered(connections[DEFAULT_DB_ALIAS], sql, values, times=True)


def _is_watched(connection: Any) -> bool:
    return bool(
        connection.connection is None
        or connection.needs_rollback
        or connection.execute_wrappers
        or connection.queries_logged
    )


def table(types: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
    """Rows of values as a query, and the values. `types` are for PostgreSQL, where one text does for any number."""
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        names, query = _recordset(tuple(types))
        return query, [_json([dict(zip(names, row, strict=True)) for row in rows])]
    row = f"({', '.join(['%s'] * len(types))})"
    return f"VALUES {', '.join([row] * len(rows))}", [value for values in rows for value in values]


@cache
def _recordset(types: tuple[str, ...]) -> tuple[list[str], str]:
    """One text of JSON as rows: arrays would do as well, but their text is made in Python, sign by sign."""
    names = [f"c{place}" for place in range(len(types))]
    columns = ", ".join(f"{name} {kind}" for name, kind in zip(names, types, strict=True))
    return names, f"SELECT * FROM json_to_recordset(%s::json) AS given({columns})"  # noqa: S608


def _in_json(value: object) -> str:
    """A time, for which JSON has no form of its own."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} in a table of values")


_json = JSONEncoder(ensure_ascii=False, default=_in_json).encode
