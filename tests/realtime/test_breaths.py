"""Between writes the news let pages have their turn."""

import asyncio

from community.http import traffic
from realtime.delivery import Breath
from realtime.rules import WRITES_BETWEEN_BREATHS


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


async def test_the_news_wait_while_a_page_is_made() -> None:
    with traffic.under_way(reads=True), traffic.under_way(reads=True):
        breath = asyncio.create_task(Breath().take())
        for _turn in range(3):
            await asyncio.sleep(0)
        assert not breath.done()
    await asyncio.wait_for(breath, 30)


async def test_pages_without_end_do_not_stop_the_news() -> None:
    breath = Breath()
    with traffic.under_way(reads=True):
        for _time in range(5):
            await asyncio.wait_for(breath.take(), 30)
    assert not traffic.pages_under_way()
