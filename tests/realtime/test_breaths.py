"""Between writes the news let pages have their turn."""

import asyncio
from collections.abc import Iterator

import pytest

from community.http import traffic
from realtime.breaths import Breath, pages_first
from realtime.rules import LOOK_SECONDS, LOOKS_FOR_PAGES, PAUSE, WRITES_BETWEEN_BREATHS


def test_a_breath_is_due_after_so_many_writes() -> None:
    breath = Breath()
    assert not breath.due(WRITES_BETWEEN_BREATHS - 1)
    assert breath.due(1)


async def test_a_breath_is_one_turn_of_the_loop_when_nobody_waits_for_a_page() -> None:
    turns: list[str] = []
    asyncio.get_running_loop().call_soon(turns.append, "others")
    with traffic.under_way(reads=False):
        await Breath().take()
    turns.append("news")
    assert turns == ["others", "news"]


class Clock:
    """Goes on when it is told to, and while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept = 0.0

    async def sleep(self, seconds: float) -> None:
        """Takes the place of asyncio's."""
        self.now += seconds
        self.slept += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """The time, while somebody waits for a page without end."""
    clock = Clock()
    monkeypatch.setattr("realtime.breaths.asyncio.sleep", clock.sleep)
    with traffic.under_way(reads=True):
        yield clock


async def test_pages_get_two_thirds_of_the_time_that_writing_takes(clock: Clock) -> None:
    breath = Breath(lambda: clock.now)
    written = 0.0
    for _delivery in range(20):
        clock.now += 60  # nothing happens for a while
        with breath.writing():
            for _turn in range(10):
                clock.now += 0.005
                written += 0.005
                await breath.take()
    assert clock.slept == pytest.approx(PAUSE * written, rel=0.1)


async def test_what_is_written_before_the_next_breath_counts_then(clock: Clock) -> None:
    breath = Breath(lambda: clock.now)
    for _delivery in range(4):
        with breath.writing():
            clock.now += 0.005
        clock.now += 60
    with breath.writing():
        await breath.take()
    assert clock.slept == pytest.approx(PAUSE * 4 * 0.005, abs=0.002)


async def test_without_writing_no_page_is_waited_for(clock: Clock) -> None:
    breath = Breath(lambda: clock.now)
    clock.now += 60
    with breath.writing():
        await breath.take()
    assert clock.slept == 0


async def test_when_the_page_is_made_the_news_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("realtime.breaths.asyncio.sleep", clock.sleep)
    breath = Breath(lambda: clock.now)
    with breath.writing():
        clock.now += 60
        await breath.take()
    assert clock.slept == 0


async def test_a_page_is_waited_for_as_long_as_the_rules_say(clock: Clock) -> None:
    await pages_first()
    assert clock.slept == pytest.approx(LOOKS_FOR_PAGES * LOOK_SECONDS)


async def test_a_write_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("realtime.breaths.asyncio.sleep", clock.sleep)
    with traffic.under_way(reads=False):
        await pages_first()
    assert clock.slept == 0
