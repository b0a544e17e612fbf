"""Clients that never read, beside many that do."""

import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.live.broadcast import PATIENCE_SECONDS, SETTLING_SECONDS, Room, full_room
from tests.benchmarks.live.figures import Figure, at_most, none_of, percentile, shown
from tests.benchmarks.live.options import Options
from tests.benchmarks.live.posting import Writers, deliveries
from tests.benchmarks.live.seats import Seat
from tests.benchmarks.live.site import Site

ROUNDS = 3
WRITERS = 4
# As over a network, where the kernel holds less for a client than on one machine: the rest waits at the server.
SMALLEST_BUFFER, LONGEST_SEGMENT = 2048, 1400
CUT_OFF_SECONDS = 30.0  # the server's own bound is a third of it
CHANGED, NOISE_MS = 1.25, 5.0


def measure(site: Site, options: Options) -> Iterator[Figure]:
    """The readers' times without anybody who never reads, with one, and with more; in turn, several times."""
    listeners, row = options.room_listeners, f"stalled, {options.room_listeners} beside them on {len(site.web)}"
    crowds = (0, *options.stalled)
    after = {number: list[int]() for number in crowds}
    posted = lost = twice = cut_off = 0
    with full_room(site, listeners, "Stalled") as room:
        room.crowd.arrive(listeners)
        time.sleep(SETTLING_SECONDS)
        Writers(site, WRITERS).write([room.thread], WRITERS)
        room.crowd.expect(WRITERS * listeners, patience=PATIENCE_SECONDS)
        before = room.seq + WRITERS
        room.crowd.take()
        for number in crowds * ROUNDS:
            with unread(room, number) as stalled:
                writers = Writers(site, WRITERS)
                writers.write([room.thread], int(options.room_rate * options.room_seconds), rate=options.room_rate)
                room.crowd.expect(len(writers.posted) * listeners, patience=PATIENCE_SECONDS)
                cut_off += ended(stalled)
            seen = room.crowd.take()
            arrived = deliveries(writers.posted, seen, [room.thread] * listeners, {room.thread: before})
            after[number] += [each.after for each in arrived]
            before += len(writers.posted)
            posted += len(writers.posted)
            lost += len(writers.posted) * listeners - len(arrived) + seen.gone
            twice += seen.repeated
    alone = percentile(after[0], 99) / 1e6
    yield Figure(row, "201 to arrival, p50 / p99", shown(after[0]), f"{posted:,} posts")
    for number in options.stalled:
        yield Figure(row, f"with {number} that never read, p50 / p99", shown(after[number]))
        p99 = percentile(after[number], 99) / 1e6
        yield at_most(row, f"with {number} that never read, p99", p99, max(alone * CHANGED, alone + NOISE_MS), "ms")
    yield none_of(row, "lost", lost)
    yield none_of(row, "twice", twice)
    yield none_of(row, "never read and not cut off", sum(crowds) * ROUNDS - cut_off)


@contextmanager
def unread(room: Room, count: int) -> Iterator[list[socket.socket]]:
    """So many clients that subscribe to the room, and from then on read nothing."""
    clients = list[socket.socket]()
    try:
        for number in range(count):
            clients.append(never_reading(room, room.site.tokens[-1 - number]))
        yield clients
    finally:
        for client in clients:
            client.close()


def never_reading(room: Room, token: str) -> socket.socket:
    """One of them. RuntimeError when it is not let in."""
    client = socket.socket()
    client.settimeout(PATIENCE_SECONDS)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALLEST_BUFFER)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, LONGEST_SEGMENT)
    client.connect(room.site.address)
    seat = Seat(token, f"thread:{room.thread}", None)
    host, port = room.site.address
    client.sendall(seat.handshake(f"{host}:{port}"))
    _read_up_to(client, b"\r\n\r\n")
    client.sendall(seat.subscription())
    _read_up_to(client, b'"subscribed"')
    return client


def _read_up_to(client: socket.socket, mark: bytes) -> None:
    told = b""
    while mark not in told:
        more = client.recv(1024)
        if not more:
            raise RuntimeError(f"a client was not let in: {told!r}")
        told += more


def ended(clients: list[socket.socket], patience: float = CUT_OFF_SECONDS) -> int:
    """How many of them the server cut off, which it does a while after they took nothing."""
    waiting, poll, deadline = len(clients), select.poll(), time.monotonic() + patience
    for client in clients:
        poll.register(client, select.POLLRDHUP)  # and, always, broken connections
    while waiting and (found := poll.poll(max(0.0, deadline - time.monotonic()) * 1000)):
        for descriptor, _what in found:
            poll.unregister(descriptor)
            waiting -= 1
    return len(clients) - waiting
