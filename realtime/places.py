"""Places: the streams and spaces that sockets of this process listen to."""

import asyncio

from realtime.doors import wire_name
from realtime.presence import Presence
from realtime.rules import TYPING_A_SECOND, Bucket
from realtime.sockets import Socket


class Listening:
    """One socket in one place. Once it has caught up it is live, and gets what comes; `seq` is its last number."""

    __slots__ = ("doors", "ended", "place", "seq", "shown", "socket", "task", "typed_at")

    def __init__(self, socket: Socket, place: "Place") -> None:
        self.socket = socket
        self.place = place
        self.seq: int | None = None
        self.doors: int | None = None
        self.ended = False
        self.shown = ""
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
        self.presence = Presence() if name.startswith("thread:") else None
        self.typing = Bucket(int(TYPING_A_SECOND), TYPING_A_SECOND, now)
        self.hinted_at = float("-inf")
        self.timers: dict[str, asyncio.TimerHandle] = {}

    def live(self) -> list[Listening]:
        """Those to be given what comes now."""
        return [listening for listening in self.listening.values() if listening.live]

    def close(self) -> None:
        """Nobody listens any more."""
        for timer in self.timers.values():
            timer.cancel()
