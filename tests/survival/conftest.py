"""Sites of two processes with a crowd's seed, on the database of the run."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import uuid4

import psycopg
import pytest

from tests.live import LiveSite, run_python

SEED = "tests.survival.crowds:seed"


@pytest.fixture
def settings() -> Iterator[dict[str, str]]:
    """A database of this test's own on the run's PostgreSQL; nothing on SQLite."""
    if "DATABASE_URL" not in os.environ:
        yield {}
        return
    name = f"guildhall_survival_{uuid4().hex}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield {"DATABASE_URL": os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def crowded(start_site: Callable[..., LiveSite], settings: dict[str, str]) -> Iterator[Callable[..., LiveSite]]:
    """Starts a site of two processes with the crowd's seed, on this run's database: `crowded(REDIS_URL=...)`.

    It ends with the test: its database goes, and the next test's crowd has the same members.
    """
    stack = ExitStack()

    def start(**more: str) -> LiveSite:
        site = made(**more)
        stack.callback(lambda: site.stop() if site.server else None)
        return site

    def made(**more: str) -> LiveSite:
        if not settings:
            return start_site(seed=SEED, processes=2, settings=more)
        site = start_site(
            seed="tests.operations.test_serve:nothing", processes=2, settings=settings | more, prepare=True
        )
        run_python(site.environment, "-m", "tests.live", SEED)
        return site

    with stack:
        yield start
