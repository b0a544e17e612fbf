"""New rows with SQL that is made once for each model, for what every post writes.

Django builds the statement anew for every row, which takes several times as long as running it. What it asks of the
columns' values (how a date or a list is stored) is still asked of its fields.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

from community.rules.statements import execute, rows_of, table

_AT_ONCE = 200


def insert(row: Model) -> None:
    """Write a new row, and give it its id."""
    into, key, fields = _statement(type(row))
    places = ", ".join(["%s"] * len(fields))
    ((row.pk,),) = rows_of(f"{into} VALUES ({places}) RETURNING {key}", _values(row, fields))
    row._state.adding, row._state.db = False, connection.alias


def insert_all(rows: Sequence[Model], *, unless_there: bool = False) -> None:
    """Write new rows of one model, in one statement for each 200; they do not get to know their ids.

    With `unless_there` those are left out that a unique constraint refuses.
    """
    for start in range(0, len(rows), _AT_ONCE):
        batch = rows[start : start + _AT_ONCE]
        into, _key, fields = _statement(type(batch[0]))
        given, values = table(_types(type(batch[0])), [_values(row, fields) for row in batch])
        execute(f"{into} {given}{' ON CONFLICT DO NOTHING' if unless_there else ''}", values)


def save(row: Model, *names: str) -> None:
    """Write these fields of a row."""
    sql, fields = _update(type(row), names)
    execute(sql, [*_values(row, fields), row.pk])


def _values(row: Model, fields: list[Any]) -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


@cache
def _statement(model: type[Model]) -> tuple[str, str, list[Any]]:
    meta: Any = model._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f'INSERT INTO "{meta.db_table}" ({columns})', f'"{meta.pk.column}"', fields


@cache
def _types(model: type[Model]) -> list[str]:
    return [field.db_type(connection) for field in _statement(model)[2]]


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    meta: Any = model._meta
    fields = [meta.get_field(name) for name in names]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    return f'UPDATE "{meta.db_table}" SET {columns} WHERE "{meta.pk.column}" = %s', fields  # noqa: S608
