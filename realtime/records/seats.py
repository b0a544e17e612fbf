"""One socket at one record."""

from collections.abc import Sequence
from enum import Enum

from realtime.doors import Pair
from realtime.frames import Message
from realtime.people import Person
from realtime.records.limits import MOST_HELD, MOST_WAITING_BYTES, MOST_WAITING_MESSAGES
from realtime.records.wire import Entry
from realtime.rules import Closing
from realtime.sockets import Socket


class Mode(Enum):
    """What somebody may do who sees a record."""

    WRITE = "write"
    READ = "read"


class Seat:
    """Its `mode` is None until it is judged, and its `client` is the Yjs client that it speaks for.

    `asked` counts how often it was asked in vain for what is missing; meanwhile its questions whether all is saved are
    held. A seat is `behind` when too much waits for it: then it has what a document of that vector has, and gets the
    rest at once when there is room. `early` is what it said of itself before it was judged.
    """

    __slots__ = (
        "asked", "behind", "client", "early", "held", "mode", "socket", "thread_id", "told_at", "waiting",
        "waiting_bytes",
    )  # fmt: skip

    def __init__(self, socket: Socket, thread_id: int, now: float) -> None:
        self.socket = socket
        self.thread_id = thread_id
        self.mode: Mode | None = None
        self.client: int | None = None
        self.asked = 0
        self.early: Sequence[Entry] = ()
        self.held: list[Message] = []
        self.behind: bytes | None = None
        self.told_at = now
        self.waiting = self.waiting_bytes = 0

    @property
    def person(self) -> Person:
        """Who sits there."""
        return self.socket.person

    @property
    def pair(self) -> Pair:
        """Who sees what, as doors are asked."""
        return self.person.id, f"thread:{self.thread_id}"

    @property
    def dismissed(self) -> bool:
        """Whether nothing counts any more that it sent. What somebody sent who then left does."""
        return self.socket.code not in {None, Closing.GONE}

    @property
    def live(self) -> bool:
        """Whether it may be given what comes now."""
        return self.mode is not None and not self.socket.closing

    def wait(self, size: int) -> bool:
        """One more of its messages waits to be looked at; False when that is too many."""
        self.waiting += 1
        self.waiting_bytes += size
        return self.waiting <= MOST_WAITING_MESSAGES and self.waiting_bytes <= MOST_WAITING_BYTES

    def looked_at(self, size: int) -> None:
        """One of its messages does not wait any more."""
        self.waiting -= 1
        self.waiting_bytes -= size

    def tell(self, message: Message, before: bytes, now: float) -> bool:
        """Give what it has to get in order; whether it did. Else it is behind, with what one knows at `before`."""
        if self.behind is None and self.socket.push_all((message,), message.wire):
            self.told_at = now
            return True
        if self.behind is None:
            self.behind = before
        return False

    def confirm(self, message: Message, before: bytes, now: float) -> None:
        """Say that all it sent is stored; later, when it was asked for something or is behind."""
        if self.asked or not self.tell(message, before, now):
            self.held.append(message)
        if len(self.held) > MOST_HELD:
            self.socket.close(Closing.TRY_LATER, reason="too fast")

    def mention(self, message: Message, now: float) -> None:
        """Give what may as well get lost."""
        if self.behind is None and self.socket.push_all((message,), message.wire):
            self.told_at = now

    def let_go(self) -> list[Message]:
        """What was held."""
        held, self.held = self.held, []
        return held
