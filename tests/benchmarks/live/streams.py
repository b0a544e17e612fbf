"""Many threads with a few listeners each, and posts everywhere."""

import time
from collections.abc import Iterator, Sequence

from tests.benchmarks.live.broadcast import PATIENCE_SECONDS, SETTLING_SECONDS, idle_processor, spread_out, warm
from tests.benchmarks.live.crowd import Crowd, gathered
from tests.benchmarks.live.figures import Figure, at_least, at_most, none_of, percentile, shown
from tests.benchmarks.live.options import Options
from tests.benchmarks.live.posting import Delivery, Writers, deliveries
from tests.benchmarks.live.seats import Seat
from tests.benchmarks.live.site import Site
from tests.benchmarks.live.usage import seconds_by_part, shares

PARTS = 6  # lag in the first and in the last sixth are compared
GROWTH = 1.5
KEPT_UP = 0.98
WARMING_POSTS = 4  # by each writer, uncounted: what a process does once, it then has done


def measure(site: Site, options: Options) -> Iterator[Figure]:
    """From the API's 201 to arrival at a steady rate, at the beginning and at the end."""
    row = f"streams {options.streams:,} x {options.listeners} on {len(site.web)}"
    warm(site)
    Writers(site, options.writers).write([site.open_thread("Warming up")[0]], options.writers * WARMING_POSTS)
    threads = [thread for thread in site.threads(options.streams) for _ in range(options.listeners)]
    with gathered(site.address, seats_in(site, threads)) as crowd:
        crowd.arrive(len(threads))
        time.sleep(SETTLING_SECONDS)
        yield idle_processor(row, site)
        yield from posting(row, site, crowd, threads, options)


def seats_in(site: Site, threads: Sequence[int]) -> list[Seat]:
    """One socket for each of these threads."""
    tokens = spread_out(site.tokens, len(threads))
    return [Seat(token, f"thread:{thread}", None) for token, thread in zip(tokens, threads, strict=True)]


def posting(row: str, site: Site, crowd: Crowd, threads: list[int], options: Options) -> Iterator[Figure]:
    """Posts at the rate asked for, into the threads in turn, and what came of them."""
    before = {threads[slot]: seq for slot, seq in crowd.arrival.lasts.items()}
    writers, total = Writers(site, options.writers), int(options.rate * options.seconds)
    used = seconds_by_part(site.web)
    writers.write(list(dict.fromkeys(threads)), total, rate=options.rate)
    crowd.expect(len(writers.posted) * options.listeners, patience=PATIENCE_SECONDS)
    later = seconds_by_part(site.web)
    seen = crowd.take()
    arrived = deliveries(writers.posted, seen, threads, before)
    took = max(post.done for post in writers.posted) - min(post.sent for post in writers.posted)
    expected = len(writers.posted) * options.listeners
    yield at_least(row, "posts a second", len(writers.posted) / took * 1e9, options.rate * KEPT_UP, "/s")
    yield none_of(row, "posts refused", writers.refused)
    yield Figure(row, "request to 201, p50 / p99", shown([post.done - post.sent for post in writers.posted]))
    yield Figure(row, "201 to arrival, p50 / p99", shown([each.after for each in arrived]))
    yield at_most(row, "201 to arrival, p99", percentile([each.after for each in arrived], 99) / 1e6, 250, "ms")
    yield growth(row, arrived)
    yield none_of(row, "lost", expected - len(arrived) + seen.skipped)
    yield none_of(row, "twice", seen.repeated)
    yield Figure(
        row, "processor of web processes", f"{(later['web'] - used['web']) / len(writers.posted) * 1e3:.2f} ms a post"
    )
    yield Figure(row, "cores", shares(used, later, took / 1e9))


def growth(row: str, arrived: list[Delivery]) -> Figure:
    """The lag of the last posts beside that of the first."""
    ordered = sorted(arrived, key=lambda each: each.post.done)
    size = max(1, len(ordered) // PARTS)
    first, last = (percentile([each.after for each in some], 99) / 1e6 for some in (ordered[:size], ordered[-size:]))
    return at_most(row, f"p99 of the last sixth (first: {first:.1f} ms)", last, max(first * GROWTH, first + 50), "ms")
