"""What a crowd goes through: every acknowledged post is there once, and every client ends equal to the database."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from tests.survival.crowds import PATIENCE_SECONDS, Goal, Listener, Room, Writers, newest

WRITERS, POSTS_EACH, LISTENERS = 20, 10, 200
ALL = WRITERS * POSTS_EACH


async def through(
    room: Room, befalls: Callable[[Writers], Coroutine[Any, Any, None]], steady: Sequence[Listener] = ()
) -> None:
    """Twenty write, two hundred listen, dropping at random, and some do steadily, while something befalls the site."""
    writers, goal, chance = Writers(room), Goal(), random.Random(3)
    listeners = [
        Listener(room, room.tokens[number % len(room.tokens)], random.Random(chance.random()))
        for number in range(LISTENERS)
    ]
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as tasks:
        for listener in (*listeners, *steady):
            tasks.create_task(listener.listen(goal))
        writing = [tasks.create_task(writers.write(number, POSTS_EACH)) for number in range(WRITERS)]
        befalling = tasks.create_task(befalls(writers))
        await asyncio.gather(befalling, *writing)
        goal.seq, posts = await newest(room)
    assert len(writers.acknowledged) >= ALL
    assert sorted(writers.acknowledged.values()) == sorted(posts[1:])
    for listener in (*listeners, *steady):
        assert listener.wrong == []
        assert listener.posts == posts
    assert sum(listener.returns for listener in listeners) >= LISTENERS
