"""Redis is away for a while under load: what that costs, and how soon all is live again."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.benchmarks.live.broadcast import PATIENCE_SECONDS, SETTLING_SECONDS, warm
from tests.benchmarks.live.crowd import gathered
from tests.benchmarks.live.figures import Figure, at_most, none_of, shown
from tests.benchmarks.live.options import Options
from tests.benchmarks.live.posting import Delivery, Writers, deliveries
from tests.benchmarks.live.site import Site
from tests.benchmarks.live.streams import seats_in
from tests.services.redis import Stoppable

WRITERS = 8
THREADS = 100  # so that a thread's posts rarely come to one process soon after another's, which would show both
BEFORE_SECONDS, AFTER_SECONDS = 4.0, 10.0
LIVE = 250_000_000  # nanoseconds; without nudges between processes half of the posts take half a second
STEADY = 1_000_000_000  # for so long everything has to arrive that soon
LIMIT_SECONDS = 5.0


def measure(site: Site, options: Options) -> Iterator[Figure]:
    """Posts at a steady rate before, during and after."""
    if site.redis is None or len(site.web) < 2:
        raise RuntimeError("needs Redis and two processes")
    row = f"outage of {options.room_seconds:g} s on {len(site.web)}"
    warm(site)
    threads = [thread for thread in site.threads(THREADS) for _ in range(options.room_listeners // THREADS)]
    with gathered(site.address, seats_in(site, threads)) as crowd:
        crowd.arrive(len(threads))
        time.sleep(SETTLING_SECONDS)
        before = {threads[slot]: seq for slot, seq in crowd.arrival.lasts.items()}
        writers = Writers(site, WRITERS)
        left, returned = interrupted(site.redis, writers, threads, options)
        crowd.expect(len(writers.posted) * (len(threads) // THREADS), patience=PATIENCE_SECONDS)
        seen = crowd.take()
    arrived = deliveries(writers.posted, seen, threads, before)
    again = live_again(arrived, returned)
    for name, since, until in (("before", 0, left), ("meanwhile", left, returned), ("once live again", again, None)):
        yield Figure(row, f"{name}, 201 to arrival, p50 / p99", during(arrived, since, until))
    yield at_most(row, "from its return until live again", (again - returned) / 1e9, LIMIT_SECONDS, "s")
    yield none_of(row, "posts refused", writers.refused)
    yield none_of(row, "lost", len(writers.posted) * (len(threads) // THREADS) - len(arrived) + seen.gone)
    yield none_of(row, "twice", seen.repeated)


def interrupted(redis: Stoppable, writers: Writers, threads: Sequence[int], options: Options) -> tuple[int, int]:
    """Posts at a steady rate, while Redis is stopped and started again; when it went and when it was back."""
    seconds = BEFORE_SECONDS + options.room_seconds + AFTER_SECONDS
    total, rate = int(options.room_rate * seconds), options.room_rate
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(writers.write, list(dict.fromkeys(threads)), total, rate=rate)
        time.sleep(BEFORE_SECONDS)
        left = time.monotonic_ns()
        redis.stop()
        time.sleep(max(0.0, options.room_seconds - (time.monotonic_ns() - left) / 1e9))
        redis.start()
        returned = time.monotonic_ns()
        writing.result()
    return left, returned


def during(arrived: Sequence[Delivery], since: float, until: float | None) -> str:
    """How long the posts took that were acknowledged in that time."""
    some = [each.after for each in arrived if since <= each.post.done and (until is None or each.post.done < until)]
    return shown(some) if some else "none"


def live_again(arrived: Sequence[Delivery], returned: int) -> float:
    """When what is posted began to arrive everywhere at once, and did so for a while; infinite when it never did."""
    late = sorted((each.post.done, each.post.done + each.after) for each in arrived if each.after > LIVE)
    last = max(each.post.done for each in arrived)
    for moment in sorted({returned, *(arrival for _done, arrival in late if arrival > returned)}):
        if moment + STEADY <= last and not any(moment <= done < moment + STEADY for done, _arrival in late):
            return moment
    return float("inf")
