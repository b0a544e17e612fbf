"""Whether marks can be relied upon: all triggers that raise them have to be there, and this very text of each."""

import time
from typing import Any

from community.facts.marks import MARKS, WATCHED
from community.rules.marking import PREFIX, trigger

_LOOKED_AT = {
    "sqlite": f"SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '{PREFIX}%'",  # noqa: S608  (our own)
    "postgresql": "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"  # noqa: S608  (our own)
    f" WHERE tgname LIKE '{PREFIX}%' AND tgenabled <> 'D' AND NOT tgisinternal"
    " AND pg_table_is_visible(tgrelid)",
}
# A migration by another process may take them away for a while.
_SECONDS = 20.0

_seen: dict[tuple[str, str], tuple[float, bool]] = {}


def wanted(vendor: str) -> dict[str, list[str]]:
    """The triggers that there have to be, by name, and how each is made."""
    made = (
        trigger(vendor, MARKS, table=each.table, event=event, ids=each.marks, columns=each.columns)
        for each in WATCHED
        for event in each.when
    )
    return dict(made)


def present(connection: Any) -> dict[str, str]:
    """The triggers that there are, and the table of each. Asked past Django's cursors, so that nobody counts it."""
    connection.ensure_connection()
    return dict(connection.connection.execute(_LOOKED_AT[connection.vendor]).fetchall())


def reliable(connection: Any) -> bool:
    """Whether what was read with its marks is still true as long as they are the same, in this very moment.

    Not within a transaction on PostgreSQL, where they are raised at its end. Looked up every few seconds.
    """
    if connection.in_atomic_block and connection.vendor == "postgresql":
        return False
    key = connection.vendor, str(connection.settings_dict["NAME"])
    at, found = _seen.get(key, (0.0, False))
    now = time.monotonic()
    if not found or now - at > _SECONDS:
        found = present(connection).keys() == wanted(connection.vendor).keys()
        _seen[key] = now, found
    return found
