"""What is new in the log, found without a nudge: the newest events of all streams, and which spaces they are in."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Max, Q

from community.events.streams import StreamKey
from community.models import Event, Stream
from community.rules.numbers import whole
from realtime.database import in_chunks
from realtime.rules import GAP_SECONDS, MOST_EVENTS_A_READ, MOST_GAPS, MOST_THREADS_KNOWN
from threads.models import Thread


@dataclass(frozen=True)
class Row:
    """One event: of which stream, with which number."""

    key: StreamKey
    seq: int


class Tail:
    """The end of the log, by id. Ids are handed out before the commit, so an event can turn up below the newest one:
    every id that was passed over is looked for again, until whoever was handed it must have given up."""

    def __init__(self) -> None:
        self._newest = 0
        self._gaps: dict[int, float] = {}

    def begin(self) -> None:
        """What is there already is no news, but for what is being written."""
        self._newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
        there = set(Event.objects.filter(pk__gt=self._newest - MOST_GAPS).values_list("pk", flat=True))
        self._gaps = {}
        self._pass_over(set(range(max(1, self._newest - MOST_GAPS), self._newest)) - there)

    def look(self) -> list[Row]:
        """What was committed since the last look."""
        found: list[Row] = []
        while True:
            wanted = Q(pk__gt=self._newest) | Q(pk__in=list(self._gaps))
            rows = Event.objects.filter(wanted).order_by("pk").values_list(
                "pk", "seq", "stream__kind", "stream__subject_id", "stream__part"
            )  # fmt: skip
            read = list(rows[:MOST_EVENTS_A_READ])
            found += [Row(StreamKey(*row[2:]), row[1]) for row in read]
            self._note({row[0] for row in read})
            if len(read) < MOST_EVENTS_A_READ:
                return found

    def _note(self, ids: set[int]) -> None:
        newest = max(ids, default=self._newest)
        if newest > self._newest:
            self._pass_over(set(range(max(self._newest + 1, newest - MOST_GAPS), newest)) - ids)
            self._newest = newest
        for pk in self._gaps.keys() & ids:
            del self._gaps[pk]
        now = time.monotonic()
        self._gaps = {pk: until for pk, until in self._gaps.items() if until > now}

    def _pass_over(self, ids: set[int]) -> None:
        until = time.monotonic() + GAP_SECONDS
        self._gaps |= dict.fromkeys(sorted(ids), until)
        for pk in list(self._gaps)[: len(self._gaps) - MOST_GAPS]:
            del self._gaps[pk]


class Changes:
    """Tells the spaces with news, which have no numbered stream (DESIGN rule 2). `know` is called on the loop, `among`
    in a database thread."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def know(self, grown: Mapping[str, int]) -> None:
        """Takes note of what was hinted as it happened: the numbers of the threads' streams."""
        for name, seq in grown.items():
            noun, _colon, number = name.partition(":")
            if noun == "thread" and (thread := whole(number)) is not None:
                self._known[thread] = max(seq, self._known.pop(thread, 0))
        self._trim()

    def among(self, rows: Iterable[Row]) -> set[str]:
        """Slugs of the spaces in which something happened that was not known."""
        news: dict[int, int] = {}
        for row in rows:
            if row.key.kind == Stream.Kind.THREAD and row.seq > self._known.get(row.key.subject_id, 0):
                news[row.key.subject_id] = max(row.seq, news.get(row.key.subject_id, 0))
        self._remember(news)
        slugs: set[str] = set()
        for some in in_chunks(news):
            slugs.update(Thread.objects.filter(pk__in=some).values_list("space__slug", flat=True))
        return slugs

    def _remember(self, news: Mapping[int, int]) -> None:
        for thread, seq in news.items():
            self._known.pop(thread, None)
            self._known[thread] = seq
        self._trim()

    def _trim(self) -> None:
        """Forgets those that nothing happened in for longest."""
        if len(self._known) > MOST_THREADS_KNOWN:
            for thread in list(self._known)[: len(self._known) - MOST_THREADS_KNOWN]:
                self._known.pop(thread, None)
