"""What the processor did for this process, and for the database's own process that answers it."""

import os
import time
from dataclasses import dataclass
from pathlib import Path


def seconds_of(process: int) -> float:
    """What a process has used so far, to a hundredth."""
    figures = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(figures[11]) + int(figures[12])) / os.sysconf("SC_CLK_TCK")


def server_seconds() -> float:
    """What PostgreSQL's process for this connection has used so far, to a hundredth; none on SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return seconds_of(pid)


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, of this process's processor time and of the database's."""

    clock: float
    own: float
    server: float

    @classmethod
    def now(cls) -> "Spent":
        """All that was spent until now."""
        return cls(time.perf_counter(), time.process_time(), server_seconds())

    @classmethod
    def here(cls) -> "Spent":
        """The same without asking the database what it used."""
        return cls(time.perf_counter(), time.process_time(), 0.0)

    @property
    def processor(self) -> float:
        """Of both."""
        return self.own + self.server

    def __sub__(self, before: "Spent") -> "Spent":
        return Spent(self.clock - before.clock, self.own - before.own, self.server - before.server)
