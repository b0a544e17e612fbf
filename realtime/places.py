"""Places: the streams and spaces that sockets of this process listen to."""

import asyncio

from realtime.doors import wire_name
from realtime.facts import Doors
from realtime.frames import Frame
from realtime.pace import Budget
from realtime.presence import Presence
from realtime.rules import TYPING_TO_A_PLACE
from realtime.sockets import Socket


class Listening:
    """One socket in one place. Once it has caught up it is live, and gets what comes; `seq` is its last number. It is
    `present` from then on, also while it catches up again."""

    __slots__ = ("doors", "ended", "place", "present", "seq", "shown", "socket", "task", "typed_at")

    def __init__(self, socket: Socket, place: "Place") -> None:
        self.socket = socket
        self.place = place
        self.seq: int | None = None
        self.doors: Doors | None = None
        self.ended = False
        self.present = False
        self.shown: Frame | None = None
        self.typed_at = float("-inf")
        self.task: asyncio.Task[None] | None = None

    @property
    def live(self) -> bool:
        """Whether it may be given what comes now."""
        return self.seq is not None and not self.ended

    @property
    def pair(self) -> tuple[int, str]:
        """Who listens where, as doors are asked."""
        return self.socket.person.id, self.place.name


class Room:
    """What a thread's place has besides: who is there, and when its listeners were told what. `newcomers` have come
    since all were told; `framed_at` says when a frame was made last."""

    def __init__(self, place: "Place", now: float) -> None:
        self.place = place
        self.presence = Presence()
        self.newcomers: set[Listening] = set()
        self.told_at = self.framed_at = float("-inf")
        self.typing = Budget(TYPING_TO_A_PLACE, now)


class Place:
    """A stream or space with its listeners here. `seq` is the number up to which its listeners were served;
    `told` the highest one that was heard of before that was known."""

    def __init__(self, name: str, now: float) -> None:
        self.name = name
        self.wire_name = wire_name(name)
        self.numbered = not name.startswith("space:")
        self.listening: dict[Socket, Listening] = {}
        self.seq: int | None = None
        self.told = 0
        self.room = Room(self, now) if name.startswith("thread:") and "/" not in name else None
        self.hinted_at = float("-inf")
        self.timers: dict[str, asyncio.Handle] = {}

    def live(self) -> list[Listening]:
        """Those to be given what comes now."""
        return [listening for listening in self.listening.values() if listening.live]
