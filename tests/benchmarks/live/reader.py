"""The load client: any number of sockets of the live protocol in one process, on one epoll, as cheap as Python can.

It is made for measuring, so it trusts the server's form: text frames that are not split, `type` first, then `stream`,
then `seq`. Frames are looked through for their number and not parsed. The same client reads the server and the floor.
"""

import errno
import os
import select
import socket
import time
from array import array
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection

from tests.benchmarks.live.seats import PING, PONG, TEXT, Seat, framed

CONNECTING, GREETING, SUBSCRIBING, LIVE, GONE = range(5)
CLOSE = 0x88
SEQ = b'"seq":'
KIND = slice(9, 14)  # of {"type":"event", the first five letters of what it is
BUFFER_BYTES = 512 * 1024
AT_ONCE = 1024  # sockets looked at before the benchmark is listened to
SOURCE_ADDRESSES = 8
IP_BIND_ADDRESS_NO_PORT = 24


class Guest:
    """One socket."""

    __slots__ = ("connection", "last", "phase", "receive", "rest", "slot")

    def __init__(self, connection: socket.socket, slot: int, last: int) -> None:
        self.connection = connection
        self.receive = connection.recv_into
        self.slot = slot
        self.last = last
        self.phase = CONNECTING
        self.rest = b""


class Reader:
    """Connects, subscribes, and notes of each event when it arrived, and what was missing or came again."""

    def __init__(self, address: tuple[str, int], seats: list[Seat], control: Connection) -> None:
        self.address = address
        self.seats = seats
        self.control = control
        self.poll = select.epoll()
        self.poll.register(control.fileno(), select.EPOLLIN)
        self.guests: dict[int, Guest] = {}
        self.buffer = bytearray(BUFFER_BYTES)
        self.began, self.joined = array("q", [0] * len(seats)), array("q", [0] * len(seats))
        self.slots, self.seqs, self.times = array("l"), array("q"), array("q")
        self.usual_size, self.usual_start, self.usual_seq = 0, b"", 0  # the last event that came alone: most sockets'
        self.skipped = self.repeated = 0
        self.others: Counter[str] = Counter()
        self.opened = self.wanted = self.answered = self.gone = self.events = 0
        self.window = 1
        self.waiting: tuple[Callable[[], bool], float] | None = None

    def run(self) -> None:
        """Until the other side says stop or is gone."""
        control = self.control.fileno()
        while True:
            for descriptor, _what in self.poll.poll(0.05, AT_ONCE):
                if (guest := self.guests.get(descriptor)) is not None:
                    if guest.phase == CONNECTING:
                        self._connected(guest)
                    else:
                        self._read(guest)
                elif descriptor == control and not self._told():
                    return
            self._open_more()
            self._answer()

    # What the benchmark wants

    def _told(self) -> bool:
        try:
            what, *details = self.control.recv()
        except EOFError:
            return False
        if what == "arrive":
            self.wanted, self.window, patience = details
            self._wait(lambda: self.answered + self.gone >= self.wanted, patience)
        elif what == "expect":
            events, patience = details
            self._wait(lambda: self.events >= events, patience)
        elif what == "take":
            self.control.send(self._taken())
        return bool(what != "stop")

    def _wait(self, until: Callable[[], bool], patience: float) -> None:
        self.waiting = (until, time.monotonic() + patience)

    def _answer(self) -> None:
        if self.waiting is None:
            return
        until, deadline = self.waiting
        if (reached := until()) or time.monotonic() > deadline:
            self.waiting = None
            self.control.send(reached)

    def _taken(self) -> dict[str, object]:
        """What was noted since the last time, and the state of all sockets."""
        lasts = {guest.slot: guest.last for guest in self.guests.values() if guest.phase == LIVE}
        taken = {
            "slots": self.slots, "seqs": self.seqs, "times": self.times, "lasts": lasts, "gone": self.gone,
            "skipped": self.skipped, "repeated": self.repeated, "others": self.others, "events": self.events,
            "began": self.began, "joined": self.joined, "cpu": time.process_time(),
        }  # fmt: skip
        self.slots, self.seqs, self.times = array("l"), array("q"), array("q")
        self.others, self.skipped, self.repeated = Counter(), 0, 0
        return taken

    # Arriving

    def _open_more(self) -> None:
        while self.opened < self.wanted and self.opened - self.answered - self.gone < self.window:
            self._open(self.opened)
            self.opened += 1

    def _open(self, slot: int) -> None:
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        connection.bind((f"127.0.0.{1 + slot % SOURCE_ADDRESSES}", 0))
        self.began[slot] = time.monotonic_ns()
        error = connection.connect_ex(self.address)
        if error not in (0, errno.EINPROGRESS):
            raise OSError(error, "cannot connect")
        self.guests[connection.fileno()] = Guest(connection, slot, self.seats[slot].after or 0)
        self.poll.register(connection.fileno(), select.EPOLLOUT)

    def _connected(self, guest: Guest) -> None:
        if guest.connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._drop(guest)
            return
        host = f"{self.address[0]}:{self.address[1]}"
        guest.connection.send(self.seats[guest.slot].handshake(host))
        guest.phase = GREETING
        self.poll.modify(guest.connection.fileno(), select.EPOLLIN)

    def _greeted(self, guest: Guest, data: bytes) -> bytes:
        """Subscribes once the handshake is answered; gives what came behind the answer."""
        head, end, rest = data.partition(b"\r\n\r\n")
        if not end:
            guest.rest = data
        elif not head.startswith(b"HTTP/1.1 101"):
            self.others[head.partition(b"\r\n")[0].decode("latin1")] += 1
            self._drop(guest)
        else:
            guest.phase = SUBSCRIBING
            guest.connection.send(self.seats[guest.slot].subscription())
            return rest
        return b""

    def _drop(self, guest: Guest) -> None:
        if guest.phase == LIVE:
            self.answered -= 1
        guest.phase = GONE
        self.gone += 1
        descriptor = guest.connection.fileno()
        self.poll.unregister(descriptor)
        del self.guests[descriptor]
        guest.connection.close()

    # Reading

    def _read(self, guest: Guest) -> None:
        try:
            size = guest.receive(self.buffer)
        except BlockingIOError:
            return
        except OSError:
            size = 0
        now = time.monotonic_ns()
        if size == self.usual_size and self.buffer.startswith(self.usual_start) and not guest.rest:
            self._event(guest, self.usual_seq, now)
        elif not size:
            self._drop(guest)
        elif guest.phase == GREETING or guest.rest:
            data = guest.rest + bytes(self.buffer[:size])
            guest.rest = b""
            if guest.phase == GREETING:
                data = self._greeted(guest, data)
            self._look_through(guest, data, len(data), now)
        else:
            self._look_through(guest, self.buffer, size, now)

    def _look_through(self, guest: Guest, data: bytes | bytearray, end: int, now: int) -> None:
        """Every whole frame; what is left of one waits for the rest."""
        at = 0
        while end - at > 1:
            length, start = data[at + 1], at + 2
            if length == 126:
                start = at + 4
                length = int.from_bytes(data[at + 2 : start])
            elif length == 127:
                start = at + 10
                length = int.from_bytes(data[at + 2 : start])
            stop = start + length
            if stop > end or start > end:
                break
            if data[at] == TEXT and data[start + 9 : start + 14] == b"event":
                mark = data.find(SEQ, start, stop) + len(SEQ)
                comma = data.find(b",", mark, stop)
                seq = int(data[mark:comma])
                self._event(guest, seq, now)
                if stop - at == end:
                    self.usual_size, self.usual_start, self.usual_seq = end, bytes(data[at:comma]), seq
            else:
                self._other(guest, data[at], bytes(data[start:stop]), now)
            at = stop
        if at < end and guest.phase != GONE:
            guest.rest = bytes(data[at:end])

    def _event(self, guest: Guest, seq: int, now: int) -> None:
        if seq != guest.last + 1:
            if seq <= guest.last:
                self.repeated += 1
                return
            self.skipped += seq - guest.last - 1
        guest.last = seq
        self.events += 1
        self.slots.append(guest.slot)
        self.seqs.append(seq)
        self.times.append(now)

    def _other(self, guest: Guest, code: int, payload: bytes, now: int) -> None:
        if guest.phase == GONE:
            return
        if code == PING:
            guest.connection.send(framed(PONG, payload))
            self.others["ping"] += 1
        elif code == CLOSE:
            self.others[f"close {int.from_bytes(payload[:2])}"] += 1
            self._drop(guest)
        else:
            self.others[payload[9:].partition(b'"')[0].decode("latin1")] += 1
            if guest.phase == SUBSCRIBING and payload[KIND] == b"subsc":
                guest.phase = LIVE
                if self.seats[guest.slot].after is None:
                    guest.last = int(payload.partition(SEQ)[2].partition(b",")[0].rstrip(b"}"))
                self.answered += 1
                self.joined[guest.slot] = now


def serve(address: tuple[str, int], seats: list[Seat], control: Connection, niceness: int) -> None:
    """What the process of a crowd does."""
    os.nice(niceness)
    Reader(address, seats, control).run()
