"""Statements that the database keeps ready: for what every page asks and every post writes.

Django's own cursors for PostgreSQL put the values into the text, so that every statement is planned anew: that takes it
several times as long as doing it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection as default_connection

Row = tuple[Any, ...]


def kept_cursor(connection: Any = default_connection) -> Any:
    """A cursor that gives the values beside the text. Numbers are of one type there, small or large."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from psycopg.types.numeric import Int8Dumper

    connection.ensure_connection()
    cursor = connection.Database.Cursor(connection.connection)
    cursor.adapters.register_dumper(int, Int8Dumper)
    return connection._prepare_cursor(cursor)


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
    """Rows of values as a query, and its values. `types` are PostgreSQL's, where the text is one for any number of rows."""
    if default_connection.vendor == "postgresql":
        columns = ", ".join(f"%s::{name}[]" for name in types)
        return f"SELECT * FROM unnest({columns})", [list(column) for column in zip(*rows, strict=True)]
    row = f"({', '.join(['%s'] * len(types))})"
    return f"VALUES {', '.join([row] * len(rows))}", [value for values in rows for value in values]
