"""Reads what one client of a record sends. Nothing is answered here but mistakes; the desk does the rest."""

import re
import time
from typing import Any

from realtime.records import wire
from realtime.records.desk import Desk
from realtime.records.limits import MESSAGES_A_SECOND, MESSAGES_AT_ONCE, MOST_MESSAGE_BYTES, PATH, QUESTION_BYTES
from realtime.records.limits import Closing as Ends
from realtime.records.seats import Seat
from realtime.rules import Bucket, Closing
from realtime.sockets import Socket

_PATH = re.compile(rf"{PATH}([1-9][0-9]{{0,17}})/?", re.ASCII)


def record_at(path: str) -> int | None:
    """The thread whose record is at this path; None when it is no such path."""
    found = _PATH.fullmatch(path)
    return int(found[1]) if found else None


class RecordConversation:
    """What the seat of a socket that was let in says."""

    def __init__(self, desk: Desk, socket: Socket, thread_id: int) -> None:
        socket.too_slow = Closing.TRY_LATER
        self._desk = desk
        self._socket = socket
        self._thread_id = thread_id
        self._messages = Bucket(MESSAGES_AT_ONCE, MESSAGES_A_SECOND, time.monotonic())
        self._seat: Seat | None = None

    def begin(self) -> None:
        """The socket was let in."""
        self._seat = self._desk.enter(self._socket, self._thread_id)

    def hear(self, received: dict[str, Any]) -> None:
        """What the server received. Whatever is no message of this protocol ends the conversation."""
        message = received.get("bytes")
        if self._seat is None:
            return
        if not message:
            self._socket.close(Closing.ABUSE, reason="malformed: send binary messages")
        elif len(message) > MOST_MESSAGE_BYTES:
            self._socket.close(Ends.TOO_LARGE, reason="too_large")
        elif not self._messages.take(time.monotonic()):
            self._socket.close(Closing.TRY_LATER, reason="too fast")
        else:
            self._read(self._seat, message)

    def _read(self, seat: Seat, message: bytes) -> None:
        try:
            asked = wire.read(message)
        except wire.Mistake as mistake:
            self._socket.close(Closing.ABUSE, reason=str(mistake))
            return
        cost = max(len(message), QUESTION_BYTES) if isinstance(asked, wire.Question) else len(message)
        if self._desk.affords(seat.person.id, cost):
            self._desk.hear(seat, asked)
        else:
            self._socket.close(Closing.TRY_LATER, reason="too fast")

    def end(self) -> None:
        """The client is gone."""
        seat, self._seat = self._seat, None
        if seat is not None:
            self._desk.leave(seat)
