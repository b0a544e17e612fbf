"""The thread page while posts go out to everybody."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.benchmarks.live import streams
from tests.benchmarks.live.api import Caller
from tests.benchmarks.live.broadcast import PATIENCE_SECONDS, SETTLING_SECONDS, full_room, warm
from tests.benchmarks.live.crowd import gathered
from tests.benchmarks.live.figures import Figure, at_most, percentile, shown
from tests.benchmarks.live.options import Options
from tests.benchmarks.live.posting import Writers, reading, write_one
from tests.benchmarks.live.site import Site
from tests.benchmarks.live.usage import seconds_by_part, shares

A_SECOND = 20.0
READERS = 5  # connections they come on, so that they come at this rate when an answer takes a quarter of a second
WARMING_SECONDS = 2.0
SECONDS = 30.0  # 600 readings: the p99 is the sixth slowest
EVERY_SECONDS = 0.5
LIMIT = 2.0
NICENESS = 10  # of the load client: who reads the page and who gets the news have machines of their own elsewhere

Meanwhile = tuple[list[int], str]  # how long each reading took, and who used the cores


def measure(site: Site, options: Options) -> Iterator[Figure]:
    """The page's p99 with nobody there, during broadcasts, and during posts in many threads.

    Its own thread stays as it is; the page of one that grows by a post every few seconds is told beside it.
    """
    row = f"pages on {len(site.web)}"
    warm(site)
    thread, readers = site.page(READERS)
    with reading(readers, thread, A_SECOND) as unread:
        time.sleep(WARMING_SECONDS)
    with reading(readers, thread, A_SECOND) as alone:
        time.sleep(SECONDS)
    yield Figure(row, "idle site, p50 / p99", shown(alone), f"{len(alone)} readings, {len(unread)} before")
    elsewhere = site.threads(options.streams)
    for name, (took, cores) in (
        (f"broadcasts to {options.sockets:,}", during_broadcasts(site, options, readers, thread)),
        (f"{options.rate:g} posts a second", during_streams(site, options, readers, thread, elsewhere)),
    ):
        yield Figure(row, f"{name}, cores", cores)
        yield Figure(row, f"{name}, p50 / p99", shown(took), f"{len(took)} readings")
        yield at_most(row, f"{name}, p99 beside idle", percentile(took, 99) / percentile(alone, 99), LIMIT, "x")
    took, _cores = during_streams(site, options, readers, thread, [*elsewhere[1:], thread])
    yield Figure(row, f"the same, also in its thread, every {len(elsewhere) / options.rate:.3g} s", shown(took))


def during_broadcasts(site: Site, options: Options, readers: Sequence[Caller], thread: int) -> Meanwhile:
    """A post every half second to everybody in one thread."""
    room_for_all = full_room(site, options.sockets, "Pages meanwhile", niceness=NICENESS)
    with room_for_all as room, site.caller(1) as caller:
        room.crowd.arrive(options.sockets)
        time.sleep(SETTLING_SECONDS)
        with cores_used(site) as cores, reading(readers, thread, A_SECOND) as took:
            over = time.monotonic() + SECONDS
            while time.monotonic() < over:
                again = time.monotonic() + EVERY_SECONDS
                write_one(caller, room.thread, 0)
                room.crowd.expect(options.sockets, patience=PATIENCE_SECONDS)
                time.sleep(max(0.0, again - time.monotonic()))
    return took, cores.pop()


@contextmanager
def cores_used(site: Site) -> Iterator[list[str]]:
    """Afterwards in the list: who used how much of a core while the block ran."""
    cores: list[str] = []
    used, began = seconds_by_part(site.web), time.monotonic()
    yield cores
    cores.append(shares(used, seconds_by_part(site.web), time.monotonic() - began))


def during_streams(
    site: Site, options: Options, readers: Sequence[Caller], thread: int, written: Sequence[int]
) -> Meanwhile:
    """The posts of the row `streams`, in threads of which each has its listeners."""
    seats = streams.seats_in(site, [each for each in written for _ in range(options.listeners)])
    with gathered(site.address, seats, niceness=NICENESS) as crowd:
        crowd.arrive(len(seats))
        time.sleep(SETTLING_SECONDS)
        writers = Writers(site, options.writers)
        writers.write([site.open_thread("Warming up")[0]], options.writers * streams.WARMING_POSTS)
        with cores_used(site) as cores, reading(readers, thread, A_SECOND) as took:
            writers.write(written, int(options.rate * SECONDS), rate=options.rate)
    return took, cores.pop()
