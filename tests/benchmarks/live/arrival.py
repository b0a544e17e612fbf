"""Everybody arrives at once."""

import time
from collections import Counter
from collections.abc import Iterator

from tests.benchmarks.live.broadcast import SETTLING_SECONDS, full_room
from tests.benchmarks.live.crowd import Seen
from tests.benchmarks.live.figures import Figure, at_least, none_of, shown
from tests.benchmarks.live.options import Options
from tests.benchmarks.live.site import Site
from tests.benchmarks.live.usage import seconds_of


def measure(site: Site, options: Options) -> Iterator[Figure]:
    """Sockets a second, each until it is answered `subscribed`, and how many presence frames that made."""
    row = f"arrival {options.sockets:,} on {len(site.web)}"
    with full_room(site, options.sockets, "Arrival") as room:
        before = seconds_of(site.web)
        took = room.crowd.arrive(options.sockets, window=options.window)
        used = seconds_of(site.web) - before
        time.sleep(SETTLING_SECONDS)
        later = room.crowd.take()
    seen = room.crowd.arrival
    waited = [joined - began for began, joined in zip(seen.began, seen.joined, strict=True)]
    yield at_least(row, "subscribed a second", options.sockets / took, 1000, "/s")
    yield Figure(row, "slowest second", f"{slowest_second(seen):,} /s")
    yield Figure(row, f"connect to subscribed, {options.window:,} at a time, p50 / p99", shown(waited))
    yield Figure(row, "processor per arrival", f"{used / options.sockets * 1e6:.0f} us")
    others: Counter[str] = seen.others + later.others
    yield Figure(row, "presence frames a socket", f"{others['presence'] / options.sockets:.2f}")
    yield none_of(row, "errors", others["error"] + later.gone)


def slowest_second(seen: Seen) -> int:
    """The least that were answered in a whole second between the first and the last."""
    first, last = min(seen.joined), max(seen.joined)
    seconds = Counter((at - first) // 1_000_000_000 for at in seen.joined)
    whole = (last - first) // 1_000_000_000
    return min((seconds[second] for second in range(whole)), default=len(seen.joined))
