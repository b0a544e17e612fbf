"""Sites of two processes with a crowd's seed, on the database of the run."""

import os
from collections.abc import Callable, Iterator

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
    name = f"guildhall_survival_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield {"DATABASE_URL": os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def crowded(start_site: Callable[..., LiveSite], settings: dict[str, str]) -> Callable[..., LiveSite]:
    """Starts a site of two processes with the crowd's seed, on this run's database: `crowded(REDIS_URL=...)`."""

    def start(**more: str) -> LiveSite:
        if not settings:
            return start_site(seed=SEED, processes=2, settings=more)
        site = start_site(
            seed="tests.operations.test_serve:nothing", processes=2, settings=settings | more, prepare=True
        )
        run_python(site.environment, "-m", "tests.live", SEED)
        return site

    return start
