"""What is left alone by the garbage collector is what lives on, and no request that is being answered."""

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from realtime.server.memory import LOOKS, SURVIVORS, YOUNG, Collector


class Site:
    """A collector of a process with many sockets, and requests as Django makes them."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.under_way: list[Request] = []
        self.answered: list[weakref.ref[Request]] = []
        self.waited_for = False
        self.collector = Collector(loop, lambda: 100_000, lambda: not self.under_way, lambda: self.waited_for)

    def begin(self) -> None:
        """A request comes."""
        self.under_way.append(Request())

    def answer(self) -> None:
        """The first is answered, and nobody has it any more."""
        self.answered.append(weakref.ref(self.under_way.pop(0)))

    @property
    def leaked(self) -> int:
        """How many answered ones are still in memory."""
        return sum(each() is not None for each in self.answered)


class Request:
    """Something that refers to itself, as a request and its answer do."""

    def __init__(self) -> None:
        self.answer = self


@pytest.fixture
def site() -> Iterator[Site]:
    """With Python's collector as the server has it, and as it was afterwards."""
    before, loop = gc.get_threshold(), asyncio.new_event_loop()
    site = Site(loop)
    site.collector.settle()
    yield site
    gc.callbacks.remove(site.collector.looked)
    gc.unfreeze()
    gc.set_threshold(*before)
    loop.close()


def test_requests_that_are_answered_while_python_looks_are_freed(site: Site) -> None:
    """A thousand of them, one always beginning before another ends, and a quiet moment now and then."""
    for number in range(1000):
        site.begin()
        gc.collect(SURVIVORS)
        site.collector.leave_alone()
        if number % 10:
            site.answer()
        else:
            while site.under_way:
                site.answer()
            site.collector.leave_alone()
            assert site.leaked == 0


def test_what_lives_on_is_looked_at_once(site: Site) -> None:
    kept = [[number] for number in range(YOUNG * LOOKS)]
    gc.collect(SURVIVORS)
    site.collector.leave_alone()
    assert not any(each is kept for each in gc.get_objects())


def test_without_a_quiet_moment_python_looks_at_what_survived(site: Site) -> None:
    """Whatever survives, for some other request, a look of all that came lately frees those that were answered."""
    site.begin()
    for _number in range(20):
        site.begin()
        gc.collect(SURVIVORS)
        site.collector.leave_alone()
        site.answer()
    gc.collect()
    assert site.leaked == 0


def test_what_was_made_last_is_looked_at_when_nobody_waits_for_a_page(site: Site) -> None:
    site.waited_for = True
    site.begin()
    site.answer()
    kept = [[number] for number in range(YOUNG * 2 // 3)]

    site.collector.look_at_the_youngest()
    assert (site.leaked, len(kept)) == (1, YOUNG * 2 // 3), "somebody waits"
    site.waited_for = False
    site.collector.look_at_the_youngest()
    assert site.leaked == 0
