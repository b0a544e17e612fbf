"""Putting up the triggers that raise marks, and taking them down while tables change."""

from typing import Any

from django.db import transaction

from community.facts.marks import MARKS, WATCHED, subjects
from community.queries.marks import present, wanted
from community.rules.marking import drawn, untrigger


def put_up(connection: Any) -> None:
    """Have exactly the triggers that are wanted. When one was missing, what it missed is not known: all is new then."""
    tables = set(connection.introspection.table_names())
    if not {MARKS, *(each.table for each in WATCHED)} <= tables:
        return
    there, due = present(connection), wanted(connection.vendor)
    if there.keys() == due.keys():
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        _take_down(connection, cursor, {name: there[name] for name in there.keys() - due.keys()})
        for name in sorted(due.keys() - there.keys()):
            for statement in due[name]:
                cursor.execute(statement, None)
        cursor.execute(f"DELETE FROM {MARKS}")  # noqa: S608  (our own names)
        cursor.execute(
            f"INSERT INTO {MARKS} (id, stamp) SELECT id, {drawn(connection.vendor)} FROM ({subjects()}) AS every"  # noqa: S608
        )


def take_down(connection: Any) -> None:
    """Have none: they would stand in the way of a table that is made anew, or be lost with it."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        _take_down(connection, cursor, present(connection))


def _take_down(connection: Any, cursor: Any, names: dict[str, str]) -> None:
    for name, table in names.items():
        cursor.execute(untrigger(connection.vendor, name, table), None)
