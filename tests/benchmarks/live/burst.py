"""Posts as fast as the API takes them, and to how many viewers a post takes how long."""

from collections.abc import Iterator

from tests.benchmarks.live.broadcast import PATIENCE_SECONDS, full_room
from tests.benchmarks.live.figures import Figure, none_of, shown
from tests.benchmarks.live.options import Options
from tests.benchmarks.live.posting import Writers, deliveries, write_one
from tests.benchmarks.live.site import Site
from tests.benchmarks.live.usage import seconds_of

WRITERS = 8
NODEBB = {100: "NodeBB 93 / 96 ms", 1000: "NodeBB 5.2 / 9.4 s", 5000: "NodeBB 26 / 51 s"}  # MEASURED.md


def measure(site: Site, options: Options) -> Iterator[Figure]:
    """Every listener gets every post, in order."""
    listeners, row = options.burst_listeners, f"burst {options.burst} to {options.burst_listeners:,} on {len(site.web)}"
    with full_room(site, listeners, "Burst") as room:
        room.crowd.arrive(listeners)
        used, writers = seconds_of(site.web), Writers(site, WRITERS)
        writers.write([room.thread], options.burst)
        room.crowd.expect(len(writers.posted) * listeners, patience=PATIENCE_SECONDS)
        used = seconds_of(site.web) - used
        seen = room.crowd.take()
    newest = dict.fromkeys(range(listeners), room.seq + len(writers.posted))
    began, ended = min(post.sent for post in writers.posted), max(post.done for post in writers.posted)
    arrived = deliveries(writers.posted, seen, [room.thread] * listeners, {room.thread: room.seq})
    yield none_of(row, "posts refused", writers.refused + options.burst - len(writers.posted))
    yield none_of(row, "lost", seen.lacking(newest))
    yield none_of(row, "twice or out of order", seen.repeated)
    yield Figure(row, "first POST to last 201", f"{(ended - began) / 1e9:.2f} s")
    yield Figure(row, "first POST to last arrival", f"{(max(seen.times, default=began) - began) / 1e9:.2f} s")
    yield Figure(row, "201 to arrival, p50 / p99", shown([each.after for each in arrived]))
    yield Figure(row, "processor", f"{used:.2f} s, {used / max(1, len(arrived)) * 1e6:.1f} us a delivery")


def measure_viewers(site: Site, options: Options) -> Iterator[Figure]:
    """From sending a POST to its arrival, as the number of viewers grows."""
    with full_room(site, max(options.viewers), "Viewers") as room, site.caller(1) as caller:
        seq = room.seq
        for viewers in sorted(options.viewers):
            room.crowd.arrive(viewers - room.crowd.there)
            posts = []
            for number in range(options.posts):
                posts.append(write_one(caller, room.thread, number))
                room.crowd.expect(viewers, patience=PATIENCE_SECONDS)
            seen = room.crowd.take()
            arrived = deliveries(posts, seen, [room.thread] * viewers, {room.thread: seq})
            seq += len(posts)
            took = [each.after + each.post.done - each.post.sent for each in arrived]
            row = f"viewers {viewers:,} on {len(site.web)}"
            yield Figure(row, "POST to arrival, p50 / p99", shown(took), NODEBB.get(viewers, ""))
            yield none_of(row, "lost", seen.lacking(dict.fromkeys(range(viewers), seq)))
