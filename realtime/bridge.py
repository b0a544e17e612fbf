"""The way to the other processes: the channel layer carries nudges, hints, who is present and who is typing.

Every process hears everything, over one group: what is said while a message is under way, or a moment after, goes out
together in the next one, so that neither many streams nor many listeners make many messages. Nothing here is needed for
correctness: what gets lost is found by the sweep, or said again. So no error of the layer is ever raised; an outage is
logged once, what could not be sent is dropped, and it mends itself. With the in-memory layer nothing crosses, because
there is nowhere to go. A process hears itself too; one that does not any more, over a connection that died without a
word, takes a new one.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import Any

from channels import DEFAULT_CHANNEL_LAYER
from channels.layers import InMemoryChannelLayer, channel_layers
from django.conf import settings
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from realtime.rules import BRIDGE_PATIENCE_SECONDS, MOST_SAID_AT_ONCE, RETRY_SECONDS, SAYING_SECONDS, UNHEARD_SECONDS

Message = dict[str, Any]
FAILURES = (OSError, RedisError, TimeoutError)
# Another number when what is said changes its form: processes of two versions must not misread each other.
VERSION = 2

log = logging.getLogger(__name__)


class Unheard(TimeoutError):
    """What this process says does not come back to it, as all that is said in the group does: it hears nobody."""


def group() -> str:
    """The group of this site's processes: what is said in Redis is heard in all its databases, by other sites too."""
    site = salted_hmac("realtime.bridge", str(settings.DATABASES["default"]["NAME"])).hexdigest()
    return f"live.{VERSION}.{site[:16]}"


class Bridge:
    """What this process says to the others, and hears from them."""

    def __init__(self, process: str, hear: Callable[[str, Message], None]) -> None:
        layer = channel_layers[DEFAULT_CHANNEL_LAYER]
        self.crosses = not isinstance(layer, InMemoryChannelLayer)
        self.up = True
        self._layer = layer
        self._group = group()
        self._process = process
        self._hear = hear
        self._channel = ""
        self._joined = False
        self._unheard_since: float | None = None
        self._outgoing: dict[tuple[str, str], Message] = {}
        self._work = asyncio.Event()
        self._work.set()

    def say(self, place: str, what: str, **message: Any) -> None:
        """Tell the others; of what is said more than once before it goes out, only the last is."""
        if self.crosses:
            self._outgoing[place, what] = message
            self._work.set()

    def unsaid(self, place: str, what: str) -> Message:
        """What is still to go out, for what adds to it; empty when nothing is."""
        return self._outgoing.get((place, what), {})

    async def run(self) -> None:
        """Says what is to be said, and hears, for ever."""
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
                    self._unheard_since = None
                    if isinstance(error, Unheard):
                        await self._begin_anew(listening)
                    await asyncio.sleep(RETRY_SECONDS)
                    self._work.set()
                else:
                    if listening is None or listening.done():
                        listening = asyncio.create_task(self._listen())
        finally:
            receiver.removeFilter(self._is_news)
            if listening:
                listening.cancel()

    async def _begin_anew(self, listening: asyncio.Task[None] | None) -> None:
        """With a layer of its own; what the old one still holds on to is given back if it can be."""
        if listening:
            listening.cancel()
        old, self._layer = self._layer, channel_layers.make_backend(DEFAULT_CHANNEL_LAYER)
        self._channel, self._joined = "", False
        with suppress(*FAILURES):
            async with asyncio.timeout(BRIDGE_PATIENCE_SECONDS):
                await old.flush()

    async def _step(self) -> None:
        if not self._channel:
            self._channel = await self._call("new_channel")
        if not self._joined:
            await self._call("group_add", self._group, self._channel)
            self._joined = True
        while self._outgoing:
            if self._is_deaf():
                await asyncio.sleep(RETRY_SECONDS)  # who was stopped meanwhile has yet to hear
                if self._is_deaf():
                    raise Unheard("what is said in it is not heard")
            keys = list(islice(self._outgoing, MOST_SAID_AT_ONCE))
            said = [[*key, self._outgoing.pop(key)] for key in keys]
            if self._unheard_since is None:
                self._unheard_since = asyncio.get_running_loop().time()
            await self._call("group_send", self._group, {"type": "guildhall", "from": self._process, "said": said})
            await asyncio.sleep(SAYING_SECONDS)

    def _is_deaf(self) -> bool:
        since = self._unheard_since
        return since is not None and asyncio.get_running_loop().time() > since + UNHEARD_SECONDS

    async def _call(self, name: str, *args: Any) -> Any:
        async with asyncio.timeout(BRIDGE_PATIENCE_SECONDS):
            answer = await getattr(self._layer, name)(*args)
        if not self.up:
            log.warning("the channel layer is back")
        self.up = True
        return answer

    async def _listen(self) -> None:
        """For ever: what cannot be read must not make this process deaf to what comes after it."""
        while True:
            try:
                self._take(await self._layer.receive(self._channel))
            except FAILURES as error:
                self._lost(error)
                await asyncio.sleep(RETRY_SECONDS)
            except Exception:
                log.exception("what came from the channel layer makes no sense")
                await asyncio.sleep(RETRY_SECONDS)

    def _take(self, message: Message) -> None:
        self._unheard_since = None
        if message["from"] == self._process:
            return
        for place, what, more in message["said"]:
            try:
                self._hear(place, more | {"what": what, "from": message["from"]})
            except (KeyError, TypeError, ValueError):
                log.exception("another process said something of %s that makes no sense", place)

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
