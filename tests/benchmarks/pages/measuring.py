"""The measurements: pages and the bare view in turn, first visits, and threads of any length."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.benchmarks.live.figures import percentile
from tests.benchmarks.pages.bare import DJANGO_PATH
from tests.benchmarks.pages.bare import PATH as BARE_PATH
from tests.benchmarks.pages.reader import Job, Reader, Result
from tests.benchmarks.pages.site import Served

BARE, BARE_BY_DJANGO = "bare view", "bare view, Django's handler"
WARMING_SECONDS = 0.4


@dataclass
class Row:
    """One page: what was measured in each round, beside what it is compared with in the same round."""

    name: str
    connections: int
    rates: list[float] = field(default_factory=list)
    beside: list[Sequence[float]] = field(default_factory=list)
    took: list[int] = field(default_factory=list)
    processor: float = 0

    def add(self, result: Result, processor: float, beside: Sequence[float] = ()) -> float:
        """Take a round in, with the requests per second of others in it; gives its own."""
        rate = len(result.took) / result.seconds
        self.rates.append(rate)
        self.beside.append([rate / other for other in beside])
        self.took += result.took
        self.processor += processor
        return rate

    @property
    def ratios(self) -> list[float]:
        """Its share of each of the others' requests per second, in the middle round."""
        return [statistics.median(some) for some in zip(*self.beside, strict=True)]

    def __str__(self) -> str:
        middle, slow = (percentile(self.took, percent) / 1e6 for percent in (50, 99))
        each = self.processor * 1000 / len(self.took)
        rate = statistics.median(self.rates)
        shares = "".join(f"{ratio:>9.3f}" for ratio in self.ratios)
        return f"{self.name:28}{self.connections:>5}{rate:>10.1f}{middle:>9.2f}{slow:>9.2f}{each:>9.2f}{shares}"


HEAD = f"{'page':28}{'conn':>5}{'per s':>10}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'ratio':>9}"
HEAD_DJANGO = f"{'Django':>9}"


def read(site: Served, reader: Reader, job: Job) -> tuple[Result, float]:
    """The result, and the seconds of processor that the server took for it."""
    before = site.processor()
    result = reader.read(job)
    return result, site.processor() - before


def pages(site: Served, reader: Reader, connections: int, rounds: int, seconds: float) -> Iterator[Row]:
    """The pages as one member reads them, each beside the bare views of the same round."""
    cookie = site.content.sessions[0]
    addresses = {BARE: BARE_PATH, BARE_BY_DJANGO: DJANGO_PATH} | site.content.pages
    rows = {name: Row(name, connections) for name in addresses}
    for path in addresses.values():
        reader.read(Job(site.port, connections, [(path, cookie)], WARMING_SECONDS))
    for _ in range(rounds):
        rates = list[float]()
        for name, path in addresses.items():
            result, processor = read(site, reader, Job(site.port, connections, [(path, cookie)], seconds))
            rates.append(rows[name].add(result, processor, rates[:2]))
    yield from rows.values()


def first_visits(site: Served, reader: Reader) -> Iterator[Row]:
    """Threads that nobody has read yet, read by people who have not been there, one at a time; then each by somebody
    else, who was not there either; then once more by the same people."""
    readers = site.content.sessions[3:]
    first = Row("thread, nobody was there", 1)
    rate = first.add(*read(site, reader, Job(site.port, 1, list(zip(site.content.unread, readers, strict=True)))))
    yield first
    others = list(zip(site.content.unread, readers[1:] + readers[:1], strict=True))
    for name in ("first visit, others were there", "the same again"):
        row = Row(name, 1)
        row.add(*read(site, reader, Job(site.port, 1, others)), [rate])
        yield row


def lengths(site: Served, reader: Reader, rounds: int) -> Iterator[Row]:
    """First and last page of threads of any length, in turn, one request at a time."""
    cookie = site.content.sessions[0]
    addresses: Mapping[str, str] = {
        name: path
        for length, page in site.content.long.items()
        for name, path in ((f"thread of {int(length):,}", page), (f"last page of {int(length):,}", f"{page}?from=last"))
    }
    rows = {name: Row(name, 1) for name in addresses}
    for path in addresses.values():
        reader.read(Job(site.port, 1, [(path, cookie)] * 3))
    for _ in range(rounds):
        rates = list[float]()
        for name, path in addresses.items():
            result, processor = read(site, reader, Job(site.port, 1, [(path, cookie)] * 10))
            rates.append(rows[name].add(result, processor, rates[:1]))
    yield from rows.values()
