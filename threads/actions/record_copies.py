"""Copies of records in memory: brought to where the log is, and never believed further than it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from community.events import action
from threads.models import RecordState, RecordUpdate, RecordVersion, WorkingRecord
from threads.queries.live_records import newest_numbers, rest_of
from threads.rules.document import Broken, Document
from threads.rules.texts import plain

_ATTEMPTS = 5


@dataclass
class Copy:
    """A process's copy of a record: what the log says up to number `seq`. For one thread at a time.

    Whoever has what it said before number `mended` has to read it anew. `clients` are those whose member is known.
    """

    document: Document
    seq: int
    mended: int = 0
    clients: dict[int, int] = field(default_factory=dict)


class Unreadable(Exception):
    """The log of a record does not hold together."""


def catch_up(thread_ids: Collection[int], copies: dict[int, Copy]) -> dict[int, Copy]:
    """Bring the copies of these records to where the log is, reading those that are not there yet.

    `copies` is changed; what it says of these records is returned. Records that do not exist are left out.
    """
    return bring_to(newest_numbers(thread_ids), copies)


def bring_to(numbers: Mapping[int, int], copies: dict[int, Copy]) -> dict[int, Copy]:
    """Bring the copies of records to these numbers at least."""
    return {pk: _brought(pk, number, copies) for pk, number in numbers.items()}


def _brought(pk: int, number: int, copies: dict[int, Copy]) -> Copy:
    copy = copies.get(pk)
    if copy is not None and copy.seq == number:
        return copy
    after = copy.seq if copy is not None and copy.seq < number else None
    for _attempt in range(_ATTEMPTS):
        rest = rest_of(pk, after=after)
        if rest is not None and rest.seq >= number:
            break
        after = None
        _found(thread_id=pk)
    else:
        raise Unreadable(pk)
    if copy is None or rest.anew:
        copy = copies[pk] = Copy(Document.loaded(rest.state, rest.updates), rest.seq, rest.mended)
        return copy
    try:
        copy.document.take(rest.updates)
    except Broken:
        del copies[pk]
        return _brought(pk, number, copies)
    copy.seq = rest.seq
    return copy


def texts_at(thread_id: int, number: int) -> dict[str, str] | None:
    """What a record said at a number of its log; None when that cannot be told any more."""
    version = RecordVersion.objects.filter(record=thread_id, seq=number).first()
    if version is not None:
        return dict(version.fields)
    begun = RecordState.objects.filter(pk=thread_id).first()
    start, state = (begun.seq, bytes(begun.state)) if begun else (0, None)
    rows = RecordUpdate.objects.filter(record=thread_id, seq__gt=start, seq__lte=number).order_by("seq")
    updates = [bytes(row.update) for row in rows]
    if start + len(updates) != number:
        return None
    return {name: plain(text) for name, text in Document.loaded(state, updates).texts.items()}


@action
def _found(*, thread_id: int) -> None:
    """Begin the log of a record that was written before there were logs."""
    record = WorkingRecord.objects.select_for_update(of=("self",), no_key=True).get(pk=thread_id)
    begun = RecordState.objects.filter(record=record) or RecordUpdate.objects.filter(record=record)
    if record.version > 0 and not begun.exists():
        RecordState.objects.create(record=record, seq=record.version, state=Document.made(record.fields).state)
