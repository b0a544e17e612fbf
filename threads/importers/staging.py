"""The rows of a dump, checked and put where they can be sorted: a temporary SQLite database on disk.

It has no name, so nothing is left behind, even by a kill. Where there is little room in the system's folder for
temporary files, SQLITE_TMPDIR names another.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any

CACHE_KIB = 32_000


class Staging:
    """Tables named like the dump's files, each row with a `line` and, once judged, a `reason` for leaving it out."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.row_factory = sqlite3.Row
        for setting in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{CACHE_KIB}", "temp_store=FILE"):
            self._base.execute(f"PRAGMA {setting}")

    def table(self, name: str, columns: Iterable[tuple[str, str]]) -> None:
        """Make a table whose rows are known by their Id."""
        kinds = {"Id": "INTEGER PRIMARY KEY"}
        declared = ", ".join(f"{column} {kinds.get(column, kind)}" for column, kind in columns)
        self._base.execute(f"CREATE TABLE {name} ({declared}, reason TEXT)")

    def add(self, name: str, rows: list[tuple[Any, ...]]) -> int:
        """Put rows in, the first of each Id only; how many were."""
        if not rows:
            return 0
        places = ", ".join("?" * len(rows[0]))
        self._base.execute("BEGIN")
        taken = self._base.executemany(f"INSERT OR IGNORE INTO {name} VALUES ({places}, NULL)", rows).rowcount
        self._base.execute("COMMIT")
        return taken

    def function(self, name: str, function: Callable[[str], str]) -> None:
        """Let statements call a function that depends on nothing but its argument."""
        self._base.create_function(name, 1, function, deterministic=True)

    def run(self, script: str) -> None:
        """Run statements that sort and judge what is there."""
        self._base.executescript(script)

    def one(self, query: str, *values: object) -> Any:
        """The only value of a query's only row."""
        return self._base.execute(query, values).fetchone()[0]

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query; for queries whose answer is short."""
        return self._base.execute(query, values).fetchall()

    def slices(self, query: str, size: int) -> Iterator[list[sqlite3.Row]]:
        """The rows of a query `size` at a time. It has two places to fill, `key > ? ... LIMIT ?`, and is ordered by `key`."""
        key: int | None = None
        while rows := self.rows(query, _LOWEST if key is None else key, size):
            yield rows
            key = rows[-1]["key"]

    def close(self) -> None:
        """Drop everything."""
        self._base.close()


_LOWEST = -(1 << 62)
