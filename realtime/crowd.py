"""What places tell besides events: who is present, who is typing, that a space changed. All of it coalesced."""

import asyncio
from collections.abc import Callable, Iterable

from realtime import frames
from realtime.bridge import Bridge, Message
from realtime.places import Listening, Place
from realtime.presence import Presence
from realtime.rules import ANNOUNCE_SECONDS, HINT_SECONDS, TYPING_SECONDS

PRESENCE, TYPING, HINT = "presence", "typing", "hint"


class Crowd:
    """Sends these frames for the hub, not more often than the rules say."""

    def __init__(self, bridge: Bridge, loop: asyncio.AbstractEventLoop) -> None:
        self._bridge = bridge
        self._loop = loop
        self._announce_at = 0.0

    def entered(self, place: Place, listening: Listening) -> None:
        """Somebody arrived: they see at once who is there, the others soon."""
        presence = place.presence
        if presence is None:
            return
        first = not presence.total
        presence.enter(listening.socket.person)
        self._show(presence.frame(place.wire_name), [listening])
        self._presence_changed(place, ask=first)

    def left(self, place: Place, listening: Listening) -> None:
        """Somebody left."""
        if place.presence is not None:
            place.presence.leave(listening.socket.person)
            self._presence_changed(place)
            if not place.presence.here:
                self._announce(place, place.presence)

    def hear(self, place: Place, message: Message) -> None:
        """What another process says of who is there, or types."""
        presence = place.presence
        if presence is None:
            return
        if message["what"] == TYPING:
            self._show_typing(place, message["member"])
            return
        before = presence.frame(place.wire_name)
        presence.hear(message["from"], message, self._loop.time())
        if presence.frame(place.wire_name) != before or message["ask"]:
            self._presence_changed(place, answer=message["ask"])

    def type(self, place: Place, listening: Listening) -> None:
        """Somebody types: the others in the place are told, now and then."""
        now = self._loop.time()
        if not listening.live or place.presence is None or now - listening.typed_at < TYPING_SECONDS:
            return
        listening.typed_at = now
        member = listening.socket.person.as_shown()
        self._show_typing(place, member)
        self._bridge.say(place.name, TYPING, member=member)

    def _show_typing(self, place: Place, member: dict[str, int | str]) -> None:
        if not place.typing.take(self._loop.time()):
            return
        text = frames.write(TYPING, stream=place.wire_name, member=member)
        for each in place.live():
            if each.socket.person.id != member["id"]:
                each.socket.push(text)

    def hint(self, place: Place) -> None:
        """A space changed: its listeners are told, at once or when the last hint is long enough ago."""
        self._soon(place, HINT, place.hinted_at + HINT_SECONDS - self._loop.time(), self._send_hint)

    def _send_hint(self, place: Place) -> None:
        place.hinted_at = self._loop.time()
        text = frames.write(HINT, stream=place.wire_name)
        for each in place.live():
            each.socket.push(text)

    def tick(self, places: Iterable[Place]) -> None:
        """Once a second: ends leases that ran out, and repeats our own announcements when it is time."""
        now = self._loop.time()
        repeat = now >= self._announce_at
        if repeat:
            self._announce_at = now + ANNOUNCE_SECONDS
        for place in places:
            if place.presence is None:
                continue
            if place.presence.expire(now):
                self._presence_changed(place)
            if repeat:
                self._announce(place, place.presence)

    def _presence_changed(self, place: Place, *, ask: bool = False, answer: bool = False) -> None:
        if presence := place.presence:
            self._soon(place, PRESENCE, presence.pause, self._show_presence)
            if ask or answer:
                self._announce(place, presence, ask=ask)

    def _show_presence(self, place: Place) -> None:
        if presence := place.presence:
            self._show(presence.frame(place.wire_name), place.live())
            self._announce(place, presence)

    def _show(self, text: str, listening: Iterable[Listening]) -> None:
        for each in listening:
            if each.shown != text:
                each.shown = text
                each.socket.push(text)

    def _announce(self, place: Place, presence: Presence, *, ask: bool = False) -> None:
        self._bridge.say(place.name, PRESENCE, ask=ask, **presence.announcement())

    def _soon(self, place: Place, what: str, delay: float, run: Callable[[Place], None]) -> None:
        """Has `run(place)` called after the delay, unless that is about to happen anyway."""
        if what in place.timers:
            return

        def due() -> None:
            del place.timers[what]
            run(place)

        if delay <= 0:
            run(place)
        else:
            place.timers[what] = self._loop.call_later(delay, due)
