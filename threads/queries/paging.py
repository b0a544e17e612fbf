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
    sign = "-" if descending else ""
    found = rows.order_by(f"{sign}{column}", f"{sign}id")
    if after:
        found = found.filter(_beyond(column, descending=descending, cursor=after))
    page = list(found[: limit + 1])
    if len(page) <= limit:
        return page, None
    last = page[limit - 1]
    return page[:limit], encode(getattr(last, column), last.pk)


def _beyond(column: str, *, descending: bool, cursor: str) -> Q:
    text, pk = decode(cursor)
    value: datetime | int = moment(text) if column.endswith("_at") else int(text)
    compare = "lt" if descending else "gt"
    return Q(**{f"{column}__{compare}": value}) | Q(**{column: value, f"id__{compare}": pk})
