"""Which spaces changed, found in the log, for processes that no nudge reached.

A space has no numbered stream (DESIGN rule 2), so the newest events of all threads are looked at by id. Ids are handed
out before the commit, so the search looks back a little; what was hinted already is known by its number.
"""

from collections.abc import Mapping

from django.db.models import Max

from community.models import Event, Stream
from community.rules.numbers import whole
from realtime.rules import MOST_EVENTS_A_READ, MOST_THREADS_KNOWN, OVERLAP
from threads.models import Thread


class Changes:
    """Finds the spaces with news since the last look. `know` is called on the loop, the rest in one database thread."""

    def __init__(self) -> None:
        self._newest: int | None = None
        self._known: dict[int, int] = {}

    def know(self, grown: Mapping[str, int]) -> None:
        """Takes note of what was hinted as it happened: the numbers of the threads' streams."""
        for name, seq in grown.items():
            noun, _colon, number = name.partition(":")
            if noun == "thread" and (thread := whole(number)) is not None:
                self._known[thread] = max(seq, self._known.get(thread, 0))

    def begin(self) -> None:
        """Somebody starts to listen: what happens from now on is news."""
        if self._newest is None:
            self.look()

    def forget(self) -> None:
        """Nobody listens any more."""
        self._newest = None

    def look(self) -> set[str]:
        """Slugs of the spaces in which something happened that was not known; nothing at the first look."""
        first = self._newest is None
        if self._newest is None:
            self._newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
        rows = Event.objects.filter(pk__gt=self._newest - OVERLAP, stream__kind=Stream.Kind.THREAD).order_by("pk")
        found = list(rows.values_list("pk", "stream__subject_id", "seq")[:MOST_EVENTS_A_READ])
        news = {thread: seq for _pk, thread, seq in found if seq > self._known.get(thread, 0)}
        self._newest = max([self._newest, *(pk for pk, _thread, _seq in found)])
        self._remember(news)
        if first or not news:
            return set()
        return set(Thread.objects.filter(pk__in=news).values_list("space__slug", flat=True))

    def _remember(self, news: Mapping[int, int]) -> None:
        for thread, seq in news.items():
            self._known.pop(thread, None)
            self._known[thread] = seq
        for thread in list(self._known)[: len(self._known) - MOST_THREADS_KNOWN]:
            del self._known[thread]
