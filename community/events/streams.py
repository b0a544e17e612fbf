"""Streams by their names: `thread:12`, `thread:12/<part>` (posts that only some readers may see), `member:7`."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

from django.db.models import Q, QuerySet

from community.models import Stream
from community.rules.numbers import whole
from community.rules.statements import rows_of, table

_NAMES = {Stream.Kind.THREAD: "thread", Stream.Kind.MEMBER: "member"}
_KINDS = {name: kind for kind, name in _NAMES.items()}
_AT_ONCE = 200
_RAISE = """
    INSERT INTO community_stream (kind, subject_id, part, seq, pruned_to) {}
    ON CONFLICT (kind, subject_id, part) DO UPDATE SET seq = community_stream.seq + excluded.seq
    RETURNING kind, subject_id, part, id, seq
"""


class StreamKey(NamedTuple):
    """A stream's name. Keys sort in the order in which their rows are locked.

    Threads first, then members, each by id.
    """

    kind: int
    subject_id: int
    part: str = ""

    def __str__(self) -> str:
        name = f"{_NAMES[Stream.Kind(self.kind)]}:{self.subject_id}"
        return f"{name}/{self.part}" if self.part else name

    @classmethod
    def parse(cls, name: str) -> Self:
        """The key of that name. Raises ValueError when it is not the name of a numbered stream."""
        noun, _colon, rest = name.partition(":")
        number, slash, part = rest.partition("/")
        subject_id = whole(number)
        if noun not in _KINDS or subject_id is None or (slash and not part) or (part and noun != "thread"):
            raise ValueError(name)
        return cls(_KINDS[noun], subject_id, part)


def thread_stream(thread_id: int, part: str = "") -> StreamKey:
    """The stream of a thread, or of a restricted part of it."""
    return StreamKey(Stream.Kind.THREAD, thread_id, part)


def member_stream(member_id: int) -> StreamKey:
    """The stream of a member's own affairs: inbox and standing."""
    return StreamKey(Stream.Kind.MEMBER, member_id)


def streams_named(keys: Iterable[StreamKey]) -> QuerySet[Stream]:
    """The rows of these streams, of those that have any."""
    ids: dict[tuple[int, str], list[int]] = {}
    for key in keys:
        ids.setdefault((key.kind, key.part), []).append(key.subject_id)
    named = Q(pk__in=[])
    for (kind, part), subjects in ids.items():
        named |= Q(kind=kind, part=part, subject_id__in=subjects)
    return Stream.objects.filter(named)


class Raised(NamedTuple):
    """A stream's row, and the number that it has been raised to."""

    pk: int
    seq: int


def raise_numbers(by: Mapping[StreamKey, int]) -> dict[StreamKey, Raised]:
    """Raise the newest numbers of these streams by so much each, in a transaction, which keeps their rows locked.

    One statement takes the rows one after another in the fixed order, and makes those that are not there: who waits for
    a row, locked or new, holds only rows before it.
    """
    raised: dict[StreamKey, Raised] = {}
    keys = sorted(by)
    for start in range(0, len(keys), _AT_ONCE):
        rows = [(key.kind, key.subject_id, key.part, by[key], 0) for key in keys[start : start + _AT_ONCE]]
        given, values = table(("smallint", "bigint", "text", "bigint", "bigint"), rows)
        found = rows_of(_RAISE.format(given), values)
        raised |= {StreamKey(*row[:3]): Raised(*row[3:]) for row in found}
    return raised
