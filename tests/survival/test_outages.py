"""Outages under load: every acknowledged post is there once, and every client ends equal to the database, in order."""

import asyncio
import os
import random
import signal
from collections.abc import Callable
from functools import partial

import pytest

from tests.live import LiveSite
from tests.operations.trees import server_of, web_processes
from tests.processes import alive, until
from tests.services import free_port
from tests.services.redis import Stoppable
from tests.survival.crossing import crossing
from tests.survival.crowds import Writers, room_of
from tests.survival.trials import ALL, through

pytestmark = pytest.mark.both_databases

AWAY_SECONDS, LIVE_AGAIN_SECONDS = 10.0, 5.0  # what is promised of an outage of Redis


def replaced(site: LiveSite, victim: int) -> bool:
    """Whether another process has taken that one's place."""
    return not alive(victim) and len(web_processes(site)) == 2


async def test_a_process_killed_under_load_loses_nothing(crowded: Callable[..., LiveSite]) -> None:
    site = crowded(**({"REDIS_URL": os.environ["REDIS_URL"]} if "REDIS_URL" in os.environ else {}))

    async def kill(writers: Writers) -> None:
        for posts in (ALL // 4, ALL // 2):
            await writers.have_written(posts)
            victim = random.choice(sorted(web_processes(site)))
            os.kill(victim, signal.SIGKILL)
            await asyncio.to_thread(until, partial(replaced, site, victim))

    await through(room_of(site.data_dir, site.port), kill)


@pytest.mark.postgresql_only
async def test_redis_gone_under_load_loses_nothing(crowded: Callable[..., LiveSite]) -> None:
    redis = Stoppable(free_port())
    with redis:
        site = crowded(REDIS_URL=redis.url)
        room = room_of(site.data_dir, site.port)

        async def away(writers: Writers) -> None:
            writers.more = True
            async with crossing(room, partial(server_of, site)) as across:
                await across.works()
                await writers.have_written(ALL // 4)
                await asyncio.to_thread(redis.stop)
                await asyncio.sleep(AWAY_SECONDS)
                await asyncio.to_thread(redis.start)
                async with asyncio.timeout(LIVE_AGAIN_SECONDS):
                    await across.works()
            writers.more = False

        await through(room, away)
    assert "Traceback" not in site.log.read_text()
