"""What waits is served together, in order, and a batch that fails ends alone."""

import asyncio
from collections.abc import Sequence

import pytest

from realtime.batches import Batches


class Served:
    """Notes the batches; holds each until it is let go."""

    def __init__(self, most: int = 100, owners: int = 1000) -> None:
        self.done: list[list[int]] = []
        self.hold = asyncio.Event()
        self.begun = asyncio.Event()
        self.again: list[int] = []
        self.batches: Batches[int] = Batches(self._serve, most, whose=lambda thing: thing % owners)

    async def _serve(self, things: Sequence[int]) -> None:
        self.begun.set()
        await self.hold.wait()
        self.done.append(list(things))
        if 13 in things:
            raise ValueError("thirteen")
        again, self.again = self.again, []
        self.batches.put_back(again)

    async def until(self, count: int) -> list[list[int]]:
        async with asyncio.timeout(15):
            while sum(map(len, self.done)) < count:  # noqa: ASYNC110  (nobody says when a batch is over)
                await asyncio.sleep(0)
        return self.done


async def test_what_comes_while_one_batch_is_under_way_is_the_next() -> None:
    served = Served(most=4)
    served.batches.add(1)
    served.batches.add(2)
    await served.begun.wait()
    for number in range(3, 9):
        served.batches.add(number)
    served.hold.set()
    assert await served.until(8) == [[1, 2], [3, 4, 5, 6], [7, 8]]
    served.batches.add(9)
    assert (await served.until(9))[-1] == [9]


async def test_what_is_put_back_comes_first_and_in_order() -> None:
    served = Served()
    served.again = [1, 2]
    served.batches.add(0)
    await served.begun.wait()
    served.batches.add(3)
    served.hold.set()
    assert await served.until(4) == [[0], [1, 2, 3]]


async def test_each_owner_is_served_one_thing_in_turn() -> None:
    """Who wants much does not delay who wants little."""
    served = Served(most=3, owners=10)
    for number in (10, 20, 30, 40, 50):
        served.batches.add(number)
    await served.begun.wait()
    for number in (60, 71, 82, 81):
        served.batches.add(number)
    served.hold.set()
    assert await served.until(9) == [[10, 20, 30], [40, 71, 82], [50, 81, 60]]


async def test_what_is_put_back_is_served_before_what_its_owner_added_since() -> None:
    served = Served(most=2, owners=10)
    served.again = [10, 11]
    served.batches.add(10)
    served.batches.add(11)
    await served.begun.wait()
    for number in (20, 31):
        served.batches.add(number)
    served.hold.set()
    assert await served.until(6) == [[10, 11], [10, 11], [20, 31]]


async def test_a_batch_that_fails_is_reported_and_the_next_is_served(caplog: pytest.LogCaptureFixture) -> None:
    served = Served(most=1)
    served.hold.set()
    for number in (13, 14):
        served.batches.add(number)
    assert await served.until(2) == [[13], [14]]
    assert "a batch of 1 could not be served" in caplog.text


async def test_stopping_ends_what_is_under_way() -> None:
    served = Served()
    served.batches.add(1)
    await served.begun.wait()
    served.batches.add(2)
    await served.batches.stop()
    served.hold.set()
    await asyncio.sleep(0)
    assert served.done == []
