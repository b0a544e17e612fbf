"""What a round came to, told to a record's seats in the order that counts: answers, then news, then what is saved."""

from realtime.frames import Message
from realtime.instruments import RECORD_REFUSED, RECORD_UPDATES
from realtime.records import wire
from realtime.records.limits import MOST_ASKED
from realtime.records.limits import Closing as Ends
from realtime.records.rooms import CatchUp, Portion, Room, wanted
from realtime.records.rounds import Found, Results
from realtime.records.seats import Mode, Seat
from realtime.records.wire import Question, Saved, Update
from realtime.rules import Closing
from threads.actions.live_records import (
    FOREIGN,
    KNOWN,
    MALFORMED,
    MISSING,
    NOT_THERE,
    READ_ONLY,
    SIGNED_OUT,
    STORED,
    TOO_LARGE,
)

CODES = {
    MALFORMED: Closing.ABUSE,
    FOREIGN: Closing.ABUSE,
    TOO_LARGE: Ends.TOO_LARGE,
    NOT_THERE: Closing.NO_SUCH_PATH,
    SIGNED_OUT: Closing.SIGNED_OUT,
}


class Outcome:
    """Of one record. Afterwards `seated` are the newcomers, `behind` who has begun to lag, and `stored` says whether
    there is anything of which the other processes do not know."""

    def __init__(self, portion: Portion, found: Found, results: Results, now: float) -> None:
        self.seated: list[Seat] = []
        self.behind: list[Seat] = []
        self.stored = STORED in found.verdicts
        self._portion = portion
        self._room = portion.room
        self._found = found
        self._standing = results.standings.get(self._room.thread_id)
        self._allowed = results.allowed
        self._now = now
        self._before = self._room.vector
        self._answered: set[Seat] = set()

    def tell(self) -> None:
        """Tell everybody; or that they have to read anew what was put right, wherever that was done."""
        room, found = self._room, self._found
        lagging = {seat for seat in room.seats if seat.behind is not None}
        anew = room.known and room.seq < found.mended
        room.known, room.seq, room.vector = True, found.seq, found.vector
        if anew:
            close_all(room, Closing.RESTART)
            return
        self._seat()
        confirmed = self._go_through()
        self._relay()
        for seat, message in confirmed:
            seat.confirm(message, room.vector, self._now)
        caught_up = {item.seat for item in self._portion.items if isinstance(item.asked, Question | CatchUp)}
        self.behind = [
            seat for seat in room.live() if seat.behind is not None and (seat not in lagging or seat in caught_up)
        ]

    def _seat(self) -> None:
        """Newcomers learn first whether they may write: who is asked for what they have may."""
        if self._standing is not None:
            set_mode(self._room, writable=self._standing.writable)
        for seat in self._portion.newcomers:
            if not seat.socket.closing:
                seat.mode = mode_of(self._room, pen=self._allowed.get(seat.pair, False))
                if seat.mode is Mode.WRITE:
                    seat.tell(wire.question(self._room.vector), self._before, self._now)
                self.seated.append(seat)

    def _go_through(self) -> list[tuple[Seat, Message]]:
        """What each one sent, in order; gives what is to be confirmed."""
        verdicts, answers = iter(self._found.verdicts), iter(self._found.answers)
        confirmed = []
        for item in self._portion.items:
            seat = item.seat
            if isinstance(item.asked, Update):
                confirmed += self._judge(seat, next(verdicts), whole=item.asked.whole)
            elif isinstance(item.asked, Saved):
                confirmed.append((seat, Message(item.asked.message)))
            else:
                confirmed += self._answer(seat, wanted(item), next(answers))
        return [(seat, message) for seat, message in confirmed if seat.live]

    def _judge(self, seat: Seat, verdict: str, *, whole: bool) -> list[tuple[Seat, Message]]:
        """Acts on a verdict; gives what need not be held any more."""
        if seat.dismissed:
            return []
        RECORD_UPDATES.inc()
        if verdict in {STORED, KNOWN}:
            if whole and seat.asked:
                seat.asked = 0
                return [(seat, message) for message in seat.let_go()]
        elif verdict == MISSING:
            self._ask(seat)
        else:
            RECORD_REFUSED.labels(reason=verdict).inc()
            self._refuse(seat, verdict)
        return []

    def _ask(self, seat: Seat) -> None:
        """For all that we lack, which then includes what it was built on."""
        seat.asked += 1
        if seat.asked > MOST_ASKED:
            RECORD_REFUSED.labels(reason=MISSING).inc()
            seat.socket.close(Closing.TRY_LATER, reason=MISSING)
        else:
            seat.tell(wire.question(self._room.vector), self._before, self._now)

    def _refuse(self, seat: Seat, verdict: str) -> None:
        if verdict != READ_ONLY:
            seat.socket.close(CODES[verdict], reason=verdict)
        elif seat.mode is Mode.READ:
            seat.socket.push(wire.denied(verdict))
            seat.socket.close(Ends.READ_ONLY, flush=True, reason=verdict)
        else:
            seat.socket.close(Ends.MODE_CHANGED)

    def _answer(self, seat: Seat, vector: bytes | None, answer: bytes | None) -> list[tuple[Seat, Message]]:
        """Tells what somebody lacks, who then needs no news of this round; gives what need not be held any more."""
        if not seat.live:
            return []
        if answer is None or vector is None:
            seat.socket.close(Closing.ABUSE, reason=MALFORMED)
            return []
        seat.behind = None
        self._answered.add(seat)
        if seat.tell(wire.answer(answer), vector, self._now) and not seat.asked:
            return [(seat, message) for message in seat.let_go()]
        return []

    def _relay(self) -> None:
        if self._found.news is None:
            return
        message = wire.news(self._found.news)
        for seat in self._room.live():
            if seat not in self._answered:
                seat.tell(message, self._before, self._now)


def mode_of(room: Room, *, pen: bool) -> Mode:
    """What somebody may do in it who may write records, or not."""
    return Mode.WRITE if pen and room.writable else Mode.READ


def set_mode(room: Room, *, writable: bool) -> None:
    """Whether a record can be written now. Those who sit there come back to it anew when that has changed."""
    if room.writable is not None and room.writable != writable:
        for seat in room.live():
            seat.socket.close(Ends.MODE_CHANGED)
    room.writable = writable


def close_all(room: Room, code: int) -> None:
    """Everybody out."""
    for seat in list(room.seats):
        seat.socket.close(code)
