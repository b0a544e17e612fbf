"""Who listens where in this process: sockets by place, places by name."""

import asyncio

from realtime import frames
from realtime.bridge import Bridge
from realtime.crowd import Crowd
from realtime.doors import Pair
from realtime.places import Listening, Place
from realtime.sockets import Socket


class Listeners:
    """The register. A place exists while somebody listens there; only then do other processes' nudges for it come."""

    def __init__(self, bridge: Bridge, crowd: Crowd, loop: asyncio.AbstractEventLoop) -> None:
        self.places: dict[str, Place] = {}
        self.sockets: dict[Socket, dict[str, Listening]] = {}
        self._bridge = bridge
        self._crowd = crowd
        self._loop = loop

    def enter(self, socket: Socket) -> None:
        """A socket was let in."""
        self.sockets[socket] = {}

    def leave(self, socket: Socket) -> None:
        """A socket is gone, with all it listened to."""
        for listening in list(self.of(socket).values()):
            self.end(listening)
        self.sockets.pop(socket, None)

    def of(self, socket: Socket) -> dict[str, Listening]:
        """What a socket listens to, by name."""
        return self.sockets.get(socket, {})

    def add(self, socket: Socket, name: str) -> Listening:
        """Registers a socket in a place, which is not live there yet."""
        place = self.places.get(name)
        if place is None:
            place = self.places[name] = Place(name, self._loop.time())
            self._bridge.join(name)
        listening = Listening(socket, place)
        place.listening[socket] = self.sockets[socket][name] = listening
        return listening

    def end(self, listening: Listening) -> None:
        """The socket listens there no more."""
        was_live, place = listening.live, listening.place
        listening.ended = True
        if listening.task is not None:
            listening.task.cancel()
        del self.sockets[listening.socket][place.name], place.listening[listening.socket]
        if was_live:
            self._crowd.left(place, listening)
        if not place.listening:
            place.close()
            del self.places[place.name]
            self._bridge.leave(place.name)

    def refuse(self, listening: Listening) -> None:
        """The door is closed: the socket listens there no more, and is told."""
        self.end(listening)
        listening.socket.push(frames.not_there(listening.place.wire_name))

    def judged(self) -> list[Listening]:
        """Everybody who has been let in somewhere."""
        return [entry for entry in self._all() if entry.doors is not None]

    def apply(self, listening: list[Listening], allowed: set[Pair], doors: int) -> None:
        """Refuses those who may not listen, and notes for the others at which number of the doors that was."""
        for each in listening:
            if each.ended:
                continue
            if each.pair in allowed:
                each.doors = doors
            else:
                self.refuse(each)

    def close(self) -> list[asyncio.Task[None]]:
        """Ends what is planned; gives the tasks that are under way."""
        for place in self.places.values():
            place.close()
        return [entry.task for entry in self._all() if entry.task is not None]

    def _all(self) -> list[Listening]:
        return [entry for place in self.places.values() for entry in place.listening.values()]
