"""New rows with SQL that is made once for each model, for what every post writes.

Django builds the statement anew for every row, which takes several times as long as running it. How the database wants
a value (a time on SQLite, JSON) is still asked of its field, unless it takes the value as a model holds it.

Fields are not asked for a value of their own (`pre_save`): `auto_now` and `auto_now_add` set nothing, files are not
stored. Nor are models' `save` and Django's signals called.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, ForeignKey, Model
from django.db.models import fields as kinds
from django.db.models.fields.json import JSONField

from community.rules.statements import execute, rows_of, table

Names = tuple[str, ...]
Values = Sequence[Any]
Maker = Callable[[Any, Any], Any]

_AT_ONCE = 200
_PLAIN: tuple[type["Field[Any, Any]"], ...] = (
    kinds.BooleanField, kinds.CharField, kinds.IntegerField, kinds.TextField
)  # fmt: skip


def insert(row: Model) -> None:
    """Write a new row with the values that it has, and give it its id."""
    names = _all(type(row))
    ((row.pk,),) = rows_of(_insert(type(row), names), _values(row, names))
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert_all(rows: Sequence[Model], *, unless_there: bool = False) -> None:
    """Write new rows of one model, in one statement for each 200; they do not get to know their ids.

    With `unless_there` those are left out that a unique constraint refuses.
    """
    if rows:
        model = type(rows[0])
        attributes = [field.attname for field in _fields(model, _all(model))]
        given = [[row.__dict__[name] for name in attributes] for row in rows]
        insert_values(model, _all(model), given, unless_there=unless_there)


def insert_values(model: type[Model], names: Names, rows: Sequence[Values], *, unless_there: bool = False) -> None:
    """Write new rows, given as the values of these fields, as `insert_all` does: of many rows no models are made."""
    into, types, makers = _insert_table(model, names)
    for start in range(0, len(rows), _AT_ONCE):
        given, values = table(types, [_made(row, makers) for row in rows[start : start + _AT_ONCE]])
        execute(f"{into} {given}{' ON CONFLICT DO NOTHING' if unless_there else ''}", values)


def save(row: Model, *names: str) -> None:
    """Write these fields of a row as they are."""
    execute(_update(type(row), names), [*_values(row, names), row.pk])


def _values(row: Model, names: Names) -> list[Any]:
    attributes, makers = _columns(type(row), names)
    given = row.__dict__
    return _made([given[name] for name in attributes], makers)


def _made(values: Values, makers: Sequence[Maker | None]) -> list[Any]:
    """What the database wants for these values."""
    connection = connections[DEFAULT_DB_ALIAS]
    return [value if make is None else make(value, connection) for value, make in zip(values, makers, strict=True)]


@cache
def _all(model: type[Model]) -> Names:
    """All fields but the key, which the database gives."""
    return tuple(field.name for field in model._meta.concrete_fields if not field.primary_key)


@cache
def _fields(model: type[Model], names: Names) -> list[Any]:
    return [model._meta.get_field(name) for name in names]


@cache
def _columns(model: type[Model], names: Names) -> tuple[list[str], list[Maker | None]]:
    fields = _fields(model, names)
    return [field.attname for field in fields], [_maker(field) for field in fields]


@cache
def _insert(model: type[Model], names: Names) -> str:
    places = ", ".join(["%s"] * len(names))
    return f'{_into(model, names)} VALUES ({places}) RETURNING "{_key(model)}"'


@cache
def _insert_table(model: type[Model], names: Names) -> tuple[str, list[str], list[Maker | None]]:
    fields = _fields(model, names)
    types = [field.db_type(connections[DEFAULT_DB_ALIAS]) for field in fields]
    return _into(model, names), types, [_maker(field, in_table=True) for field in fields]


@cache
def _update(model: type[Model], names: Names) -> str:
    columns = ", ".join(f'"{field.column}" = %s' for field in _fields(model, names))
    return f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "{_key(model)}" = %s'  # noqa: S608


def _into(model: type[Model], names: Names) -> str:
    columns = ", ".join(f'"{field.column}"' for field in _fields(model, names))
    return f'INSERT INTO "{model._meta.db_table}" ({columns})'


def _key(model: type[Model]) -> str:
    meta: Any = model._meta
    return str(meta.pk.column)


def _maker(field: Any, *, in_table: bool = False) -> Maker | None:
    """What makes of the field's values what the database wants; None when it takes them as they are."""
    kind = field.target_field if isinstance(field, ForeignKey) else field
    taken = _PLAIN
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        taken += (kinds.DateTimeField, JSONField) if in_table else (kinds.DateTimeField,)
    return None if isinstance(kind, taken) else field.get_db_prep_save
