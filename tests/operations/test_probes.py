"""`/healthz` and `/readyz`, with what they ask for there and away."""

import http.client
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.live import LiveSite, seeded
from tests.operations.scrapes import ask, scrape
from tests.processes import until
from tests.services import free_port, postgres, redis

EMPTY = "tests.operations.test_serve:nothing"
READY, ALIVE = (200, "ready\n"), (200, "ok\n")


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[LiveSite]:
    """A site while the block runs, whether or not it can answer pages."""
    site = LiveSite(folder, free_port(), settings=settings)
    try:
        site.launch()
        yield site
    finally:
        site.stop()


def test_they_answer_whatever_name_is_asked_for_and_without_https(tmp_path: Path) -> None:
    seeded(EMPTY, tmp_path)
    with serving(tmp_path, SECURE="1") as site:
        for name in ("10.0.0.7:8000", "monitor"):
            assert ask(site, "/readyz", Host=name) == READY
            assert ask(site, "/healthz", Host=name) == ALIVE
            assert ask(site, "/inbox/", Host=name)[0] in {301, 400}, "as ever"


def test_a_database_that_lacks_a_migration(tmp_path: Path) -> None:
    seeded(EMPTY, tmp_path)
    with sqlite3.connect(tmp_path / "guildhall.sqlite3") as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    with serving(tmp_path) as site:
        assert ask(site, "/readyz") == (503, "database: migrations are to be applied (manage.py migrate)\n")
        assert ask(site, "/healthz") == ALIVE


@pytest.mark.skipif(postgres.find() is None, reason="needs PostgreSQL")
def test_the_database_goes_and_comes_back(tmp_path: Path) -> None:
    port = free_port()
    url = f"postgres://guildhall@127.0.0.1:{port}/postgres"
    with postgres.cluster(port) as running, ExitStack() as stack:
        with running():
            LiveSite(tmp_path, 0, settings={"DATABASE_URL": url}).manage("migrate", "-v0")
            site = stack.enter_context(serving(tmp_path, DATABASE_URL=url))
            until(lambda: ask(site, "/readyz") == READY)

        status, text = ask(site, "/readyz")
        assert status == http.client.SERVICE_UNAVAILABLE
        assert "database: " in text
        assert ask(site, "/healthz") == ALIVE
        values = scrape(site)
        assert values["guildhall_database_up"] == 0
        assert "guildhall_outbox_rows" not in values

        with running():
            until(lambda: ask(site, "/readyz") == READY)
            until(lambda: scrape(site)["guildhall_database_up"] == 1)
            assert site.stop() == 0


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    """As one on a disk that hangs: it takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgres://guildhall@127.0.0.1:{silent.getsockname()[1]}/postgres"
        with serving(tmp_path, DATABASE_URL=url) as site:
            assert ask(site, "/readyz") == (503, "database: no answer within 2 s\n")
            assert scrape(site)["guildhall_database_up"] == 0
            assert ask(site, "/healthz") == ALIVE


@pytest.mark.skipif(redis.find() is None, reason="needs Redis")
def test_redis_away_is_told_but_the_site_is_ready(tmp_path: Path) -> None:
    seeded(EMPTY, tmp_path)
    port = free_port()
    with ExitStack() as stack:
        with redis.running(port) as url:
            site = stack.enter_context(serving(tmp_path, REDIS_URL=f"{url}/0"))
            until(lambda: ask(site, "/readyz") == READY)
        until(lambda: ask(site, "/readyz") == (200, "ready\nredis: away; live by the sweep\n"))
        with redis.running(port):
            until(lambda: ask(site, "/readyz") == READY)
