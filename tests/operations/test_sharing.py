"""Processes that share a listening socket share what comes."""

import http.client
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twisted.internet.protocol import Factory, Protocol

from realtime.server.sharing import LEAD, MOST_AT_ONCE, PATIENCE_SECONDS, SharedPort
from realtime.siblings import FRESH_SECONDS, READING_SECONDS, Siblings, room_for
from tests.live import SIGN_IN, LiveSite
from tests.operations.trees import server_of, web_processes
from tests.services.processes import PATIENCE_SECONDS as PATIENCE

ENOUGH, MOST = 8, 100


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, to be changed."""
    now = [1000.0]
    monkeypatch.setattr("realtime.siblings.time.monotonic", lambda: now[0])
    return now


@pytest.fixture
def three() -> Iterator[list[Siblings]]:
    """Three processes, each with a view of its own on the same memory."""
    with room_for(3) as room:
        yield [Siblings(room.fileno(), place) for place in range(3)]


def test_each_knows_the_least_that_another_carries(three: list[Siblings], clock: list[float]) -> None:
    one, two, three_ = three
    assert one.least() == float("inf"), "nobody has said anything"
    one.say(1)
    assert one.least() == float("inf"), "oneself does not count"
    two.say(5)
    three_.say(7.5)
    assert (one.least(), two.least(), three_.least()) == (5, 1, 1)


def test_who_says_nothing_for_long_does_not_count(three: list[Siblings], clock: list[float]) -> None:
    one, two, three_ = three
    two.say(0)
    clock[0] += FRESH_SECONDS / 2
    three_.say(9)
    clock[0] += FRESH_SECONDS / 2
    assert one.least() == 9


def test_who_waits_for_a_page_is_seen_by_the_others_and_for_so_long(three: list[Siblings], clock: list[float]) -> None:
    one, two, _three = three
    two.say_reading(True)
    assert one.is_reading()
    assert not two.is_reading()
    two.say_reading(False)
    assert not one.is_reading()
    two.say_reading(True)
    clock[0] += READING_SECONDS
    assert not one.is_reading(), "it may have been killed meanwhile"


class Reactor:
    """As much of a reactor as a listening port needs."""

    def __init__(self) -> None:
        self.readers: set[Any] = set()
        self.later: list[tuple[float, Callable[[], None]]] = []

    def addReader(self, reader: Any) -> None:  # noqa: N802  (Twisted's name)
        """It wants to know when there is something to read."""
        self.readers.add(reader)

    def removeReader(self, reader: Any) -> None:  # noqa: N802  (Twisted's name)
        """It does not any more."""
        self.readers.discard(reader)

    def callLater(self, seconds: float, work: Callable[[], None]) -> None:  # noqa: N802  (Twisted's name)
        """Later, when the test says so."""
        self.later.append((seconds, work))


class Process:
    """One of two processes on a real socket; the other one is only what it says."""

    def __init__(self, listener: socket.socket, room: int) -> None:
        self.accepted: list[Protocol] = []
        self.reactor = Reactor()
        self.other = Siblings(room, 1)
        factory: Any = Factory.forProtocol(Protocol)
        factory.buildProtocol = self._accept
        siblings = Siblings(room, 0)
        self.port = SharedPort.adopted(self.reactor, listener, factory, siblings, lambda: len(self.accepted))

    def _accept(self, _address: Any) -> Protocol:
        protocol = Protocol()
        self.accepted.append(protocol)
        return protocol

    @property
    def listens(self) -> bool:
        """Whether it wants to hear of connections."""
        return self.port in self.reactor.readers

    def offered(self) -> int:
        """How many it has after it heard that there are some."""
        self.port.doRead()
        return len(self.accepted)


def _socket(protocol: Any) -> socket.socket:
    ours: socket.socket = protocol.transport.socket
    return ours


@pytest.fixture
def waiting() -> Iterator[Process]:
    """A process on whose socket forty connections wait."""
    with room_for(2) as room, socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        listener.setblocking(False)
        clients = [socket.create_connection(listener.getsockname()) for _ in range(40)]
        process = Process(listener, room.fileno())
        try:
            yield process
        finally:
            for end in (*clients, *map(_socket, process.accepted), process.port.socket):
                end.close()


def test_who_is_alone_takes_what_comes(waiting: Process) -> None:
    assert [waiting.offered() for _ in range(3)] == [MOST_AT_ONCE, 2 * MOST_AT_ONCE, 40]
    assert waiting.listens


def test_one_more_is_taken_than_the_other_has(waiting: Process) -> None:
    waiting.other.say(0)
    assert (waiting.offered(), waiting.listens) == (1, True)
    assert (waiting.offered(), waiting.listens) == (1, False), "the other may take the rest"
    assert [seconds for seconds, _work in waiting.reactor.later] == [PATIENCE_SECONDS]


def test_an_eighth_more_is_taken_than_the_other_has(waiting: Process) -> None:
    waiting.other.say(LEAD)
    assert (waiting.offered(), waiting.listens) == (LEAD + 2, True)
    assert (waiting.offered(), waiting.listens) == (LEAD + 2, False)


def test_what_the_other_leaves_is_taken(waiting: Process) -> None:
    waiting.other.say(0)
    waiting.offered()
    for expected in (2, 3):
        assert (waiting.offered(), waiting.listens) == (expected - 1, False)
        waiting.reactor.later.pop()[1]()
        assert (len(waiting.accepted), waiting.listens) == (expected, True)


def test_the_other_is_told_what_is_carried(waiting: Process) -> None:
    waiting.offered()
    assert waiting.other.least() == MOST_AT_ONCE


def test_nothing_is_taken_after_the_end(waiting: Process) -> None:
    waiting.other.say(0)
    waiting.offered()
    waiting.offered()
    waiting.port.disconnecting = True
    waiting.reactor.later.pop()[1]()
    assert (len(waiting.accepted), waiting.listens) == (1, False)


def test_kept_connections_come_to_both_processes(start_site: Callable[..., LiveSite]) -> None:
    site = start_site(seed="tests.operations.test_serve:nothing", processes=2)
    counts = dict.fromkeys(web_processes(site), 0)
    kept = list[http.client.HTTPConnection]()
    while min(counts.values()) < ENOUGH and len(kept) < MOST:
        kept.append(http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE))
        kept[-1].request("GET", SIGN_IN)
        kept[-1].getresponse().read()
        counts[server_of(site, kept[-1].sock.getsockname()[1])] += 1
    assert min(counts.values()) == ENOUGH
    for each in kept:
        each.close()
    assert site.stop() == 0
