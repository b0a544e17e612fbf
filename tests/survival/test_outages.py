"""Outages under load: every acknowledged post is there once, and every client ends equal to the database, in order."""

import asyncio
import os
import random
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import psycopg
import pytest

from tests.live import LiveSite, run_python
from tests.processes import alive, command, descendants, until
from tests.services import free_port, redis
from tests.survival.crowds import PATIENCE_SECONDS, Goal, Listener, Room, Writers, newest, room_of

pytestmark = pytest.mark.both_databases

SEED = "tests.survival.crowds:seed"
WRITERS, POSTS_EACH, LISTENERS = 20, 10, 200
ALL = WRITERS * POSTS_EACH


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


async def through(room: Room, befalls: Callable[[Writers], Coroutine[Any, Any, None]]) -> None:
    """Twenty write and two hundred listen, dropping at random, while something befalls the site."""
    writers, goal, chance = Writers(room), Goal(), random.Random(3)
    listeners = [
        Listener(room, room.tokens[number % len(room.tokens)], random.Random(chance.random()))
        for number in range(LISTENERS)
    ]
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as tasks:
        for listener in listeners:
            tasks.create_task(listener.listen(goal))
        writing = [tasks.create_task(writers.write(number, POSTS_EACH)) for number in range(WRITERS)]
        befalling = tasks.create_task(befalls(writers))
        await asyncio.gather(befalling, *writing)
        goal.seq, posts = await newest(room)
    assert len(writers.acknowledged) == ALL
    assert sorted(writers.acknowledged.values()) == sorted(posts[1:])
    for listener in listeners:
        assert listener.wrong == []
        assert listener.posts == posts
    assert sum(listener.returns for listener in listeners) >= LISTENERS


def replaced(site: LiveSite, victim: int) -> bool:
    """Whether another process has taken that one's place."""
    return not alive(victim) and len(web_processes(site)) == 2


def web_processes(site: LiveSite) -> list[int]:
    """The process ids of the site's web processes."""
    assert site.server
    return [pid for pid in sorted(descendants(site.server.pid)) if b"realtime.server" in command(pid)]


async def test_a_process_killed_under_load_loses_nothing(crowded: Callable[..., LiveSite]) -> None:
    site = crowded(**({"REDIS_URL": os.environ["REDIS_URL"]} if "REDIS_URL" in os.environ else {}))

    async def kill(writers: Writers) -> None:
        for posts in (ALL // 4, ALL // 2):
            await writers.have_written(posts)
            victim = random.choice(web_processes(site))
            os.kill(victim, signal.SIGKILL)
            await asyncio.to_thread(until, partial(replaced, site, victim))

    await through(room_of(site.data_dir, site.port), kill)


@pytest.mark.postgresql_only
async def test_redis_gone_under_load_loses_nothing(crowded: Callable[..., LiveSite]) -> None:
    port = free_port()
    with ExitStack() as there:
        there.enter_context(redis.running(port))
        site = crowded(REDIS_URL=f"redis://127.0.0.1:{port}/0")

        async def stop(writers: Writers) -> None:
            await writers.have_written(ALL // 4)
            await asyncio.to_thread(there.close)
            await writers.have_written(3 * ALL // 4)
            await asyncio.to_thread(there.enter_context, redis.running(port))

        await through(room_of(site.data_dir, site.port), stop)
    assert "Traceback" not in site.log.read_text()
