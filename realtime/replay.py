"""Reading the log for listeners: what newcomers missed, and what came for all.

The order of the reads is the promise: events first, then where the doors stand, then the doors. Whoever is let through
then may see everything that was read, because a change of the doors that was committed before an event is seen by the
later read.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from community.events.reading import Standing, events_since, newest_numbers, standings
from community.events.streams import StreamKey
from realtime import frames
from realtime.database import in_chunks
from realtime.doorbell import doors_now
from realtime.doors import SPACE, Pair, those_who_may, wire_name
from realtime.facts import Doors
from realtime.frames import Frame
from realtime.rules import MOST_EVENTS_A_READ, STREAMS_A_QUERY

Line = tuple[int, Frame]


class Asked(NamedTuple):
    """Who wants to listen where, from after which number on; None for only what comes."""

    member_id: int
    place: str
    after: int | None


class Parcel(NamedTuple):
    """Frames, and the bytes of all of them."""

    frames: list[Frame]
    wire: bytes


@dataclass(frozen=True)
class Arrival:
    """What all get who come to a place with the same number: `lines` up to number `seq`, or a reset."""

    place: str
    seq: int = 0
    lines: Sequence[Line] = ()
    reset: bool = False

    @cached_property
    def missed(self) -> Parcel:
        """What they missed."""
        written = [frames.write("reset", stream=wire_name(self.place), seq=self.seq)] if self.reset else []
        written += [frame for _seq, frame in self.lines]
        return Parcel(written, b"".join(frame.wire for frame in written))

    @cached_property
    def answer(self) -> Parcel:
        """The same, and that they are subscribed now."""
        numbered = {} if self.place.startswith(SPACE) else {"seq": self.seq}
        subscribed = frames.write("subscribed", stream=wire_name(self.place), **numbered)
        return Parcel([*self.missed.frames, subscribed], self.missed.wire + subscribed.wire)


@dataclass(frozen=True)
class Opening:
    """For many newcomers: those who may listen, judged when the doors stood at `doors`, and what they get, by place
    and number. What is not there is to be asked for again, because it would have been too much at once."""

    doors: Doors
    allowed: set[Pair]
    arrivals: dict[tuple[str, int | None], Arrival]


@dataclass(frozen=True)
class Growth:
    """What came: for each place its events in order. `more` are places with events left to read; `pruned` those whose
    events are gone, with the numbers they stand at."""

    doors: Doors
    lines: dict[str, list[Line]] = field(default_factory=dict)
    more: frozenset[str] = frozenset()
    pruned: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """Those who may (still) listen, judged when the doors stood at `doors`."""

    doors: Doors
    allowed: set[Pair]


def arrive(asked: Collection[Asked]) -> Opening:
    """What newcomers missed, and who of them may listen: a few queries, however many they are."""
    arrivals = _arrivals([(each.place, each.after) for each in asked])
    doors = doors_now()
    return Opening(doors, those_who_may({(each.member_id, each.place) for each in asked}), arrivals)


def _arrivals(wanted: Iterable[tuple[str, int | None]]) -> dict[tuple[str, int | None], Arrival]:
    afters: dict[str, set[int | None]] = {}
    for place, after in wanted:
        afters.setdefault(place, set()).add(after)
    keys = {place: StreamKey.parse(place) for place in afters if not place.startswith(SPACE)}
    found = standings(keys.values()) if keys else {}
    stands = {place: found.get(key, Standing()) for place, key in keys.items()}
    lowest = _not_too_much({place: _lowest(stands[place], afters[place]) for place in keys}, stands)
    lines = _lines({place: after for place, after in lowest.items() if after < stands[place].seq})
    arrivals = {(place, after): Arrival(place) for place in afters.keys() - keys.keys() for after in afters[place]}
    for place in lowest:
        for after in afters[place]:
            arrivals[place, after] = _arrival(place, stands[place], after, lines.get(place, []))
    return arrivals


def _lowest(stand: Standing, afters: Iterable[int | None]) -> int:
    """From where on the log is to be read for all of them."""
    return min((after for after in afters if after is not None and stand.can_follow(after)), default=stand.seq)


def _not_too_much(lowest: Mapping[str, int], stands: Mapping[str, Standing]) -> dict[str, int]:
    """The places for which together not too many events are to be read: the first, and then those with the fewest."""
    taken: dict[str, int] = {}
    room = MOST_EVENTS_A_READ
    ordered = list(lowest.items())
    ordered[1:] = sorted(ordered[1:], key=lambda one: stands[one[0]].seq - one[1])
    for place, after in ordered:
        events = stands[place].seq - after
        if not taken or events <= room:
            taken[place] = after
            room -= events
    return taken


def _lines(after: Mapping[str, int]) -> dict[str, list[Line]]:
    lines: dict[str, list[Line]] = {}
    for places in in_chunks(after, STREAMS_A_QUERY):
        _read({place: after[place] for place in places}, lines)
    return lines


def _read(after: Mapping[str, int], lines: dict[str, list[Line]], most: int = 2 * MOST_EVENTS_A_READ) -> int:
    """Adds what is in the log after these numbers; each event is written once, for all its listeners."""
    rows = events_since({StreamKey.parse(place): seq for place, seq in after.items()}, most=most)
    for key, row in rows:
        place = str(key)
        lines.setdefault(place, []).append((row.seq, frames.event(wire_name(place), row)))
    return len(rows)


def _arrival(place: str, stand: Standing, after: int | None, lines: Sequence[Line]) -> Arrival:
    """`lines` may begin earlier and go on further than where the stream stood."""
    seq = lines[-1][0] if lines else stand.seq
    if after is None:
        return Arrival(place, seq)
    missed = lines[bisect_right(lines, after, key=lambda line: line[0]) :]
    whole = stand.can_follow(after) and len(missed) == seq - after
    return Arrival(place, seq, missed) if whole else Arrival(place, seq, reset=True)


def growth(after: Mapping[str, int]) -> Growth:
    """What came to the places since their numbers."""
    lines: dict[str, list[Line]] = {}
    more: set[str] = set()
    for places in in_chunks(after, STREAMS_A_QUERY):
        if _read({place: after[place] for place in places}, lines, MOST_EVENTS_A_READ) == MOST_EVENTS_A_READ:
            more.update(places)
    pruned = _pruned(after, lines, more)
    return Growth(doors_now(), lines, frozenset(more), pruned)


def _pruned(after: Mapping[str, int], lines: Mapping[str, list[Line]], more: Collection[str]) -> dict[str, int]:
    """The places whose next event is not in the log any more."""
    pruned = {place: rows[-1][0] for place, rows in lines.items() if rows[0][0] != after[place] + 1}
    silent = {StreamKey.parse(place): place for place in after.keys() - lines.keys() - set(more)}
    stands = {silent[key]: stand.seq for key, stand in standings(silent).items()} if silent else {}
    behind = {place: after[place] for place, seq in stands.items() if seq > after[place]}
    late: dict[str, list[Line]] = {}
    _read(behind, late)
    return pruned | {place: stands[place] for place in behind.keys() - late.keys()}


def numbers(places: Iterable[str]) -> dict[str, int]:
    """Where the places stand in the log; those without events are left out."""
    found: dict[str, int] = {}
    for some in in_chunks(places):
        found |= {str(key): seq for key, seq in newest_numbers(StreamKey.parse(place) for place in some).items()}
    return found


def judge(pairs: Collection[Pair]) -> Judgement:
    """Asks the doors of many at once."""
    return Judgement(doors_now(), those_who_may(pairs))
