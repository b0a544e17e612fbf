"""Reading the event log: what a listener missed, and where streams stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from community.events.streams import StreamKey, streams_named
from community.models import Event

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
    rows = streams_named(keys).values_list("kind", "subject_id", "part", "seq")
    return {StreamKey(kind, subject, part): seq for kind, subject, part, seq in rows}


def missed(key: StreamKey, after: int, *, most: int = MOST_MISSED) -> Missed:
    """The events after number `after`, in order; a reset when there are more than `most` or they have been pruned."""
    stream = streams_named([key]).first()
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
