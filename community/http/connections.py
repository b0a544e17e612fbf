"""Whether the connections that a thread keeps still live, found out without asking the database."""

import select
from typing import Any

from django.db import connections


def drop_the_dead() -> None:
    """Close those of this thread's connections to PostgreSQL that have ended, so that they are made anew when needed.

    A server that ends (a restart, an administrator) says so: the socket of a connection that should be silent is
    readable. Only then is it asked, which Django otherwise does before the first query of every request. After an error
    it is asked too, and one that was left within a transaction is closed.
    """
    for one in connections.all(initialized_only=True):
        connection: Any = one  # the health check is no part of its stubs
        if connection.errors_occurred or not connection.autocommit:
            connection.close_if_unusable_or_obsolete()
        if connection.vendor == "postgresql" and connection.connection is not None:
            if connection.connection.closed or not _silent(connection.connection.fileno()):
                connection.health_check_done = False
                connection.close_if_health_check_failed()
            connection.health_check_done = True


def _silent(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return not poll.poll(0)
