"""The rows of a dump, checked and put where they can be sorted: a temporary SQLite database on disk.

It has no name, so nothing is left behind, even by a kill. Where there is little room in the system's folder for
temporary files, SQLITE_TMPDIR names another.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from threads.importers.columns import Column

CACHE_KIB = 32_000


class Staging:
    """Tables named like the dump's files, each row with a `line` and, once judged, a `reason` for leaving it out."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.row_factory = sqlite3.Row
        for setting in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{CACHE_KIB}", "temp_store=FILE"):
            self._base.execute(f"PRAGMA {setting}")

    def table(self, name: str, columns: Iterable[Column]) -> None:
        """Make a table whose rows are known by their Id."""
        kinds = {"Id": "INTEGER PRIMARY KEY"}
        declared = ", ".join(f"{column.name} {kinds.get(column.name, column.kind.sql)}" for column in columns)
        self._base.execute(f"CREATE TABLE {name} ({declared}, reason TEXT)")

    def add(self, name: str, rows: list[tuple[Any, ...]]) -> int:
        """Put rows in, the first of each Id only; how many were."""
        if not rows:
            return 0
        places = ", ".join("?" * len(rows[0]))
        statement = _about(name, "INSERT OR IGNORE INTO $table VALUES ($places, NULL)").replace("$places", places)
        self._base.execute("BEGIN")
        taken = self._base.executemany(statement, rows).rowcount
        self._base.execute("COMMIT")
        return taken

    def function(self, name: str, function: Callable[[str], str]) -> None:
        """Let statements call a function that depends on nothing but its argument."""
        self._base.create_function(name, 1, function, deterministic=True)

    def run(self, script: str) -> None:
        """Run statements that sort and judge what is there."""
        self._base.executescript(script)

    def count(self, name: str) -> int:
        """How many rows a table has."""
        return int(self.rows(_about(name, "SELECT count(*) FROM $table"))[0][0])

    def reasons(self, name: str) -> dict[str, int]:
        """Why how many rows of a table are left out."""
        query = _about(name, "SELECT reason, count(*) FROM $table WHERE reason IS NOT NULL GROUP BY reason")
        return {reason: int(number) for reason, number in self.rows(query)}

    def taken(self, name: str, size: int) -> Iterator[list[sqlite3.Row]]:
        """The rows of a table that are not left out, by Id, `size` at a time."""
        query = "SELECT Id AS key, * FROM $table WHERE reason IS NULL AND Id > ? ORDER BY Id LIMIT ?"
        return self.slices(_about(name, query), size)

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query; for queries whose answer is short."""
        return self._base.execute(query, values).fetchall()

    def slices(self, query: str, size: int) -> Iterator[list[sqlite3.Row]]:
        """The rows of a query `size` at a time. It is ordered by `key` and has two places: `key > ? ... LIMIT ?`."""
        key = _LOWEST
        while rows := self.rows(query, key, size):
            yield rows
            key = rows[-1]["key"]

    def close(self) -> None:
        """Drop everything."""
        self._base.close()


_LOWEST = -(1 << 62)


def _about(table: str, statement: str) -> str:
    """A statement about one of the tables, whose names come from the program and never from a dump."""
    return statement.replace("$table", table)
