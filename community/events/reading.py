"""Reading the event log: what a listener missed, and where streams stand."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from community.events.streams import StreamKey, streams_named
from community.models import Event, Stream
from community.rules.statements import rows_of, table

MOST_MISSED = 500
_STANDS = f"""
    WITH wanted (kind, subject_id, part) AS ({{}})
    SELECT wanted.kind, wanted.subject_id, wanted.part, stream.seq, stream.pruned_to
    FROM wanted
    JOIN {Stream._meta.db_table} AS stream
      ON stream.kind = wanted.kind AND stream.subject_id = wanted.subject_id AND stream.part = wanted.part
"""  # noqa: S608  (names of our own tables)
# PostgreSQL would read all events of a stream if it were not told where to begin for each; SQLite finds it by itself.
_FOLLOWING = {
    "postgresql": f"""JOIN LATERAL (
        SELECT * FROM {Event._meta.db_table} AS one
        WHERE one.stream_id = stream.id AND one.seq > wanted.seq ORDER BY one.seq LIMIT %s
    ) AS event ON TRUE""",  # noqa: S608  (names of our own tables)
    "sqlite": f"""JOIN {Event._meta.db_table} AS event
        ON event.stream_id = stream.id AND event.seq > wanted.seq AND %s > 0""",
}
_SINCE = f"""
    WITH wanted (kind, subject_id, part, seq) AS ({{}})
    SELECT wanted.kind, wanted.subject_id, wanted.part, event.seq, event.kind, event.at, event.data, event.html
    FROM wanted
    JOIN {Stream._meta.db_table} AS stream
      ON stream.kind = wanted.kind AND stream.subject_id = wanted.subject_id AND stream.part = wanted.part
    {{}}
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
    return {key: stand.seq for key, stand in standings(keys).items()}


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
    asked = [(key.kind, key.subject_id, key.part) for key in keys]
    if not asked:
        return {}
    wanted, values = table(("smallint", "bigint", "text"), asked)
    return {StreamKey(*row[:3]): Standing(*row[3:]) for row in rows_of(_STANDS.format(wanted), values)}


class Logged(NamedTuple):
    """An event as it is read for many."""

    seq: int
    kind: str
    at: datetime
    data: Any
    html: str


def events_since(after: Mapping[StreamKey, int], *, most: int) -> list[tuple[StreamKey, Logged]]:
    """The events of many streams after a number each, stream by stream and in order; the first `most` of them."""
    if not after:
        return []
    asked = [(key.kind, key.subject_id, key.part, seq) for key, seq in after.items()]
    wanted, values = table(("smallint", "bigint", "text", "bigint"), asked)
    rows = rows_of(_SINCE.format(wanted, _FOLLOWING[connection.vendor]), [*values, most, most])
    return [(StreamKey(*row[:3]), Logged(row[3], row[4], _moment(row[5]), json.loads(row[6]), row[7])) for row in rows]


def _moment(value: Any) -> datetime:
    """SQLite has no dates: it keeps them as text, in UTC."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)


def event_data(event: Event | Logged) -> dict[str, Any]:
    """An event as clients get it, without the stream's name."""
    frame = {"seq": event.seq, "kind": event.kind, "at": event.at.isoformat(), "data": event.data}
    return {**frame, "html": event.html} if event.html else frame
