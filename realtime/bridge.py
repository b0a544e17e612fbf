"""The way to the other processes: the channel layer carries nudges, hints, who is present and who is typing.

Nothing here is needed for correctness: what gets lost is found by the sweep. So no error of the layer is ever raised;
an outage is logged once, what could not be sent is dropped, and it mends itself. With the in-memory layer nothing
crosses, because there is nowhere to go.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from channels.layers import InMemoryChannelLayer, get_channel_layer
from redis.exceptions import RedisError

from realtime.rules import BRIDGE_PATIENCE_SECONDS, RETRY_SECONDS

Message = dict[str, Any]
FAILURES = (OSError, RedisError, TimeoutError)

log = logging.getLogger(__name__)


class Bridge:
    """One channel for the process, and a group for each place that somebody here listens to."""

    def __init__(self, process: str, hear: Callable[[str, Message], None]) -> None:
        layer = get_channel_layer()
        self.crosses = not isinstance(layer, InMemoryChannelLayer)
        self.up = True
        self._layer = layer
        self._process = process
        self._hear = hear
        self._channel = ""
        self._wanted: set[str] = set()
        self._joined: set[str] = set()
        self._outgoing: dict[tuple[str, str], Message] = {}
        self._work = asyncio.Event()

    def join(self, place: str) -> None:
        """Hear from now on what others say of a place."""
        self._wanted.add(place)
        self._work.set()

    def leave(self, place: str) -> None:
        """Hear of it no more."""
        self._wanted.discard(place)
        self._work.set()

    def say(self, place: str, what: str, **message: Any) -> None:
        """Tell the others; of what is said more than once before it goes out, only the last is."""
        if self.crosses:
            address = {"type": "guildhall", "from": self._process, "place": place, "what": what}
            self._outgoing[place, what] = address | message
            self._work.set()

    async def run(self) -> None:
        """Keeps in step with what is wanted, for ever."""
        listening: asyncio.Task[None] | None = None
        receiver = logging.getLogger("channels_redis.pubsub")
        receiver.addFilter(self._is_news)
        try:
            while True:
                await self._work.wait()
                self._work.clear()
                try:
                    await self._step()
                except FAILURES as error:
                    self._lost(error)
                    self._outgoing.clear()
                    await asyncio.sleep(RETRY_SECONDS)
                    self._work.set()
                else:
                    listening = listening or asyncio.create_task(self._listen())
        finally:
            receiver.removeFilter(self._is_news)
            if listening:
                listening.cancel()

    async def _step(self) -> None:
        if not self._channel:
            self._channel = await self._call("new_channel")
        for place in self._joined - self._wanted:
            self._joined.discard(place)
            await self._call("group_discard", group_of(place), self._channel)
        for place in self._wanted - self._joined:
            await self._call("group_add", group_of(place), self._channel)
            self._joined.add(place)
        while self._outgoing:
            (place, _what), message = next(iter(self._outgoing.items()))
            del self._outgoing[place, _what]
            await self._call("group_send", group_of(place), message)

    async def _call(self, name: str, *args: Any) -> Any:
        async with asyncio.timeout(BRIDGE_PATIENCE_SECONDS):
            answer = await getattr(self._layer, name)(*args)
        if not self.up:
            log.warning("the channel layer is back")
        self.up = True
        return answer

    async def _listen(self) -> None:
        while True:
            message = await self._layer.receive(self._channel)
            if message["from"] != self._process:
                self._hear(message["place"], message)

    def _lost(self, error: BaseException) -> None:
        if self.up:
            log.warning("the channel layer fails (%s); live updates come by the sweep", str(error) or "no answer")
        self.up = False

    def _is_news(self, record: logging.LogRecord) -> bool:
        """The layer's own receiver reports every failed attempt with a traceback; one line for the outage is enough."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, FAILURES):
            return True
        self._lost(error)
        return False


def group_of(place: str) -> str:
    """The group's name: layers allow letters, digits, dots, dashes and underscores."""
    return place.replace(":", ".").replace("/", "..")
