"""The messages of the record protocol (docs/record-protocol.md), as bytes and back. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from realtime.frames import Message
from realtime.records.limits import MOST_ENTRIES, MOST_STATE_BYTES

SYNC, AWARENESS, AUTH, ASK_AWARENESS, SAVED = 0, 1, 2, 3, 102
STEP_1, STEP_2, UPDATE = 0, 1, 2
_DENIED = 0
_MORE, _MOST_SHIFTED = 128, 49
_MOST_NUMBER = 2**53 - 1  # JavaScript counts no further: who is told of more cannot read on
_MOST_CLOCK = 2**32


class Mistake(Exception):
    """A message that no client should send; the text goes into the closing frame."""


@dataclass(frozen=True, slots=True)
class Question:
    """SyncStep1: what do I lack, who know this much?"""

    vector: bytes


@dataclass(frozen=True, slots=True)
class Update:
    """SyncStep2 (`whole`), or an update."""

    update: bytes
    whole: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """Tell me when all I sent before this is stored. The message itself is the answer."""

    message: bytes


class Entry(NamedTuple):
    """What a client says of one client's state: JSON; `null` when it has left."""

    client: int
    clock: int
    state: bytes


@dataclass(frozen=True, slots=True)
class Awareness:
    """Where clients are."""

    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class AskAwareness:
    """Tell me where everybody is."""


Asked = Question | Update | Saved | Awareness | AskAwareness


def read(message: bytes) -> Asked:
    """What a client sent. Raises Mistake."""
    reader = _Reader(message)
    try:
        found = _read(reader)
    except IndexError:
        raise Mistake("malformed: it ends too early") from None
    if reader.at != len(message):
        raise Mistake("malformed: something follows")
    return found


def _read(reader: "_Reader") -> Asked:
    kind = reader.number()
    if kind == SYNC:
        return _read_sync(reader)
    if kind == AWARENESS:
        return _read_awareness(_Reader(reader.piece()))
    if kind == ASK_AWARENESS:
        return AskAwareness()
    if kind == SAVED:
        reader.number()
        return Saved(reader.data)
    raise Mistake("unknown type")


def _read_sync(reader: "_Reader") -> Question | Update:
    step, content = reader.number(), reader.piece()
    if step == STEP_1:
        return Question(content)
    if step in {STEP_2, UPDATE}:
        return Update(content, step == STEP_2)
    raise Mistake("unknown type")


def _read_awareness(reader: "_Reader") -> Awareness:
    """Entries that are too long are left out, and all of a message that has too many."""
    count = reader.number()
    if count > MOST_ENTRIES:
        return Awareness(())
    entries = [Entry(reader.number(), reader.number(), reader.piece()) for _each in range(count)]
    if reader.at != len(reader.data):
        raise Mistake("malformed: something follows")
    return Awareness([entry for entry in entries if len(entry.state) <= MOST_STATE_BYTES and entry.clock < _MOST_CLOCK])


class _Reader:
    """A place in some bytes. Reading over their end raises IndexError."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            if byte < _MORE:
                break
            shift += 7
            if shift > _MOST_SHIFTED:
                raise Mistake("malformed: a number is too long")
        if value > _MOST_NUMBER:
            raise Mistake("malformed: a number is too large")
        return value

    def piece(self) -> bytes:
        length = self.number()
        piece = self.data[self.at : self.at + length]
        if len(piece) != length:
            raise IndexError
        self.at += length
        return piece


def number(value: int) -> bytes:
    """A whole number of any size, seven bits a byte."""
    out = bytearray()
    while value >= _MORE:
        out.append(value & 127 | _MORE)
        value >>= 7
    out.append(value)
    return bytes(out)


def _piece(content: bytes) -> bytes:
    return number(len(content)) + content


def question(vector: bytes) -> Message:
    """SyncStep1: send what I lack."""
    return Message(bytes((SYNC, STEP_1)) + _piece(vector))


def answer(update: bytes) -> Message:
    """SyncStep2: what you lacked."""
    return Message(bytes((SYNC, STEP_2)) + _piece(update))


def news(update: bytes) -> Message:
    """What is new, for everybody."""
    return Message(bytes((SYNC, UPDATE)) + _piece(update))


def awareness(entries: Iterable[Entry]) -> Message:
    """Where these are."""
    told = list(entries)
    content = b"".join(number(each.client) + number(each.clock) + _piece(each.state) for each in told)
    return Message(bytes((AWARENESS,)) + _piece(number(len(told)) + content))


def denied(reason: str) -> Message:
    """You may not write."""
    return Message(bytes((AUTH, _DENIED)) + _piece(reason.encode()))


NOTHING = awareness(())  # says nothing, but keeps the line alive
