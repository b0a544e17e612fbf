"""One client's connection: whose it is, and how it is written to.

On the fast path there is neither a task nor a queue: what the kernel does not take waits in the server's buffer, up to
a bound. On other servers a queue and a task are made while something waits. So who reads slowly delays nobody and costs
little: beyond the bound it gets events from the log, as it takes them, and is closed when it takes nothing for a while.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Sequence

from realtime.frames import Sendable
from realtime.people import Person, Ticket
from realtime.rules import CLOSING_SECONDS, MOST_AHEAD, MOST_WAITING, STALL_SECONDS, Closing
from realtime.transport import Line, PreparedLine, Send, line_of

log = logging.getLogger(__name__)


class Socket(ABC):
    """`push` never waits, `send` does. Frames go out in the order of the calls. Who reads too slowly is closed with
    `too_slow`."""

    __slots__ = ("code", "person", "ticket", "too_slow")

    def __init__(self, person: Person, ticket: Ticket) -> None:
        self.person = person
        self.ticket = ticket
        self.code: int | None = None
        self.too_slow = Closing.TOO_SLOW

    @property
    def closing(self) -> bool:
        """Whether nothing more will be sent than a closing frame."""
        return self.code is not None

    @property
    @abstractmethod
    def held_back(self) -> bool:
        """Whether so much waits that only what cannot wait should be added."""

    @abstractmethod
    def push(self, frame: Sendable) -> None:
        """Sends as soon as the client reads; closes the socket when too much waits already."""

    @abstractmethod
    def push_all(self, frames: Sequence[Sendable], wire: bytes) -> bool:
        """Sends several, with `wire` their bytes, joined once for all sockets. False, and none, when too much waits."""

    @abstractmethod
    async def send(self, frame: Sendable) -> None:
        """Sends when little waits: for what could be sent later as well. Closes the socket when that takes too long."""

    @abstractmethod
    async def room(self) -> None:
        """Returns when little waits. Closes the socket when that takes too long."""

    @abstractmethod
    def expect(self, most_bytes: int, most_pieces: int) -> None:
        """Has larger messages taken from this client, and more of them, where the server has limits of its own."""

    @abstractmethod
    def close(self, code: int, *, flush: bool = False, reason: str = "") -> None:
        """Closes with that code. With `flush` what waits is sent before, as far as it can be."""

    @abstractmethod
    def fail(self, error: Exception) -> None:
        """Writing failed: ends the connection."""

    @abstractmethod
    def raise_failure(self) -> None:
        """Raises what writing failed with, when the server has to close the connection because of it."""

    @abstractmethod
    def end(self) -> None:
        """The client is gone: nothing is sent any more."""


class PreparedSocket(Socket):
    """Writes bytes into the connection."""

    __slots__ = ("_line",)

    def __init__(self, line: PreparedLine, person: Person, ticket: Ticket) -> None:
        super().__init__(person, ticket)
        self._line = line

    @property
    def held_back(self) -> bool:
        """Whether the server's buffer has no room."""
        return self._line.is_full

    def push(self, frame: Sendable) -> None:
        """Sends at once, or behind what waits in the server's buffer."""
        if self.code is None and not self._line.write(frame.wire):
            self.close(self.too_slow)

    def push_all(self, frames: Sequence[Sendable], wire: bytes) -> bool:  # noqa: ARG002  (the bytes are enough)
        """Sends all with one call of the kernel."""
        return self.code is not None or self._line.write(wire)

    async def send(self, frame: Sendable) -> None:
        """Sends when the server's buffer has room."""
        await self.room()
        self.push(frame)

    def expect(self, most_bytes: int, most_pieces: int) -> None:
        """As the server can."""
        self._line.expect(most_bytes, most_pieces)

    async def room(self) -> None:
        """Returns when the server's buffer has room."""
        if self._line.is_full:
            await _in_time(self, self._line.room())

    def close(self, code: int, *, flush: bool = False, reason: str = "") -> None:  # noqa: ARG002  (there is no queue)
        """The closing frame goes behind what waits; who does not take it is cut off a second later."""
        if self.code is None:
            self.code = code
            self._line.hang_up(code, reason)
            self._line.release()

    def fail(self, error: Exception) -> None:
        """Cuts the connection off; the server then tells the conversation that the client is gone."""
        log.error("a socket could not be written to", exc_info=error)
        self.code = self.code or Closing.FAILED
        self._line.cut()

    def raise_failure(self) -> None:
        """Nothing: the connection is cut already."""

    def end(self) -> None:
        """Nobody need wait for room any more."""
        self.code = self.code or Closing.GONE
        self._line.release()


class QueuedSocket(Socket):
    """Sends by ASGI, from a queue, one frame after another."""

    __slots__ = ("_conversation", "_failure", "_line", "_queue", "_reason", "_room", "_sender", "_waiting")

    def __init__(self, line: Line, person: Person, ticket: Ticket) -> None:
        super().__init__(person, ticket)
        self._failure: Exception | None = None
        self._reason = ""
        self._line = line
        self._conversation = asyncio.current_task()
        self._queue: deque[Sendable] = deque()
        self._waiting = 0
        self._room: asyncio.Event | None = None
        self._sender: asyncio.Task[None] | None = None

    @property
    def held_back(self) -> bool:
        """Whether so much waits that only what cannot wait should be added."""
        return self._waiting > MOST_AHEAD

    def push(self, frame: Sendable) -> None:
        """Queues, and has somebody send."""
        if self.closing:
            return
        if self._waiting and self._waiting + len(frame) > MOST_WAITING:
            self.close(self.too_slow)
            return
        self._queue.append(frame)
        self._waiting += len(frame)
        self._work()

    def push_all(self, frames: Sequence[Sendable], wire: bytes) -> bool:
        """Queues each."""
        if self._waiting and self._waiting + len(wire) > MOST_WAITING:
            return False
        for frame in frames:
            self.push(frame)
        return True

    async def send(self, frame: Sendable) -> None:
        """Sends when little is queued."""
        await self.room()
        self.push(frame)

    def expect(self, most_bytes: int, most_pieces: int) -> None:
        """As the server can."""
        self._line.expect(most_bytes, most_pieces)

    async def room(self) -> None:
        """Returns when little is queued."""
        while self.held_back and not self.closing:
            self._room = self._room or asyncio.Event()
            await _in_time(self, self._room.wait())

    def close(self, code: int, *, flush: bool = False, reason: str = "") -> None:
        """Unless `flush`, what is queued is not sent any more. Who does not take the frame is cut off after a while."""
        if self.closing:
            return
        self.code = code
        self._reason = reason
        if not flush:
            self._empty()
        self._line.release()
        self._work()
        asyncio.get_running_loop().call_later(CLOSING_SECONDS, self._cut)

    def fail(self, error: Exception) -> None:
        """Has the conversation end, with the error unless it only says that the client is gone."""
        if not isinstance(error, OSError):
            self._failure = self._failure or error
        self.code = self.code or Closing.FAILED
        self._cut()

    def end(self) -> None:
        """Stops sending."""
        self.code = self.code or Closing.GONE
        self._conversation = None
        self._empty()
        self._line.release()
        if self._sender is not None:
            self._sender.cancel()

    def raise_failure(self) -> None:
        """Raises what a server raised for another reason than that the client is gone."""
        if self._failure is not None:
            raise self._failure

    def _cut(self) -> None:
        """Has the application end, upon which the server closes the connection."""
        self._empty()
        if self._conversation is not None:
            self._conversation.cancel()

    def _empty(self) -> None:
        self._queue.clear()
        self._waiting = 0
        self._make_room()

    def _work(self) -> None:
        if self._sender is None:
            self._sender = asyncio.create_task(self._send_all())

    async def _send_all(self) -> None:
        try:
            while self._queue:
                frame = self._queue.popleft()
                self._waiting -= len(frame)
                if not self.held_back:
                    self._make_room()
                await self._line.send(frame)
            if self.code is not None:
                await self._line.close(self.code, self._reason)
        except Exception as error:  # noqa: BLE001  (whatever a server raises, the connection has to end)
            self.fail(error)
        finally:
            self._sender = None

    def _make_room(self) -> None:
        room, self._room = self._room, None
        if room is not None:
            room.set()


async def _in_time(socket: Socket, room: Awaitable[object]) -> None:
    try:
        async with asyncio.timeout(STALL_SECONDS):
            await room
    except TimeoutError:
        socket.close(socket.too_slow)


def socket_on(send: Send, person: Person, ticket: Ticket) -> Socket:
    """The socket on the best way there is to the client. Call it in the task that reads what the client sends."""
    line = line_of(send)
    if isinstance(line, PreparedLine):
        return PreparedSocket(line, person, ticket)
    return QueuedSocket(line, person, ticket)
