"""Statements that PostgreSQL keeps ready, without psycopg's cursors: those take longer than a short statement does."""

import re
from collections.abc import Sequence
from itertools import count
from typing import Any

from psycopg import Connection, Cursor, OperationalError, postgres
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import TextLoader

Row = tuple[Any, ...]
_Key = tuple[str, tuple[int, ...]]

_MARKS = re.compile(r"%[s%]")
_MOST_READY = 300
# The statement is not there (a pooler between us), or its tables have changed since.
_OUTDATED = (b"26000", b"0A000")
_TIME = postgres.types["timestamptz"].oid


class KeptCursor(Cursor[Any]):
    """One for all the statements of a connection. Numbers are of one type there, small or large."""

    def __init__(self, connection: Any, *, times: bool) -> None:
        super().__init__(connection)
        self.adapters.register_dumper(int, Int8Dumper)
        if not times:
            self.adapters.register_loader(_TIME, TextLoader)

    def close(self) -> None:
        """Stay open, for the next statement."""


class Ready:
    """What one connection has ready. Nobody else uses the connection meanwhile, so nothing is locked."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._names: dict[_Key, bytes] = {}
        self._numbers = count()
        self.cursors = {times: KeptCursor(connection, times=times) for times in (False, True)}
        self._adapting = {times: Transformer(cursor) for times, cursor in self.cursors.items()}

    def rows(self, sql: str, values: Sequence[Any], *, times: bool) -> list[Row]:
        """The rows of a statement, none when it gives none; without `times` these are as PostgreSQL writes them."""
        adapting = self._adapting[times]
        written = adapting.dump_sequence(values, [PyFormat.AUTO] * len(values))
        self._begin()
        result = self._done((sql, adapting.types or ()), written, adapting.formats)
        if result.status != ExecStatus.TUPLES_OK:
            return []
        adapting.set_pgresult(result)
        return adapting.load_rows(0, result.ntuples, tuple)

    def _begin(self) -> None:
        """What psycopg does before the first statement of a transaction."""
        if not self._connection.autocommit and self._connection.pgconn.transaction_status == TransactionStatus.IDLE:
            self._checked(self._connection.pgconn.exec_(b"BEGIN"))

    def _done(self, key: _Key, written: Sequence[Any], formats: Sequence[int] | None) -> PGresult:
        name = self._names.get(key) or self._made_ready(key)
        pgconn = self._connection.pgconn
        result = pgconn.exec_prepared(name, written, formats)
        if result.status == ExecStatus.FATAL_ERROR and result.error_field(DiagnosticField.SQLSTATE) in _OUTDATED:
            del self._names[key]
            if pgconn.transaction_status == TransactionStatus.IDLE:
                result = pgconn.exec_prepared(self._made_ready(key), written, formats)
        return self._checked(result)

    def _made_ready(self, key: _Key) -> bytes:
        sql, types = key
        if len(self._names) >= _MOST_READY:
            oldest = self._names.pop(next(iter(self._names)))
            self._checked(self._connection.pgconn.close_prepared(oldest))
        name = b"ready_%d" % next(self._numbers)
        self._checked(self._connection.pgconn.prepare(name, _numbered(sql).encode(), types))
        self._names[key] = name
        return name

    def _checked(self, result: PGresult) -> PGresult:
        if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            return result
        pgconn = self._connection.pgconn
        if pgconn.status != ConnStatus.OK:
            raise OperationalError(pgconn.get_error_message())
        raise error_from_result(result)


def _numbered(sql: str) -> str:
    """The text with PostgreSQL's marks for values."""
    numbers = count(1)
    return _MARKS.sub(lambda mark: "%" if mark[0] == "%%" else f"${next(numbers)}", sql)


def ready(connection: Any) -> Ready:
    """What Django's connection has ready: as long as it lasts."""
    kept: Ready | None = getattr(connection.connection, "ready", None)
    if kept is None:
        kept = connection.connection.ready = Ready(connection.connection)
    return kept
