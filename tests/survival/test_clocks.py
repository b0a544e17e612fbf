"""Clocks that jump by hours, otherwise in each process: nothing is lost, nobody leaves or is sent away."""

import asyncio
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from http import HTTPStatus
from itertools import chain

import httpx
import pytest

from tests.live import LiveSite
from tests.operations.trees import web_processes
from tests.processes import until
from tests.survival.crowds import PATIENCE_SECONDS, Goal, Listener, Room, Writers, room_of
from tests.survival.trials import ALL, through

pytestmark = pytest.mark.both_databases

SHIFTED = {"DJANGO_SETTINGS_MODULE": "tests.survival.shifted"}
HOUR = 3600.0
ALIVE_SECONDS = 5.0  # a little more than processes take to say again that they live
JUMPS = ((5 * HOUR, 0.0), (-4 * HOUR, 3 * HOUR), (0.0, -9 * HOUR))  # of both processes, one after another
VISITS = 20


def shift(site: LiveSite, offsets: Sequence[float]) -> None:
    """Has the clocks of the web processes be wrong by so much, as `tests.survival.shifted` reads it."""
    folder = site.data_dir / "clocks"
    folder.mkdir(exist_ok=True)
    for process, seconds in zip(sorted(web_processes(site)), offsets, strict=True):
        making = folder / f"{process}.making"
        making.write_text(str(seconds))
        making.rename(folder / str(process))


@pytest.fixture
def site(crowded: Callable[..., LiveSite]) -> LiveSite:
    """A site whose processes have clocks that can be set wrong, with the Redis of the run."""
    return crowded(**SHIFTED, **({"REDIS_URL": os.environ["REDIS_URL"]} if "REDIS_URL" in os.environ else {}))


async def test_clocks_that_jump_under_load_lose_nothing(site: LiveSite) -> None:
    room = room_of(site.data_dir, site.port)
    steady = [Listener(room, token) for token in room.tokens]

    async def jump(writers: Writers) -> None:
        for number, offsets in enumerate(JUMPS, start=1):
            shift(site, offsets)
            await writers.have_written(ALL * number // len(JUMPS))
            await asyncio.to_thread(visit, site, room.thread, room.session)

    await through(room, jump, steady)
    assert [listener.returns for listener in steady] == [0] * len(steady), "a socket was closed"
    assert "Traceback" not in site.log.read_text()
    assert spread(room) > 8 * HOUR, "the clocks were right"


@pytest.mark.postgresql_only
async def test_nobody_seems_to_leave_when_clocks_jump(site: LiveSite) -> None:
    room, goal = room_of(site.data_dir, site.port), Goal()
    steady = [Listener(room, token) for token in room.tokens]
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as tasks:
        for listener in steady:
            tasks.create_task(listener.listen(goal))
        everybody = partial(all_told, steady, len(steady))
        await asyncio.to_thread(until, everybody)
        for listener in steady:
            listener.present.clear()
        for offsets in JUMPS:
            shift(site, offsets)
            await asyncio.sleep(ALIVE_SECONDS)  # in which every process looks at its leases, and renews its own
        told = set(chain.from_iterable(listener.present for listener in steady))
        goal.seq = 0
    assert [listener.returns for listener in steady] == [0] * len(steady), "a socket was closed"
    assert told <= {len(steady)}, site.log.read_text()


def all_told(listeners: Sequence[Listener], total: int) -> bool:
    """Whether each was told last that so many are present."""
    return all(listener.present[-1:] == [total] for listener in listeners)


def visit(site: LiveSite, thread: int, session: str) -> None:
    """Somebody who has signed in reads on, on so many connections that both processes are asked."""
    for _ in range(VISITS):
        page = httpx.get(f"{site.url}/threads/{thread}/", cookies={"sessionid": session}, trust_env=False, timeout=60)
        assert page.status_code == HTTPStatus.OK, page.headers


def spread(room: Room) -> float:
    """Seconds between what the clocks said at the earliest and at the latest."""
    found = list[datetime]()
    after: str | None = ""
    with httpx.Client(headers={"Authorization": f"Bearer {room.tokens[0]}"}, trust_env=False, timeout=60) as client:
        while after is not None:
            page = client.get(room.posts, params={"after": after} if after else {}).raise_for_status().json()
            found += [datetime.fromisoformat(post["created_at"]) for post in page["items"]]
            after = page["next"]
    return (max(found) - min(found)).total_seconds()
