"""One thread with everybody in it, beside the floor."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from websockets.sync.client import connect

from tests.benchmarks.live.crowd import Crowd, Seen, gathered
from tests.benchmarks.live.figures import Figure, at_most, none_of, percentile, shown
from tests.benchmarks.live.floor import Floor, laid
from tests.benchmarks.live.options import Options
from tests.benchmarks.live.posting import Posted, deliveries, write_one
from tests.benchmarks.live.seats import Seat
from tests.benchmarks.live.site import Site
from tests.benchmarks.live.usage import seconds_of, usage_of

PATIENCE_SECONDS = 60.0
SETTLING_SECONDS = 6.0
IDLE_SECONDS = 5.0
WARMING_REQUESTS = 40
FIRST_NUMBER = 1000  # of the floor's events: as many digits as the server's will have


@dataclass
class Room:
    """A thread and the crowd in it; `seq` is its newest event."""

    site: Site
    thread: int
    seq: int
    crowd: Crowd
    frame: bytes


@contextmanager
def full_room(site: Site, sockets: int, name: str, *, niceness: int = 0) -> Iterator[Room]:
    """A new thread, nobody of whose crowd has arrived yet, and the frame of an event captured from its socket."""
    warm(site)
    thread, seq = site.open_thread(name)
    frame = captured(site, thread)
    seats = [Seat(token, f"thread:{thread}", seq + 1) for token in spread_out(site.tokens, sockets)]
    with gathered(site.address, seats, niceness=niceness) as crowd:
        yield Room(site, thread, seq + 1, crowd, frame)


def spread_out(tokens: list[str], sockets: int) -> list[str]:
    """A token for each socket, everybody once before anybody twice."""
    return [tokens[number % len(tokens)] for number in range(sockets)]


def warm(site: Site) -> None:
    """Have every process of the site load and remember what it needs, so that it is not counted."""
    for number in range(WARMING_REQUESTS):
        with site.caller(number) as caller:
            caller.get("/api/v1/me").json()


def captured(site: Site, thread: int) -> bytes:
    """The bytes of the event of a new post as a subscriber gets it."""
    headers = {"Authorization": f"Bearer {site.tokens[0]}"}
    host, port = site.address
    with connect(f"ws://{host}:{port}/ws/", additional_headers=headers, proxy=None) as connection:
        connection.send(f'{{"type":"subscribe","stream":"thread:{thread}"}}')
        while '"subscribed"' not in str(connection.recv(PATIENCE_SECONDS)):
            pass
        with site.caller(1) as caller:
            write_one(caller, thread, 0)
        while '"post.created"' not in (frame := str(connection.recv(PATIENCE_SECONDS))):
            pass
    return frame.encode()


def measure(site: Site, options: Options) -> Iterator[Figure]:
    """From the API's 201 to arrival, beside the floor in turn; losses, processor and memory."""
    row = f"broadcast {options.sockets:,} on {len(site.web)}"
    with full_room(site, options.sockets, "Broadcast") as room:
        idle = usage_of(site.web)
        room.crowd.arrive(options.sockets)
        time.sleep(SETTLING_SECONDS)
        yield from memory(row, idle.proportional, usage_of(site.web).proportional, options.sockets)
        yield idle_processor(row, site)
        with laid(room.frame) as floor, gathered(floor.address, floor_seats(options.sockets)) as below:
            below.arrive(options.sockets)
            yield from in_turn(row, room, floor, below, options)


def floor_seats(sockets: int) -> list[Seat]:
    """Places at the floor, which asks nobody who they are."""
    return [Seat("nobody", "thread:0", FIRST_NUMBER)] * sockets


def in_turn(row: str, room: Room, floor: Floor, below: Crowd, options: Options) -> Iterator[Figure]:
    """Each post to the server's crowd, then the same bytes to the floor's."""
    posts, began, busy, refusals = list[Posted](), list[int](), 0.0, 0
    web = room.site.web
    with room.site.caller(1) as caller:
        for number in range(options.posts):
            before = seconds_of(web)
            posts.append(write_one(caller, room.thread, number))
            refusals += not room.crowd.expect(options.sockets, patience=PATIENCE_SECONDS)
            busy += seconds_of(web) - before
            began.append(floor.broadcast(FIRST_NUMBER + 1 + number))
            refusals += not below.expect(options.sockets, patience=PATIENCE_SECONDS)
    seen, base = room.crowd.take(), below.take()
    arrived = deliveries(posts, seen, [room.thread] * options.sockets, {room.thread: room.seq})
    after = [each.after for each in arrived]
    beneath = [at - began[seq - FIRST_NUMBER - 1] for seq, times in base.arrivals().items() for at in times]
    newest = dict.fromkeys(range(options.sockets), room.seq + options.posts)
    yield Figure(row, "frame", f"{len(room.frame):,} bytes")
    yield Figure(row, "request to 201, p50 / p99", shown([post.done - post.sent for post in posts]))
    yield Figure(row, "201 to arrival, p50 / p99", shown(after))
    yield Figure(row, "floor, p50 / p99", shown(beneath))
    yield Figure(row, "first to last arrival, median", f"{lasting(seen):.0f} ms", f"floor {lasting(base):.0f} ms")
    yield Figure(row, "POST to arrival, p50 / p99", shown([each.after + waited(each.post) for each in arrived]))
    yield at_most(row, "p99 beside the floor's", percentile(after, 99) / percentile(beneath, 99), 1.5, "x")
    yield none_of(row, "lost", seen.lacking(newest))
    yield none_of(row, "twice", seen.repeated)
    yield at_most(row, "processor per delivery", busy / max(1, len(arrived)) * 1e6, 20, "us")
    yield Figure(row, "load client per frame", f"{(seen.cpu - room.crowd.arrival.cpu) / len(arrived) * 1e6:.1f} us")


def lasting(seen: Seen) -> float:
    """Milliseconds from the first to the last socket that got an event; the median of all events."""
    return percentile([max(times) - min(times) for times in seen.arrivals().values()], 50) / 1e6


def waited(post: Posted) -> int:
    """From the request to the answer."""
    return post.done - post.sent


def memory(row: str, before: int, after: int, sockets: int) -> Iterator[Figure]:
    """How much each connection holds."""
    yield at_most(row, "memory a connection (PSS over idle)", (after - before) / sockets, 30, "KB")


def idle_processor(row: str, site: Site) -> Figure:
    """What the web processes use while nothing happens."""
    before = seconds_of(site.web)
    time.sleep(IDLE_SECONDS)
    used = (seconds_of(site.web) - before) / IDLE_SECONDS
    return Figure(row, "processor while nothing happens", f"{used:.0%} of a core")
