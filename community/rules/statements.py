"""Statements that the database keeps ready: for what every page asks and every post writes.

Django's own cursors for PostgreSQL put the values into the text, so that every statement is planned anew: that takes it
several times as long as doing it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection as default_connection
from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from psycopg.types.numeric import Int8Dumper

Row = tuple[Any, ...]


def kept_cursor(connection: Any = default_connection) -> Any:
    """A cursor that gives the values beside the text. Numbers are of one type there, small or large."""
    connection.ensure_connection()
    if connection.vendor != "postgresql":
        return connection._prepare_cursor(connection.connection.cursor(factory=_SqliteCursor))
    cursor = connection.Database.Cursor(connection.connection)
    cursor.adapters.register_dumper(int, Int8Dumper)
    return connection._prepare_cursor(cursor)


class _SqliteCursor(SQLiteCursorWrapper):
    """Django's, which puts SQLite's own marks for values into every text every time; this one remembers."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """The text with SQLite's marks for values."""
        if param_names is not None:
            return str(super().convert_query(query, param_names=param_names))
        known = _marked.get(query)
        if known is None:
            known = str(super().convert_query(query))
            if len(_marked) < _MOST_MARKED:
                _marked[query] = known
        return known


_MOST_MARKED = 1_000
_marked: dict[str, str] = {}


def execute(sql: str, values: Sequence[Any]) -> None:
    """Do what gives no rows."""
    with kept_cursor() as cursor:
        cursor.execute(sql, values)


def rows_of(sql: str, values: Sequence[Any]) -> list[Row]:
    """Do what gives rows."""
    with kept_cursor() as cursor:
        cursor.execute(sql, values)
        found: list[Row] = cursor.fetchall()
        return found


def table(types: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
    """Rows of values as a query, and the values. `types` are for PostgreSQL, where one text does for any number."""
    if default_connection.vendor == "postgresql":
        columns = ", ".join(f"%s::{name}[]" for name in types)
        return f"SELECT * FROM unnest({columns})", [list(column) for column in zip(*rows, strict=True)]  # noqa: S608
    row = f"({', '.join(['%s'] * len(types))})"
    return f"VALUES {', '.join([row] * len(rows))}", [value for values in rows for value in values]
