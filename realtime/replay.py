"""Reading the log for listeners: what one of them missed, and what came for all.

The order of the reads is the promise: events first, then the doors. Whoever is let through then may see everything
that was read, because a change of the doors that was committed before an event is seen by the later read.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from community.events.reading import missed, newest_number, newest_numbers
from community.events.streams import StreamKey
from community.models import Event
from community.queries.members import active_member
from realtime import frames
from realtime.database import in_chunks
from realtime.doors import Pair, doors_number, may_listen, those_who_may, wire_name
from realtime.rules import MOST_EVENTS_A_READ, STREAMS_A_QUERY

Line = tuple[int, str]


@dataclass(frozen=True)
class Arrival:
    """What a newcomer gets: `lines` up to number `seq`, or a reset; judged when the doors' number was `doors`."""

    doors: int
    seq: int = 0
    lines: list[Line] = field(default_factory=list)
    reset: bool = False


@dataclass(frozen=True)
class Growth:
    """What came: for each place its events in order. `more` are places with events left to read; `pruned` those whose
    events are gone, with the numbers they stand at."""

    doors: int
    lines: dict[str, list[Line]] = field(default_factory=dict)
    more: frozenset[str] = frozenset()
    pruned: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """Those who may (still) listen, judged when the doors' number was `doors`."""

    doors: int
    allowed: set[Pair]


def arrive(member_id: int, place: str, after: int | None) -> Arrival | None:
    """What the member missed in a place since number `after`; None when they may not listen there."""
    arrival = _since(place, after)
    member = active_member(member_id)
    return arrival if member and may_listen(member, place) else None


def _since(place: str, after: int | None) -> Arrival:
    if place.startswith("space:"):
        return Arrival(doors_number())
    key = StreamKey.parse(place)
    if after is None:
        seq = newest_number(key)
        return Arrival(doors_number(), seq)
    found = missed(key, after)
    lines = [(row.seq, frames.event(wire_name(place), row)) for row in found.events]
    return Arrival(doors_number(), found.seq, lines, found.reset)


def growth(after: Mapping[str, int]) -> Growth:
    """What came to the places since their numbers; each event is written once, for all its listeners."""
    lines: dict[str, list[Line]] = {}
    more: set[str] = set()
    for places in in_chunks(after, STREAMS_A_QUERY):
        rows = _events({StreamKey.parse(place): after[place] for place in places})
        for row in rows:
            place = str(StreamKey(row.stream.kind, row.stream.subject_id, row.stream.part))
            lines.setdefault(place, []).append((row.seq, frames.event(wire_name(place), row)))
        if len(rows) == MOST_EVENTS_A_READ:
            more.update(places)
    pruned = _pruned(after, lines, more)
    return Growth(doors_number(), lines, frozenset(more), pruned)


def _pruned(after: Mapping[str, int], lines: Mapping[str, list[Line]], more: Collection[str]) -> dict[str, int]:
    """The places whose next event is not in the log any more."""
    pruned = {place: rows[-1][0] for place, rows in lines.items() if rows[0][0] != after[place] + 1}
    for place in after.keys() - lines.keys() - set(more):
        found = missed(StreamKey.parse(place), after[place])
        if found.seq > after[place] and not found.events:
            pruned[place] = found.seq
    return pruned


def _events(after: Mapping[StreamKey, int]) -> list[Event]:
    wanted = Q(pk__in=[])
    for key, seq in after.items():
        wanted |= Q(stream__kind=key.kind, stream__subject_id=key.subject_id, stream__part=key.part, seq__gt=seq)
    rows = Event.objects.filter(wanted).select_related("stream").order_by("stream_id", "seq")
    return list(rows[:MOST_EVENTS_A_READ])


def numbers(places: Iterable[str]) -> dict[str, int]:
    """Where the places stand in the log; those without events are left out."""
    found: dict[str, int] = {}
    for some in in_chunks(places):
        found |= {str(key): seq for key, seq in newest_numbers(StreamKey.parse(place) for place in some).items()}
    return found


def judge(pairs: Collection[Pair]) -> Judgement:
    """Asks the doors of many at once."""
    return Judgement(doors_number(), those_who_may(pairs))
