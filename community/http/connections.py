"""Whether the connections that a thread keeps still live, found out without asking the database."""

import select

from django.db import connections


def spare_the_living() -> None:
    """Spare this thread's connections to PostgreSQL Django's own check, a query before the first one of each request.

    A server that ends (a restart, an administrator) says so, so the socket of a connection that should be silent is
    readable. Such a one is left to Django's check, which makes it anew.
    """
    for connection in connections.all(initialized_only=True):
        if connection.vendor == "postgresql" and connection.connection is not None:
            lives = not connection.connection.closed and _silent(connection.connection.fileno())
            connection.health_check_done = lives  # type: ignore[attr-defined]  # Django's, but not in its stubs


def _silent(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return not poll.poll(0)
