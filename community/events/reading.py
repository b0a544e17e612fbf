"""Reading the event log: what a listener missed, and where streams stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from community.events.streams import StreamKey, streams_named
from community.models import Event, Stream

MOST_MISSED = 500
_SINCE = f"""
    WITH wanted (kind, subject_id, part, seq) AS (VALUES {{}})
    SELECT event.id, event.seq, event.kind, event.at, event.data, event.html,
           wanted.kind AS noun, wanted.subject_id AS subject, wanted.part AS part
    FROM wanted
    JOIN {Stream._meta.db_table} AS stream
      ON stream.kind = wanted.kind AND stream.subject_id = wanted.subject_id AND stream.part = wanted.part
    JOIN {Event._meta.db_table} AS event ON event.stream_id = stream.id AND event.seq > wanted.seq
    ORDER BY event.stream_id, event.seq LIMIT %s
"""  # noqa: S608  (names of our own tables)


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


@dataclass(frozen=True)
class Standing:
    """Where a stream stands: its newest number, and the one up to which its events have been dropped."""

    seq: int = 0
    pruned_to: int = 0

    def can_follow(self, after: int, *, most: int = MOST_MISSED) -> bool:
        """Whether what followed a number can be read: not more than `most`, not pruned, and the number is ours."""
        return self.pruned_to <= after <= self.seq <= after + most


def standings(keys: Iterable[StreamKey]) -> dict[StreamKey, Standing]:
    """Where the streams that have events stand."""
    rows = streams_named(keys).values_list("kind", "subject_id", "part", "seq", "pruned_to")
    return {StreamKey(kind, subject, part): Standing(seq, pruned) for kind, subject, part, seq, pruned in rows}


def events_since(after: Mapping[StreamKey, int], *, most: int) -> list[tuple[StreamKey, Event]]:
    """The events of many streams after a number each, stream by stream and in order; the first `most` of them."""
    if not after:
        return []
    values = [value for key, seq in after.items() for value in (key.kind, key.subject_id, key.part, seq)]
    wanted = ", ".join(["(%s, %s, %s, %s)"] * len(after))
    rows: Iterable[Any] = Event.objects.raw(_SINCE.format(wanted), [*values, most])
    return [(StreamKey(row.noun, row.subject, row.part), row) for row in rows]


def event_data(event: Event) -> dict[str, Any]:
    """An event as clients get it, without the stream's name."""
    frame = {"seq": event.seq, "kind": event.kind, "at": event.at.isoformat(), "data": event.data}
    return {**frame, "html": event.html} if event.html else frame
