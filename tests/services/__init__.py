"""Servers that the tests start for themselves, when their binaries are on the machine."""

import socket
from collections.abc import Callable

from tests.services import chromium, postgres, redis

FINDERS: dict[str, tuple[Callable[[], object | None], str, str]] = {
    "PostgreSQL": (postgres.find, "tests on PostgreSQL", "postgresql"),
    "Redis": (redis.find, "tests with Redis", "redis-server"),
    "Chromium": (chromium.find, "browser tests", "chromium"),
}


def missing() -> list[str]:
    """One line for each service whose binary is not there: what is not run, and what to install for it."""
    return [
        f"{what}: not run, {name} not found (Debian: apt-get install {package})"
        for name, (find, what, package) in FINDERS.items()
        if find() is None
    ]


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
