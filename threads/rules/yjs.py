"""Reading Yjs updates (version 1) without applying them: what an update brings, what it builds on, what it deletes.

Only what the four texts of a record can be made of passes: text, and what is left of deleted text. Nothing else ever
reaches the library that applies updates.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

ROOTS = frozenset({b"problem", b"environment", b"cause", b"resolution"})
MOST_BYTES = 2 * 1024 * 1024
MOST_STRUCTS = 50_000
MOST_DELETIONS = 200_000  # every SyncStep2 has all of a record's
MOST_FURTHER = 64 * 1024  # bytes by which a vector may be longer than ours: nobody knows many clients that we do not
_MOST_CLOCK = 2**31 - 1
_MOST_NUMBER = 2**53 - 1
_MORE, _MOST_SHIFTED = 128, 49

_GARBAGE, _DELETED, _TEXT, _SKIPPED = 0, 1, 4, 10
_KIND = 0b0001_1111
_KEYED, _RIGHT, _LEFT = 0b0010_0000, 0b0100_0000, 0b1000_0000

Clocks = Mapping[int, int]


class Unusable(Exception):
    """It must not be applied."""

    code = ""


class Malformed(Unusable):
    """It is no Yjs update, or one that no client makes."""

    code = "malformed"


class Foreign(Unusable):
    """It is an update, but not of the four texts of a record."""

    code = "foreign"


class TooLarge(Unusable):
    """It has more in it than anybody writes."""

    code = "too_large"


class Range(NamedTuple):
    """Clocks of one client, from `start` up to but not including `end`."""

    client: int
    start: int
    end: int


class Piece(NamedTuple):
    """Text in UTF-8 that an update puts in, with the clock of its first unit."""

    client: int
    start: int
    text: bytes


@dataclass(slots=True)
class Update:
    """What an update says.

    `pieces` are what it puts in. `needs` are the places (client, clock) that its text stands next to. `deletes` has,
    for each client, how far its deletions reach. `inserted` counts UTF-16 units, as clocks do. `skips` means that it
    has gaps.
    """

    ranges: list[Range] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    needs: list[tuple[int, int]] = field(default_factory=list)
    deletions: list[Range] = field(default_factory=list)
    inserted: int = 0
    structs: int = 0
    skips: bool = False

    def brings(self, clocks: Clocks) -> dict[int, int]:
        """Up to which clocks one knows with it, of the clients of whom it has more than `clocks` says."""
        return {client: end for client, _start, end in self.ranges if end > clocks.get(client, 0)}

    def is_missing_something(self, clocks: Clocks) -> bool:
        """Whether it builds on something that is neither in itself nor known to one who knows `clocks`."""
        if self.skips or any(start > clocks.get(client, 0) for client, start, _end in self.ranges):
            return True
        known = {**clocks, **self.brings(clocks)}
        return any(clock >= known.get(client, 0) for client, clock in self.needs) or any(
            end > known.get(client, 0) for client, _start, end in self.deletions
        )


def read_update(update: bytes, *, ours: bool = False) -> Update:
    """What an update says. Raises Malformed, Foreign or TooLarge; then it must not be applied.

    Of our own document any number of deletions is fine.
    """
    if len(update) > MOST_BYTES:
        raise TooLarge
    reader = _Reader(update)
    found = Update()
    try:
        for client, count in reader.clients(counted=True, most=MOST_STRUCTS):
            found.structs += count
            if found.structs > MOST_STRUCTS:
                raise TooLarge
            _read_structs(reader, found, client, count)
        _read_deletions(reader, found, _MOST_NUMBER if ours else MOST_DELETIONS)
    except (IndexError, UnicodeDecodeError) as error:
        raise Malformed(str(error)) from None
    if reader.at != len(update):
        raise Malformed("something follows")
    return found


def first_pieces(update: bytes, until: int) -> list[Piece]:
    """What the client that comes first in an update of our own document put in below a clock."""
    reader, found = _Reader(update), Update()
    if reader.number():
        count, client = reader.number(), reader.number()
        _read_structs(reader, found, client, count, until)
    return found.pieces


def vector_of(clocks: Clocks) -> bytes:
    """How SyncStep1 says that one knows so much of each client."""
    said = bytearray()
    for each in (len(clocks), *chain.from_iterable(clocks.items())):
        left = each
        while left >= _MORE:
            said.append(left & (_MORE - 1) | _MORE)
            left >>= 7
        said.append(left)
    return bytes(said)


def agree(pieces: Iterable[Piece], others: Iterable[Piece]) -> bool:
    """Whether two texts of one client, each in order, are the same wherever both have something."""
    one, other = _spans(pieces), _spans(others)
    here, there = next(one, None), next(other, None)
    while here and there:
        start, end = max(here.start, there.start), min(here.end, there.end)
        if start < end and here.between(start, end) != there.between(start, end):
            return False
        if here.end <= there.end:
            here = next(one, None)
        else:
            there = next(other, None)
    return True


class _Span(NamedTuple):
    """A piece counted as clocks are, in UTF-16."""

    start: int
    end: int
    text: bytes

    def between(self, start: int, end: int) -> bytes:
        return self.text[2 * (start - self.start) : 2 * (end - self.start)]


def _spans(pieces: Iterable[Piece]) -> Iterator[_Span]:
    for piece in pieces:
        text = piece.text.decode().encode("utf-16-le")
        yield _Span(piece.start, piece.start + len(text) // 2, text)


def read_vector(vector: bytes) -> dict[int, int]:
    """How much of each client one knows who sends this. Raises Malformed."""
    reader = _Reader(vector)
    try:
        found = {client: reader.clock(0) for client, _count in reader.clients()}
    except IndexError as error:
        raise Malformed(str(error)) from None
    if reader.at != len(vector):
        raise Malformed("something follows")
    return found


class _Reader:
    """A place in some bytes. Reading over their end raises IndexError."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def byte(self) -> int:
        value = self.data[self.at]
        self.at += 1
        return value

    def number(self) -> int:
        byte = self.data[self.at]
        self.at += 1
        return byte if byte < _MORE else self._rest_of(byte - _MORE)

    def _rest_of(self, value: int) -> int:
        shift = 7
        while (byte := self.data[self.at]) >= _MORE:
            value |= (byte - _MORE) << shift
            self.at += 1
            shift += 7
            if shift > _MOST_SHIFTED:
                raise Malformed("a number is too long")
        self.at += 1
        value |= byte << shift
        if value > _MOST_NUMBER:
            raise Malformed("a number is too large")
        return value

    def clock(self, start: int) -> int:
        """`start` and a length."""
        clock = start + self.number()
        if clock > _MOST_CLOCK:
            raise Malformed("a clock is too high")
        return clock

    def clients(self, *, counted: bool = False, most: int = _MOST_NUMBER) -> Iterator[tuple[int, int]]:
        """The clients of a list, each of whom may be there once, with the number that stands before them."""
        seen: set[int] = set()
        clients = self.number()
        if clients > most:
            raise TooLarge
        for _each in range(clients):
            count, client = self.number() if counted else 0, self.number()
            if client in seen:
                raise Malformed("a client is named twice")
            seen.add(client)
            yield client, count

    def piece(self) -> bytes:
        length = self.number()
        piece = self.data[self.at : self.at + length]
        if len(piece) != length:
            raise Malformed("a string ends too late")
        self.at += length
        return piece


def _read_structs(reader: _Reader, found: Update, client: int, count: int, until: int = _MOST_CLOCK) -> None:
    start = clock = reader.clock(0)
    for _each in range(count):
        if clock >= until:
            break
        info = reader.byte()
        if info == _TEXT | _LEFT:  # what typing makes, the commonest by far
            found.needs.append((reader.number(), reader.clock(0)))
        elif info in {_GARBAGE, _SKIPPED}:
            found.skips = found.skips or info == _SKIPPED
            clock = _on(clock, reader.clock(clock))
            continue
        else:
            _read_place(reader, found, info)
        if info & _KIND == _TEXT:
            text = reader.piece()
            length = _units(text)
            found.pieces.append(Piece(client, clock, text))
            found.inserted += length
            clock = _on(clock, clock + length)
        else:
            clock = _on(clock, reader.clock(clock))
    if clock > start:
        found.ranges.append(Range(client, start, clock))


def _on(clock: int, then: int) -> int:
    if then == clock or then > _MOST_CLOCK:
        raise Malformed("a struct of no length, or beyond all clocks")
    return then


def _read_place(reader: _Reader, found: Update, info: int) -> None:
    """Where a piece of text belongs: beside others, or first in one of the roots."""
    if info & _KIND not in {_TEXT, _DELETED}:
        if info & _KIND in {_GARBAGE, _SKIPPED}:
            raise Malformed("no client writes this")
        raise Foreign("not text")
    if info & _KEYED:
        raise Foreign("an attribute")
    if info & _LEFT:
        found.needs.append((reader.number(), reader.clock(0)))
    if info & _RIGHT:
        found.needs.append((reader.number(), reader.clock(0)))
    if not info & (_LEFT | _RIGHT) and (reader.number() != 1 or reader.piece() not in ROOTS):
        raise Foreign("another root")


def _units(text: bytes) -> int:
    """How many UTF-16 units a text in UTF-8 has."""
    if text.isascii():
        return len(text)
    decoded = text.decode()
    return len(decoded) + sum(character > "\uffff" for character in decoded)


def _read_deletions(reader: _Reader, found: Update, most: int) -> None:
    for client, _count in reader.clients(most=MOST_STRUCTS):
        ranges = reader.number()
        if len(found.deletions) + ranges > most:
            raise TooLarge
        for _each in range(ranges):
            start = reader.clock(0)
            found.deletions.append(Range(client, start, reader.clock(start)))
