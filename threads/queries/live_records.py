"""The logs of working records: where they stand, and what a copy of one is missing."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from community.queries.prepared import Prepared
from community.rules import clock
from threads.models import Practice, RecordState, RecordUpdate, Thread, WorkingRecord
from threads.rules.sittings import LONGEST, MOST_UPDATES, SILENCE, UNFOUND

_AT_ONCE = 900
_MOST_DUE = 20
_MOST_UNFOUND = 40


class Standing(NamedTuple):
    """Where a record stands: its newest number, up to which it is compacted, and whether it takes changes at all."""

    version: int
    compacted: int
    writable: bool


def standings(thread_ids: Collection[int]) -> dict[int, Standing]:
    """Where these records stand; one query for each 900. Records that are not there are left out."""
    recorded = Practice.objects.filter(thread=OuterRef("pk"), follows_record=False)
    found: dict[int, Standing] = {}
    for some in _portions(thread_ids):
        rows = WorkingRecord.objects.filter(pk__in=some).values_list(
            "pk", "version", "log_state__seq", "thread__status", Exists(recorded)
        )
        for pk, version, compacted, status, practised in rows:
            found[pk] = Standing(version, compacted or 0, status != Thread.Status.CLOSED and not practised)
    return found


_newest = Prepared(lambda pks: WorkingRecord.objects.filter(pk__in=pks).values_list("pk", "version"))


def newest_numbers(thread_ids: Collection[int]) -> dict[int, int]:
    """The numbers that these records have come to."""
    return dict(_newest(pks=list(thread_ids)).things())


class Rest(NamedTuple):
    """What brings a copy to a number: the state to begin with anew, if that is needed, then updates.

    `seq` is the number it then has come to. `state` is empty for a record that was never compacted; `mended` says at
    which number it was put right, and is 0 where nothing begins anew.
    """

    anew: bool
    state: bytes
    mended: int
    updates: list[bytes]
    seq: int


_following = Prepared(
    lambda pk, start: RecordUpdate.objects.filter(record=pk, seq__gt=start).order_by("seq").values_list("seq", "update")
)


def rest_of(thread_id: int, *, after: int | None) -> Rest | None:
    """What follows number `after` of a record's log, or all of it for None.

    None when the log does not hold together: a version was cut while it was read, or the record is older than its log.
    """
    if after is not None:
        found = _rest(False, b"", 0, thread_id, after)
        if found is not None and found.updates:
            return found
    begun = RecordState.objects.filter(pk=thread_id).first()
    if begun is None:
        return _rest(after is None, b"", 0, thread_id, after or 0)
    if after is None or begun.seq > after:
        return _rest(True, bytes(begun.state), begun.mended, thread_id, begun.seq)
    return _rest(False, b"", 0, thread_id, after)


def _rest(anew: bool, state: bytes, mended: int, thread_id: int, start: int) -> Rest | None:
    rows = _following(pk=thread_id, start=start).things()
    if [seq for seq, _update in rows] != list(range(start + 1, start + 1 + len(rows))):
        return None
    return Rest(anew, state, mended, [bytes(update) for _seq, update in rows], start + len(rows))


def due_for_cut() -> list[int]:
    """Records of which a version is to be cut now: the longest waiting first, at most 20."""
    now = clock.now()
    waiting = RecordUpdate.objects.order_by().values("record")
    counted = waiting.annotate(updates=Count("pk"), first=Min("at"), last=Max("at"))
    due = counted.filter(Q(updates__gte=MOST_UPDATES) | Q(last__lte=now - SILENCE) | Q(first__lte=now - LONGEST))
    return list(due.order_by("first", "record").values_list("record", flat=True)[:_MOST_DUE])


def due_for_search() -> list[int]:
    """Records in which search does not find what was written some time ago: the longest waiting first, at most 40."""
    unfound = RecordUpdate.objects.order_by().filter(seq__gt=F("record__indexed")).values("record")
    due = unfound.annotate(first=Min("at")).filter(first__lte=clock.now() - UNFOUND)
    return list(due.order_by("first", "record").values_list("record", flat=True)[:_MOST_UNFOUND])


def _portions(ids: Iterable[int]) -> Iterable[list[int]]:
    every = sorted(set(ids))
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))
