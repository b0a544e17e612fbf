"""The web server of one process: Daphne's, with its endless loops over all connections replaced, and a drain."""

import asyncio
import contextlib
import functools
import logging
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from daphne.http_protocol import WebRequest
from daphne.server import Server
from twisted.internet import defer
from twisted.internet import reactor as installed_reactor
from twisted.logger import globalLogBeginner

from realtime.server.protocols import Connection, ConnectionFactory
from realtime.server.requests import NEVER, Channel, ChannelFactory
from realtime.server.rounds import Wheel
from realtime.server.sharing import SOCKETS_A_REQUESTER, SharedPort
from realtime.siblings import Siblings

log = logging.getLogger(__name__)
reactor: Any = installed_reactor  # Daphne's choice: it runs on an event loop of asyncio

# Limits, each with its reason.
REQUEST_SECONDS = 60.0  # an answer that takes longer is given up with 503, before the proxy gives up
KEPT_SECONDS = 75.0  # an idle HTTP connection: longer than nginx keeps its own, so that nginx is the one who closes
HANDSHAKE_SECONDS = 10.0
MOST_FRAME_BYTES = 128 * 1024  # the protocol takes 16 K characters, and answers who sends a little more
APPLICATION_SECONDS = 10.0  # for the application to end after its client has gone
ROUND_SECONDS, SPOKES = 20.0, 400  # a socket is visited every 20 s, pinged every 40 s at most
CHECK_SECONDS = 1.0

# A drain.
REQUESTS_PATIENCE = 20.0  # for requests that are being served
SOCKETS_PATIENCE = 10.0  # for closing the sockets, spread so that those who come back do not come at once
KEPT_PATIENCE = 1.0  # idle HTTP connections may still bring a request, which is answered
FLUSH_PATIENCE = 2.0


class Hub(Protocol):
    """What the server asks of the hub (`realtime.hub`)."""

    def start(self) -> object:
        """Begins, on the running event loop."""

    async def drain(self, patience: float) -> None:
        """Closes all sockets with 1012."""

    async def stop(self) -> None:
        """Ends the hub's work."""


class WebServer(Server):
    """Serves on an inherited listening socket until SIGTERM or SIGINT; a second one ends it at once.

    Others may serve on the same socket: its `siblings`.
    """

    def __init__(self, application: Any, descriptor: int, siblings: Siblings, *, hub: Hub, proxy_headers: bool) -> None:
        super().__init__(
            application,
            endpoints=[f"fd:fileno={descriptor}"],
            signal_handlers=False,
            http_timeout=REQUEST_SECONDS,
            websocket_timeout=-1,
            websocket_handshake_timeout=HANDSHAKE_SECONDS,
            websocket_max_message_size=MOST_FRAME_BYTES,
            websocket_max_frame_size=MOST_FRAME_BYTES,
            application_close_timeout=APPLICATION_SECONDS,
            proxy_forwarded_address_header="X-Forwarded-For" if proxy_headers else None,
            proxy_forwarded_port_header="X-Forwarded-Port" if proxy_headers else None,
            proxy_forwarded_proto_header="X-Forwarded-Proto" if proxy_headers else None,
            server_name="",
            verbosity=0,
        )
        self.loop: asyncio.AbstractEventLoop = reactor._asyncioEventloop
        self.connections: dict[Any, dict[str, Any]] = {}
        self.channels: dict[Any, Channel] = {}
        self.sockets = Wheel(SPOKES)
        self.draining = False
        self._hub = hub
        self._descriptor = descriptor
        self._siblings = siblings
        self._requests: set[WebRequest] = set()
        self._leaving: dict[Any, float] = {}
        self._moved = asyncio.Event()
        self._drain: asyncio.Task[None] | None = None

    def run(self, ready: Callable[[], object]) -> None:
        """Serves, drains, returns. `ready` is called as soon as connections are accepted."""
        globalLogBeginner.beginLoggingTo([], redirectStandardIO=False, discardBuffer=True)
        self.http_factory = ChannelFactory(self)
        self.http_factory.timeOut = KEPT_SECONDS
        self.ws_factory = ConnectionFactory(self, server=self.server_name)
        self.ws_factory.setProtocolOptions(
            allowNullOrigin=True,
            openHandshakeTimeout=HANDSHAKE_SECONDS,
            maxMessagePayloadSize=MOST_FRAME_BYTES,
            maxFramePayloadSize=MOST_FRAME_BYTES,
        )
        with socket.socket(fileno=self._descriptor) as listener:
            listener.setblocking(False)
            self._port = SharedPort.adopted(reactor, listener, self.http_factory, self._siblings, self._carried)
        for number in (signal.SIGTERM, signal.SIGINT):
            self.loop.add_signal_handler(number, self._told_to_end)
        self.loop.call_later(CHECK_SECONDS, self._check)
        self.loop.call_later(ROUND_SECONDS / SPOKES, self._turn)
        reactor.addSystemEventTrigger("before", "shutdown", self.kill_all_applications)
        self.loop.call_soon(self._hub.start)
        self.loop.call_soon(ready)
        reactor.run(installSignalHandlers=False)

    def _carried(self) -> float:
        return len(self.channels) + len(self.sockets) / SOCKETS_A_REQUESTER

    def _say_load(self) -> None:
        if not self.draining:
            self._siblings.say(self._carried())

    # Connections come and go

    def protocol_connected(self, protocol: Any) -> None:
        """A request began, or a WebSocket's handshake."""
        super().protocol_connected(protocol)
        if isinstance(protocol, WebRequest):
            self._requests.add(protocol)

    def protocol_disconnected(self, protocol: Any) -> None:
        """It is forgotten at once, or as soon as its application has ended."""
        self._requests.discard(protocol)
        details = self.connections.get(protocol)
        if details is None:
            return
        details.setdefault("disconnected", time.time())
        if "application_instance" in details:
            self._leaving[protocol] = self.loop.time()
        else:
            del self.connections[protocol]

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Daphne's, and what ends is noticed when it ends instead of by looking at all of them every second."""
        queue = super().create_application(protocol, scope)
        if queue is not None:
            task: asyncio.Task[None] = self.connections[protocol]["application_instance"]
            task.add_done_callback(functools.partial(self._application_ended, protocol))
        return queue

    def _application_ended(self, protocol: Any, task: "asyncio.Task[None]") -> None:
        self._leaving.pop(protocol, None)
        details = self.connections.get(protocol)
        if details is None:
            return
        del details["application_instance"]
        gone = "disconnected" in details
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("the application failed", exc_info=error)
            if not gone:
                protocol.handle_exception(error)
        if gone:
            del self.connections[protocol]

    def forget_channel(self, transport: Any) -> None:
        """The HTTP connection is closed, or has become a WebSocket."""
        self.channels.pop(transport, None)
        self._say_load()
        self._moved.set()

    def forget_socket(self, socket: Connection) -> None:
        """The WebSocket is closed."""
        self.sockets.discard(socket)
        self._moved.set()

    # Rounds

    def _turn(self) -> None:
        self.loop.call_later(ROUND_SECONDS / SPOKES, self._turn)
        self.sockets.turn()

    def _check(self) -> None:
        """Gives up requests that take too long, silent connections, and applications that do not end."""
        self.loop.call_later(CHECK_SECONDS, self._check)
        self._say_load()
        now = self.loop.time()
        for channel in [channel for channel in self.channels.values() if channel.over < now]:
            channel.over = NEVER
            channel.timeoutConnection()
        for request in list(self._requests):
            request.check_timeouts()
        patience = now - APPLICATION_SECONDS
        for protocol in [protocol for protocol, since in self._leaving.items() if since < patience]:
            log.warning("the application of %r did not end and is cancelled", protocol)
            del self._leaving[protocol]
            self.connections[protocol]["application_instance"].cancel()

    # The end

    def _told_to_end(self) -> None:
        if self._drain is None:
            self._drain = self.loop.create_task(self.drain())
        else:
            self.stop()

    async def drain(self) -> None:
        """Accepts no more, answers what is being asked, closes the sockets with 1012, ends."""
        self.draining = True
        self._port.stopListening()
        for channel in list(self.channels.values()):
            channel.retire()
        try:
            await asyncio.gather(self._sockets_closed(), self._requests_answered())
            await _in_time(self._hub.stop(), FLUSH_PATIENCE)
        finally:
            self.stop()

    async def _sockets_closed(self) -> None:
        """Until the hub has told all sockets, and they have answered, which autobahn gives them a second for."""
        await _in_time(self._hub.drain(SOCKETS_PATIENCE), SOCKETS_PATIENCE + FLUSH_PATIENCE)
        await self._until(lambda: not self.sockets, FLUSH_PATIENCE)

    async def _requests_answered(self) -> None:
        """Until every HTTP connection is closed: those that serve, after the answer; idle ones a little later."""
        await self._until(lambda: not self.channels, KEPT_PATIENCE)
        for channel in list(self.channels.values()):
            if not channel.requests:
                channel.loseConnection()
        await self._until(lambda: not self.channels, REQUESTS_PATIENCE)

    async def _until(self, gone: Callable[[], bool], patience: float) -> None:
        deadline = self.loop.time() + patience
        while not gone() and (left := deadline - self.loop.time()) > 0:
            self._moved.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), left)

    def kill_all_applications(self) -> "defer.Deferred[Any]":
        """Cancels what has not ended. Daphne's own expects an application behind every connection."""
        details = self.connections.values()
        tasks = [each["application_instance"] for each in details if "application_instance" in each]
        for task in tasks:
            task.cancel()
        return defer.Deferred.fromFuture(asyncio.gather(*tasks, return_exceptions=True))


async def _in_time(work: Awaitable[None], patience: float) -> None:
    try:
        async with asyncio.timeout(patience):
            await work
    except TimeoutError:
        log.warning("not everything was finished within %g seconds", patience)
    except Exception:
        log.exception("a part of the drain failed")
