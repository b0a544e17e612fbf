"""The door of the site for sockets: `/ws/` speaks the live protocol (docs/live-protocol.md), `/ws/records/` that of
records (docs/record-protocol.md)."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from django.db import Error
from django.utils.translation import gettext as _

from realtime import frames
from realtime import hub as hubs
from realtime.crowd import TYPING
from realtime.doors import place_named
from realtime.frames import Asked, Mistake
from realtime.hub import Hub
from realtime.instruments import CLOSES
from realtime.people import Person, Ticket
from realtime.records.conversation import RecordConversation, record_at
from realtime.records.limits import MOST_BEYOND, MOST_MESSAGE_BYTES, MOST_PIECES
from realtime.records.limits import Closing as RecordClosing
from realtime.rules import (
    FRAMES_A_SECOND,
    FRAMES_AT_ONCE,
    MISTAKES_A_SECOND,
    MISTAKES_AT_ONCE,
    MOST_SUBSCRIPTIONS,
    PATH,
    Bucket,
    Closing,
)
from realtime.sockets import Socket, socket_on
from realtime.tickets import knock_of
from realtime.transport import Send, line_of

NO_CODE = 1006  # what the standard calls a connection that ends without a closing frame
OURS = (vars(Closing) | vars(RecordClosing)).values()
KNOWN_CODES = frozenset({*range(1000, 1016), *(code for code in OURS if isinstance(code, int))})

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def serving(application: Application) -> Application:
    """The application, with a hub from the first request on: a process that serves only pages tells the others too."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        hubs.start()
        await application(scope, receive, send)

    return serve


async def websocket_application(scope: Scope, receive: Receive, send: Send) -> None:
    """Serves one socket from its handshake to its end.

    Refusals are told by close codes after the handshake: browsers cannot tell a refused one from a lost network.
    """
    first = await receive()
    if first["type"] != "websocket.connect":
        return
    hub = hubs.start()
    await send({"type": "websocket.accept"})
    record = record_at(scope["path"])
    admitted = await _admitted(hub, scope, record)
    if isinstance(admitted, int):
        CLOSES.labels(code=admitted).inc()
        await line_of(send).close(admitted)
        return
    scope["headers"] = ()  # nobody asks for them any more, but the server keeps the scope
    if record is None:
        await Conversation(hub, socket_on(send, *admitted)).hold(receive)
        return
    socket = socket_on(send, *admitted)
    socket.expect(MOST_MESSAGE_BYTES + MOST_BEYOND, MOST_PIECES)
    at_record = RecordConversation(hub.desk, socket, record)
    try:
        await hold(hub, socket, receive, begin=at_record.begin, hear=at_record.hear)
    finally:
        at_record.end()


async def _admitted(hub: Hub, scope: Scope, record: int | None) -> tuple[Person, Ticket] | int:
    """Who it is, or the code to close with."""
    if hub.draining:
        return Closing.RESTART
    if scope["path"] != PATH and record is None:
        return Closing.NO_SUCH_PATH
    knock = knock_of(scope)
    if knock.refusal is not None:
        return knock.refusal
    try:
        return await hub.arrivals.admit(knock) or Closing.SIGNED_OUT
    except Error:
        return Closing.TRY_LATER


async def hold(
    hub: Hub,
    socket: Socket,
    receive: Receive,
    *,
    hear: Callable[[dict[str, Any]], None],
    begin: Callable[[], None] = lambda: None,
) -> None:
    """Reads what a client sends until it is gone. `begin` is called when it is let in."""
    refusal = hub.enter(socket)
    if refusal is not None:
        socket.close(refusal)
    else:
        begin()
    message: dict[str, Any] = {}
    try:
        while (message := await receive())["type"] == "websocket.receive":
            if not socket.closing:
                hear(message)
    except asyncio.CancelledError:
        if not socket.closing:
            raise
        socket.raise_failure()
    finally:
        hub.listeners.leave(socket)
        CLOSES.labels(code=socket.code or _told(message.get("code"))).inc()
        socket.end()


def _told(code: int | None) -> str:
    """What a client closed with, as it is counted: the codes of the standard and ours, not whatever it thinks of."""
    code = code or NO_CODE
    return str(code) if code in KNOWN_CODES else "other"


class Conversation:
    """Reads what one client sends. It answers at once and never waits, so that nothing piles up unread."""

    __slots__ = ("_frames", "_mistakes", "hub", "socket")

    def __init__(self, hub: Hub, socket: Socket) -> None:
        self.hub = hub
        self.socket = socket
        self._frames = Bucket(FRAMES_AT_ONCE, FRAMES_A_SECOND, time.monotonic())
        self._mistakes: Bucket | None = None

    async def hold(self, receive: Receive) -> None:
        """Until the client is gone."""
        await hold(self.hub, self.socket, receive, hear=lambda message: self._hear(message.get("text")))

    def _hear(self, text: str | None) -> None:
        try:
            if not self._frames.take(time.monotonic()):
                raise Mistake("too_fast", _("Send fewer frames: %(rate)d a second.") % {"rate": FRAMES_A_SECOND})
            self._answer(frames.read(text))
        except Mistake as mistake:
            self.socket.push(frames.error(mistake.code, mistake.detail))
            if not self._forgiven():
                code = Closing.TOO_FAST if mistake.code == "too_fast" else Closing.ABUSE
                self.socket.close(code, flush=True)

    def _forgiven(self) -> bool:
        now = time.monotonic()
        if self._mistakes is None:
            self._mistakes = Bucket(MISTAKES_AT_ONCE, MISTAKES_A_SECOND, now)
        return self._mistakes.take(now)

    def _answer(self, asked: Asked) -> None:
        if asked.type == "ping":
            self.socket.push(frames.PONG)
            return
        name = place_named(asked.stream, self.socket.person.id)
        if asked.type == "subscribe":
            self._subscribe(asked, name)
        elif name is not None and (listening := self.hub.listeners.of(self.socket).get(name)):
            if asked.type == TYPING:
                self.hub.crowd.type(listening.place, listening)
            else:
                self.hub.unsubscribe(self.socket, name)

    def _subscribe(self, asked: Asked, name: str | None) -> None:
        if name is None:
            self.socket.push(frames.not_there(asked.stream))
        elif name not in (listening := self.hub.listeners.of(self.socket)) and len(listening) >= MOST_SUBSCRIPTIONS:
            detail = _("One socket listens to at most %(most)d streams.") % {"most": MOST_SUBSCRIPTIONS}
            self.socket.push(frames.error("too_many", detail, asked.stream))
        else:
            self.hub.subscribe(self.socket, name, asked.after)
