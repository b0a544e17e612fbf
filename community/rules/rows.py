"""New rows with SQL that is made once for each model, for what every post writes.

Django builds the statement anew for every row, which takes several times as long as running it. What it asks of the
columns' values (how a date or a list is stored) is still asked of its fields.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

_AT_ONCE = 200


def insert(*rows: Model) -> None:
    """Write new rows of one model, in one statement for each 200, and give them their ids."""
    for start in range(0, len(rows), _AT_ONCE):
        _insert(rows[start : start + _AT_ONCE])


def _insert(rows: Sequence[Model]) -> None:
    into, places, fields = _statement(type(rows[0]))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(into.format(", ".join([places] * len(rows))), values)
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = pk
            row._state.adding = False
            row._state.db = connection.alias


@cache
def _statement(model: type[Model]) -> tuple[str, str, list[Any]]:
    meta: Any = model._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    into = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES {{}} RETURNING "{meta.pk.column}"'  # noqa: S608
    return into, f"({', '.join(['%s'] * len(fields))})", fields
