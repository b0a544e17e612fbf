"""The process tree as in production: PostgreSQL, Redis, several web processes."""

import os
from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.live import LiveSite

pytestmark = pytest.mark.postgresql_only

NAME = "guildhall_served"


@pytest.fixture
def database_url() -> Iterator[str]:
    """An empty database on the run's own server."""
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {NAME}")
        yield server.rpartition("/")[0] + f"/{NAME}"
        connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def test_it_serves_with_several_processes(start_site: Callable[..., LiveSite], database_url: str) -> None:
    site = start_site(
        seed="tests.operations.test_serve:nothing",
        processes=2,
        settings={"DATABASE_URL": database_url, "REDIS_URL": os.environ["REDIS_URL"]},
        prepare=True,
    )

    assert "without REDIS_URL" not in site.log.read_text()
    assert site.manage("migrate", "--check") == ""
    assert site.stop() == 0
    assert "Traceback" not in site.log.read_text()
