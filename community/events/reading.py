"""Reading the event log: what a listener missed, and where streams stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from community.events.streams import StreamKey
from community.models import Event, Stream

MOST_MISSED = 500


@dataclass(frozen=True)
class Missed:
    """What followed a number. `reset` means that the log does not reach back that far, or that it is too much."""

    seq: int
    events: list[Event]
    reset: bool


def newest_number(key: StreamKey) -> int:
    """The number of the newest event of a stream, 0 when it has none."""
    return newest_numbers([key]).get(key, 0)


def newest_numbers(keys: Iterable[StreamKey]) -> dict[StreamKey, int]:
    """The newest numbers of the streams that have any."""
    ids: dict[tuple[int, str], list[int]] = {}
    for key in keys:
        ids.setdefault((key.kind, key.part), []).append(key.subject_id)
    named = Q(pk__in=[])
    for (kind, part), subjects in ids.items():
        named |= Q(kind=kind, part=part, subject_id__in=subjects)
    rows = Stream.objects.filter(named).values_list("kind", "subject_id", "part", "seq")
    return {StreamKey(kind, subject, part): seq for kind, subject, part, seq in rows}


def missed(key: StreamKey, after: int, *, most: int = MOST_MISSED) -> Missed:
    """The events after number `after`, in order; a reset when there are more than `most` or they have been pruned."""
    stream = Stream.objects.filter(kind=key.kind, subject_id=key.subject_id, part=key.part).first()
    if stream is None:
        return Missed(0, [], reset=after > 0)
    if after > stream.seq or after < stream.pruned_to or stream.seq - after > most:
        return Missed(stream.seq, [], reset=True)
    events = list(stream.events.filter(seq__gt=after, seq__lte=stream.seq).order_by("seq"))
    return Missed(stream.seq, events, reset=False)


def event_data(event: Event) -> dict[str, Any]:
    """An event as clients get it, without the stream's name."""
    frame = {"seq": event.seq, "kind": event.kind, "at": event.at.isoformat(), "data": event.data}
    return {**frame, "html": event.html} if event.html else frame
