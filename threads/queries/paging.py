"""Lists in keyset pages: a page costs the same wherever in the list it starts."""

from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from community.rules.cursors import decode, encode, moment

M = TypeVar("M", bound=Model)


def page_of(rows: QuerySet[M], column: str, *, descending: bool, after: str, limit: int) -> tuple[list[M], str | None]:
    """Up to `limit` rows by a column and then id, from after the cursor; and the cursor to go on from, None at the end.

    The column holds times (its name ends with `_at`) or numbers. Raises ValueError for a broken cursor.
    """
    page = list(beginning_of(rows, column, descending=descending, after=after, limit=limit))
    following = cursor_after(page[limit - 1], column) if len(page) > limit else None
    return page[:limit], following


def beginning_of(rows: QuerySet[M], column: str, *, descending: bool, after: str, limit: int) -> QuerySet[M]:
    """The rows of that page, and one more where there is more."""
    sign = "-" if descending else ""
    found = rows.order_by(f"{sign}{column}", f"{sign}id")
    if after:
        found = found.filter(_beyond(column, descending=descending, cursor=after))
    return found[: limit + 1]


def cursor_after(last: Model, column: str) -> str:
    """The cursor to go on from after this row."""
    return encode(getattr(last, column), last.pk)


def _beyond(column: str, *, descending: bool, cursor: str) -> Q:
    text, pk = decode(cursor)
    value: datetime | int = moment(text) if column.endswith("_at") else int(text)
    compare = "lt" if descending else "gt"
    return Q(**{f"{column}__{compare}": value}) | Q(**{column: value, f"id__{compare}": pk})
