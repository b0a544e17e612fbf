"""Rows written as they are, many at once: by COPY on PostgreSQL, by one prepared statement on SQLite."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection

from threads.models import Post, SearchEntry, Thread

Row = tuple[Any, ...]
_REBUILT = """
    ALTER TABLE threads_posting DROP CONSTRAINT threads_posting_pkey;
    DROP INDEX threads_posting_of_entry;
    DROP INDEX threads_searchentry_vector;
"""
_REBUILDING = """
    ALTER TABLE threads_posting ADD PRIMARY KEY (slot, impact, entry_id);
    CREATE INDEX threads_posting_of_entry ON threads_posting (entry_id, slot, impact);
    CREATE INDEX threads_searchentry_vector ON threads_searchentry USING gin (vector) WITH (fastupdate = off);
"""
_ENTRY_BITS, _IMPACT_BITS = 28, 12
_AT_ONCE = 50_000


@contextmanager
def in_bulk() -> Iterator[None]:
    """While rows are written: no foreign keys are checked, and PostgreSQL makes the large indexes at the end."""
    if connection.vendor == "sqlite":
        with connection.constraint_checks_disabled():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET maintenance_work_mem = '512MB'")
        cursor.execute(_REBUILT)
        yield
        cursor.execute(_REBUILDING)
        cursor.execute("RESET session_replication_role; RESET maintenance_work_mem")
        for sql in connection.ops.sequence_reset_sql(no_style(), [Thread, Post, SearchEntry, Thread.tags.through]):
            cursor.execute(sql)


def put(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows into a table."""
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            sql = f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608
            left = iter(rows)
            while some := list(islice(left, _AT_ONCE)):
                cursor.executemany(sql, some)
            return
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def read(table: str, order: str = "id") -> tuple[list[str], list[Row]]:
    """The columns of a table that are written, and its rows as the database gives them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608
        columns = [each[0] for each in cursor.description if each[0] != "vector"]
        names = ", ".join(f'"{name}"' for name in columns)
        cursor.execute(f"SELECT {names} FROM {table} ORDER BY {order}")  # noqa: S608
        return columns, cursor.fetchall()


def next_id(table: str) -> int:
    """The first id that no row of a table has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")  # noqa: S608
        (found,) = cursor.fetchone()
        return int(found)


class Postings:
    """Postings collected, each as one number, and written in the order of the table's key."""

    def __init__(self) -> None:
        self._packed = array("Q")

    def add(self, entry: int, said: Iterable[tuple[int, int]]) -> None:
        """Slots and impacts of an entry."""
        self._packed.extend(
            (slot << _IMPACT_BITS | impact) << _ENTRY_BITS | entry for slot, impact in said
        )  # fmt: skip

    def write(self) -> int:
        """Write them; how many."""
        found = sorted(self._packed)
        entries, impacts = (1 << _ENTRY_BITS) - 1, (1 << _IMPACT_BITS) - 1
        rows = (
            (each >> _ENTRY_BITS + _IMPACT_BITS, each >> _ENTRY_BITS & impacts, each & entries) for each in found
        )  # fmt: skip
        put("threads_posting", ("slot", "impact", "entry_id"), rows)
        return len(found)
