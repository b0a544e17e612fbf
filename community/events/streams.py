"""Names of streams: `thread:12`, `thread:12/<part>` (posts that only some readers may see), `member:7`."""

from dataclasses import dataclass
from typing import Self

from community.models import Stream

_NAMES = {Stream.Kind.THREAD: "thread", Stream.Kind.MEMBER: "member"}
_KINDS = {name: kind for kind, name in _NAMES.items()}
_MOST_DIGITS = 18


@dataclass(frozen=True, order=True)
class StreamKey:
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
        if (
            noun not in _KINDS
            or not (number.isascii() and number.isdigit())
            or len(number) > _MOST_DIGITS
            or (slash and not part)
        ):
            raise ValueError(name)
        if part and noun != "thread":
            raise ValueError(name)
        return cls(_KINDS[noun], int(number), part)


def thread_stream(thread_id: int, part: str = "") -> StreamKey:
    """The stream of a thread, or of a restricted part of it."""
    return StreamKey(Stream.Kind.THREAD, thread_id, part)


def member_stream(member_id: int) -> StreamKey:
    """The stream of a member's own affairs: inbox and standing."""
    return StreamKey(Stream.Kind.MEMBER, member_id)
