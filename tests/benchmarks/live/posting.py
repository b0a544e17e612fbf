"""Posting through the API, and finding out when each post arrived where."""

import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from tests.benchmarks.live.api import CREATED, Answer, Caller
from tests.benchmarks.live.crowd import Seen
from tests.benchmarks.live.site import Site

BODY = (
    "Number {number}: have you looked at the *relay table*? On ours the **third entry** pointed at the old host, "
    "so that everything waited until it timed out. After `relayctl reload` the queue drained within a minute. "
)  # as long as replies are; its event is a frame of 1.8 KB


@dataclass(frozen=True)
class Posted:
    """An acknowledged post: its number in its thread, when it was sent and when the 201 was there."""

    thread: int
    number: int
    sent: int
    done: int


@dataclass(frozen=True)
class Delivery:
    """One post at one socket; nanoseconds from the API's 201."""

    post: Posted
    after: int


class Writers:
    """Several members who post at the same time, each on a connection of their own."""

    def __init__(self, site: Site, count: int) -> None:
        self.site = site
        self.count = count
        self.posted: list[Posted] = []
        self.refused = 0

    def write(self, threads: Sequence[int], total: int, *, rate: float | None = None) -> None:
        """Post so many times, into the threads in turn; so many a second, or as fast as the API takes them.

        Raises RuntimeError when nothing was accepted.
        """
        numbers, began, over = itertools.count(), time.monotonic(), threading.Event()

        def work(member: int) -> None:
            with self.site.caller(member) as caller:
                while (number := next(numbers)) < total and not over.is_set():
                    if rate is not None:
                        time.sleep(max(0.0, began + number / rate - time.monotonic()))
                    self._post(caller, threads[number % len(threads)], number)

        with ThreadPoolExecutor(self.count) as pool:
            try:
                list(pool.map(work, range(self.count)))
            finally:
                over.set()  # when one fails, or the program is ended, the others stop too
        if not self.posted:
            raise RuntimeError("no post was accepted")

    def _post(self, caller: Caller, thread: int, number: int) -> None:
        answer = caller.post(f"threads/{thread}/posts", {"body": BODY.format(number=number)})
        if answer.status == CREATED:
            self.posted.append(posted(thread, answer))
        else:
            self.refused += 1


def posted(thread: int, answer: Answer) -> Posted:
    """What an answer acknowledged."""
    return Posted(thread, answer.json()["number"], answer.sent, answer.done)


def write_one(caller: Caller, thread: int, number: int) -> Posted:
    """Post once. Raises RuntimeError when it is not accepted."""
    return posted(thread, caller.reply(thread, BODY.format(number=number)))


def deliveries(posts: Sequence[Posted], seen: Seen, threads: Sequence[int], before: dict[int, int]) -> list[Delivery]:
    """Each post at each socket, given the thread of each socket and the threads' newest events before the posts.

    A post is one event of its thread, so that posts by number are events by number.
    """
    by_thread: dict[int, list[Posted]] = defaultdict(list)
    for post in posts:
        by_thread[post.thread].append(post)
    events = {
        (thread, before[thread] + place): post
        for thread, some in by_thread.items()
        for place, post in enumerate(sorted(some, key=lambda post: post.number), start=1)
    }
    arrived = zip(seen.slots, seen.seqs, seen.times, strict=True)
    found = ((events.get((threads[slot], seq)), at) for slot, seq, at in arrived)
    return [Delivery(post, at - post.done) for post, at in found if post is not None]


@contextmanager
def reading(callers: Sequence[Caller], thread: int, a_second: float) -> Iterator[list[int]]:
    """The page of a thread is read so many times a second while the block runs: nanoseconds to each whole answer.

    The callers take turns, so that a slow answer does not put off the next reading.
    """
    took: list[int] = []
    path = f"/threads/{thread}/"
    over, began = threading.Event(), time.monotonic()

    def read(caller: Caller, first: int) -> None:
        with caller:
            for number in itertools.count(first, len(callers)):
                if over.wait(max(0.0, began + number / a_second - time.monotonic())):
                    return
                answer = caller.get(path)
                if answer.status != 200:
                    raise RuntimeError(f"{path} answered {answer.status}")
                took.append(answer.arrived - answer.sent)

    with ThreadPoolExecutor(len(callers)) as pool:
        readers = [pool.submit(read, caller, first) for first, caller in enumerate(callers)]
        try:
            yield took
        finally:
            over.set()
        for reader in readers:
            reader.result()
