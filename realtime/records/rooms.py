"""The records that somebody sits at: their seats, and what waits to be served."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from realtime.records.awareness import Whereabouts
from realtime.records.limits import MOST_SPOKEN
from realtime.records.seats import Seat
from realtime.records.wire import Question, Saved, Update


@dataclass(frozen=True, slots=True)
class CatchUp:
    """A seat that was behind can be given what came meanwhile."""


class Item(NamedTuple):
    """What somebody wants."""

    seat: Seat
    asked: Question | Update | Saved | CatchUp

    @property
    def size(self) -> int:
        """Bytes that are kept for it."""
        if isinstance(self.asked, Update):
            return len(self.asked.update)
        return len(self.asked.vector) if isinstance(self.asked, Question) else 0


class Room:
    """A record somebody sits at. `seq`, `vector` and `writable` are as of the last round that looked at it.

    `spoken` says which member has spoken for a client since somebody sat there: nobody else writes as it meanwhile.
    `claims` are those that are to be stored, so that it stays so.
    """

    def __init__(self, thread_id: int, now: float) -> None:
        self.thread_id = thread_id
        self.name = f"record:{thread_id}"
        self.seats: dict[Seat, None] = {}
        self.newcomers: list[Seat] = []
        self.waiting: deque[Item] = deque()
        self.grown = False
        self.known = False
        self.seq = 0
        self.vector = b"\0"
        self.writable: bool | None = None
        self.people = Whereabouts()
        self.spoken: dict[int, int] = {}
        self.claims: dict[int, int] = {}
        self.told_at = float("-inf")
        self.telling = False
        self.empty_since = now

    @property
    def due(self) -> bool:
        """Whether there is something to serve."""
        return bool(self.waiting or self.newcomers or self.claims or (self.grown and self.known))

    def speaks(self, client: int, member_id: int) -> bool:
        """A member says that a client is theirs; whether nobody said so before."""
        if len(self.spoken) >= MOST_SPOKEN and client not in self.spoken:
            del self.spoken[next(iter(self.spoken))]
        return self.spoken.setdefault(client, member_id) == member_id

    def live(self) -> list[Seat]:
        """Those to be given what comes now."""
        return [seat for seat in self.seats if seat.live]

    def take(self, most: int, most_bytes: int) -> "Portion":
        """What is to be served now, in the order it came: so many updates at most, and no more once it is so long."""
        portion = Portion(self, [seat for seat in self.newcomers if not seat.socket.closing], grown=self.grown)
        portion.claims, self.claims = self.claims, {}
        self.newcomers, self.grown = [], False
        while self.waiting and portion.updates < most and portion.size < most_bytes:
            item = self.waiting.popleft()
            item.seat.looked_at(item.size)
            if not item.seat.dismissed:
                portion.add(item)
        return portion

    def put_back(self, portion: "Portion") -> None:
        """It could not be served: it comes first the next time."""
        self.newcomers = portion.newcomers + self.newcomers
        self.grown = self.grown or portion.grown
        self.claims = portion.claims | self.claims
        for item in reversed(portion.items):
            item.seat.wait(item.size)
            self.waiting.appendleft(item)


@dataclass
class Portion:
    """What a round serves of one record."""

    room: Room
    newcomers: list[Seat]
    grown: bool
    items: list[Item] = field(default_factory=list)
    updates: int = 0
    size: int = 0
    claims: dict[int, int] = field(default_factory=dict)
    _whole: set[Seat] = field(default_factory=set)

    def add(self, item: Item) -> None:
        """Of who was asked for all that is missing nothing counts until that comes, which contains it."""
        self.size += item.size
        if isinstance(item.asked, Update):
            if item.asked.whole:
                self._whole.add(item.seat)
            elif item.seat.asked and item.seat not in self._whole:
                return
            self.updates += 1
        elif isinstance(item.asked, CatchUp) and item.seat.behind is None:
            return
        self.items.append(item)

    @property
    def sent(self) -> Iterable[tuple[Seat, Update]]:
        """The updates, with who sent them."""
        return ((item.seat, item.asked) for item in self.items if isinstance(item.asked, Update))

    @property
    def vectors(self) -> list[bytes]:
        """How much those know who want to know what they lack."""
        return [found for item in self.items if (found := wanted(item)) is not None]


def wanted(item: Item) -> bytes | None:
    """How much somebody knows who wants to know what they lack; None when that is not what they want."""
    if isinstance(item.asked, Question):
        return item.asked.vector
    if isinstance(item.asked, CatchUp):
        return item.seat.behind or b"\0"
    return None
