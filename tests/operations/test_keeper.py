"""The keeper of one child notices whichever of its processes ends, also while an old one is still ending."""

import asyncio
from typing import Any, cast

import pytest

from realtime.management import children
from realtime.management.children import Child, Keeper, Running

PATIENCE_SECONDS = 15.0


class Process:
    """Ends when it is told to by the tests."""

    def __init__(self) -> None:
        self.pid = 1
        self.returncode: int | None = None
        self._over = asyncio.Event()

    async def wait(self) -> int:
        """As asyncio's."""
        await self._over.wait()
        assert self.returncode is not None
        return self.returncode

    def die(self, code: int) -> None:
        """It ends."""
        self.returncode = code
        self._over.set()


class Serving(Running):
    """A process that serves at once, and takes its time to end."""

    def __init__(self, process: Process) -> None:
        super().__init__(cast(Any, process), cast(Any, None))

    async def serves(self) -> bool:
        """At once."""
        return True

    def signal(self, number: int) -> None:
        """It has requests to answer first."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> "asyncio.Queue[Process]":
    """The processes in the order they were started."""
    queue: asyncio.Queue[Process] = asyncio.Queue()

    async def start(*_what: object) -> Running:
        process = Process()
        queue.put_nowait(process)
        return Serving(process)

    monkeypatch.setattr(children, "start", start)
    monkeypatch.setattr(children, "FIRST_DELAY", 0.0)
    return queue


async def test_a_new_process_that_dies_while_the_old_one_ends_is_started_again(
    started: "asyncio.Queue[Process]",
) -> None:
    said: list[str] = []
    running: set[Running] = set()
    keeper = Keeper(Child("web 1", ()), environment={}, say=said.append, began=running.add, ended=running.discard)
    async with asyncio.timeout(PATIENCE_SECONDS):
        keeping = asyncio.create_task(keeper.keep())
        old = await started.get()
        replacing = asyncio.create_task(keeper.replace())
        new = await started.get()
        new.die(-9)
        third = await started.get()
        assert said == ["web 1 ended with code -9; starting it again in 0 s"]
        assert old.returncode is None
        assert not replacing.done()
        old.die(0)
        assert await replacing
        third.die(1)
        await started.get()
    assert len(running) == 1
    keeping.cancel()
