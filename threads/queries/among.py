"""Conditions on many whole numbers at once."""

import json
from collections.abc import Collection

from django.db import connection
from django.db.models import BooleanField, F, Func, Value


def among(column: str, ids: Collection[int]) -> Func:
    """Whether a column is one of these numbers, however many: they are one parameter.

    `IN` has one for each, and it took Django 20 ms to write a statement with 8,000.
    """
    if connection.vendor == "sqlite":
        numbers, test, end = Value(json.dumps(list(ids))), " IN (SELECT value FROM json_each(", "))"
    else:
        numbers, test, end = Value(list(ids)), " = ANY(", "::bigint[])"
    shape = {"template": f"%(expressions)s{end}", "arg_joiner": test}
    return Func(F(column), numbers, output_field=BooleanField(), **shape)
