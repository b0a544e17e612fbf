"""Who listens where in this process: sockets by place, places by name."""

import asyncio
from collections.abc import Collection, Mapping

from realtime import frames
from realtime.crowd import Crowd
from realtime.doors import Pair
from realtime.facts import Doors
from realtime.instruments import SOCKETS, SUBSCRIPTIONS
from realtime.people import Person
from realtime.places import Listening, Place
from realtime.rules import MOST_SOCKETS
from realtime.sockets import Socket


class Listeners:
    """The register. A place exists while somebody listens there."""

    def __init__(self, crowd: Crowd, loop: asyncio.AbstractEventLoop) -> None:
        self.places: dict[str, Place] = {}
        self.sockets: dict[Socket, dict[str, Listening]] = {}
        self._members: dict[int, set[Socket]] = {}
        self._subscriptions = 0
        self._crowd = crowd
        self._loop = loop

    def enter(self, socket: Socket) -> bool:
        """Lets a socket in, unless its member has too many already."""
        if len(self.of_member(socket.person.id)) >= MOST_SOCKETS:
            return False
        if not self.of_member(socket.person.id):
            self._crowd.came(socket.person)
        self._members.setdefault(socket.person.id, set()).add(socket)
        self.sockets[socket] = {}
        return True

    def leave(self, socket: Socket) -> None:
        """A socket is gone, with all it listened to."""
        for listening in list(self.of(socket).values()):
            self.end(listening)
        if self.sockets.pop(socket, None) is not None:
            sockets = self._members[socket.person.id]
            sockets.discard(socket)
            if not sockets:
                del self._members[socket.person.id]
                self._crowd.went(socket.person)

    def meet(self, people: Mapping[int, Person]) -> None:
        """These members have changed, and are shown as they are now."""
        for person in people.values():
            for socket in self.of_member(person.id):
                if person != socket.person:
                    socket.person = person
                    for place in [each.place for each in self.of(socket).values() if each.present]:
                        self._crowd.met(place, person)

    def count(self) -> None:
        """Says for `/metrics` how many there are."""
        SOCKETS.set(len(self.sockets))
        SUBSCRIPTIONS.set(self._subscriptions)

    def of_member(self, member_id: int) -> Collection[Socket]:
        """A member's sockets."""
        return self._members.get(member_id, ())

    def of(self, socket: Socket) -> dict[str, Listening]:
        """What a socket listens to, by name."""
        return self.sockets.get(socket, {})

    def add(self, socket: Socket, name: str) -> Listening:
        """Registers a socket in a place, which is not live there yet."""
        place = self.places.get(name)
        if place is None:
            place = self.places[name] = Place(name, self._loop.time())
        listening = Listening(socket, place)
        place.listening[socket] = self.sockets[socket][name] = listening
        self._subscriptions += 1
        return listening

    def end(self, listening: Listening) -> None:
        """The socket listens there no more."""
        place = listening.place
        listening.ended = True
        listening.seq = None
        if listening.task is not None:
            listening.task.cancel()
        del self.sockets[listening.socket][place.name], place.listening[listening.socket]
        self._subscriptions -= 1
        if listening.present:
            self._crowd.left(place, listening)
        if not place.listening:
            self._crowd.close(place)
            del self.places[place.name]

    def refuse(self, listening: Listening) -> None:
        """The door is closed: the socket listens there no more, and is told."""
        self.end(listening)
        listening.socket.push(frames.not_there(listening.place.wire_name))

    def judged(self) -> list[Listening]:
        """Everybody who has been let in somewhere."""
        return [entry for entry in self._all() if entry.doors is not None]

    def apply(self, listening: list[Listening], allowed: set[Pair], doors: Doors) -> None:
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
            self._crowd.close(place)
        return [entry.task for entry in self._all() if entry.task is not None]

    def _all(self) -> list[Listening]:
        return [entry for place in self.places.values() for entry in place.listening.values()]
