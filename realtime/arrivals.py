"""Lets clients in: who knocks, and who wants to listen where and from which number on. Many at once cost little more
than one, because those who wait are looked up together."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db import Error, InterfaceError, OperationalError

from realtime import replay, tickets
from realtime.batches import Batches
from realtime.crowd import Crowd
from realtime.database import DatabaseThread
from realtime.doorkeeper import Doorkeeper
from realtime.instruments import CATCHUPS
from realtime.listeners import Listeners
from realtime.lookout import Lookout
from realtime.people import Ticket
from realtime.places import Listening, Place
from realtime.replay import Arrival, Asked, Opening
from realtime.rules import ARRIVALS_AT_ONCE, MOST_AHEAD, RETRY_SECONDS, WRITES_BETWEEN_BREATHS, Closing
from realtime.tickets import Admitted, Knock

AWAY = (InterfaceError, OperationalError)
Knocking = tuple[Knock, "asyncio.Future[Admitted | None]"]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Newcomer:
    """Who is registered in a place, and wants what came after a number."""

    listening: Listening
    after: int | None

    @property
    def asked(self) -> Asked:
        """As the log and the doors are asked."""
        return Asked(*self.listening.pair, self.after)


class Arrivals:
    """Has a database thread of its own, so that arriving delays no delivery.

    `failed` is told of database errors; `arrived` that a place has a listener at the number where it stood.
    """

    def __init__(
        self,
        listeners: Listeners,
        crowd: Crowd,
        doorkeeper: Doorkeeper,
        lookout: Lookout,
        *,
        failed: Callable[[Error], None],
        arrived: Callable[[Place], None],
    ) -> None:
        self._listeners = listeners
        self._crowd = crowd
        self._doorkeeper = doorkeeper
        self._lookout = lookout
        self._failed = failed
        self._arrived = arrived
        self._database = DatabaseThread("hub-arrivals")
        self._knocking = Batches(self._answer, ARRIVALS_AT_ONCE, whose=_shown)
        self._newcomers = Batches(self._open, ARRIVALS_AT_ONCE, whose=_member)
        self._postponed: list[Newcomer] = []
        self._replayed = 0

    async def stop(self) -> None:
        """Lets nobody in any more, and closes the connection to the database."""
        await self._knocking.stop()
        await self._newcomers.stop()
        await self._database.stop()

    # Who knocks

    async def admit(self, knock: Knock) -> Admitted | None:
        """Who it is, when they may come in. Raises database errors."""
        future: asyncio.Future[Admitted | None] = asyncio.get_running_loop().create_future()
        self._knocking.add((knock, future))
        return await future

    async def _answer(self, knocking: Sequence[Knocking]) -> None:
        """All together; one by one when somebody among them cannot be looked up, so that the others can."""
        waiting = [(knock, future) for knock, future in knocking if not future.done()]
        if not waiting:
            return
        try:
            found = await self._database.run(tickets.admit, [knock for knock, _future in waiting])
        except Exception as error:  # noqa: BLE001  (whatever one of them brings must not keep the others out)
            if len(waiting) > 1 and not isinstance(error, AWAY):
                for one in waiting:
                    await self._answer([one])
                return
            for _knock, future in waiting:
                _settle(future, error)
        else:
            for (_knock, future), admitted in zip(waiting, found, strict=True):
                _settle(future, admitted)

    # Who wants to listen

    def begin(self, listening: Listening, after: int | None) -> None:
        """Has somebody who is registered already catch up from after a number, and then be live."""
        self._newcomers.add(Newcomer(listening, after))

    async def _open(self, newcomers: Sequence[Newcomer]) -> None:
        """Reads what they missed, judged after the reading. Who is still behind then is served again."""
        waiting = [newcomer for newcomer in newcomers if not newcomer.listening.ended]
        if not waiting:
            return
        try:
            await self._lookout.begin()
            opening = await self._database.run(replay.arrive, [newcomer.asked for newcomer in waiting])
            over = await self._over(waiting, opening)
        except Exception as error:  # noqa: BLE001  (the same)
            await self._stumble(waiting, error)
            return
        for count, newcomer in enumerate(waiting, start=1):
            try:
                self._let_in(newcomer, opening, over)
            except Exception as error:  # noqa: BLE001  (the same, with a broken connection)
                newcomer.listening.socket.fail(error)
            if count % WRITES_BETWEEN_BREATHS == 0:
                await asyncio.sleep(0)
        postponed, self._postponed = self._postponed, []
        self._newcomers.put_back(postponed)
        CATCHUPS.labels(how="replay").inc(self._replayed)
        self._replayed = 0

    async def _over(self, waiting: Sequence[Newcomer], opening: Opening) -> set[Ticket]:
        """The tickets that were good no more when what they missed was read."""
        sockets = {newcomer.listening.socket for newcomer in waiting}
        doubtful = {socket.ticket for socket in sockets if not self._doorkeeper.vouches(socket, opening.doors)}
        return await self._database.run(tickets.ended, doubtful) if doubtful else set()

    async def _stumble(self, waiting: Sequence[Newcomer], error: Exception) -> None:
        """Waits while the database is away; otherwise finds out who cannot be served."""
        if isinstance(error, AWAY) or (isinstance(error, Error) and len(waiting) == 1):
            self._failed(error)
            await asyncio.sleep(RETRY_SECONDS)
            self._newcomers.put_back(waiting)
        elif len(waiting) > 1:
            for newcomer in waiting:
                await self._open([newcomer])
        else:
            log.error("a listener could not be served", exc_info=error)
            for newcomer in waiting:
                newcomer.listening.socket.close(Closing.FAILED)

    def _let_in(self, newcomer: Newcomer, opening: Opening, over: Collection[Ticket]) -> None:
        listening = newcomer.listening
        if listening.ended:
            return
        if listening.socket.ticket in over:
            self._doorkeeper.show_out(listening.socket)
            return
        if listening.pair not in opening.allowed:
            self._listeners.refuse(listening)
            return
        self._doorkeeper.let_in(listening, opening.doors)
        arrival = opening.arrivals.get(newcomer.asked[1:])
        if arrival is None:
            self._postponed.append(newcomer)
        elif arrival.lines and (listening.socket.held_back or len(arrival.missed.wire) > MOST_AHEAD):
            listening.task = asyncio.create_task(self._send_slowly(listening, arrival))
        else:
            self._give(listening, arrival)

    async def _send_slowly(self, listening: Listening, arrival: Arrival) -> None:
        """What waits for a client is bounded, so it gets no more than it takes."""
        try:
            for frame in arrival.missed.frames:
                await listening.socket.send(frame)
        except Exception as error:  # noqa: BLE001  (the connection is broken, in whatever way)
            listening.socket.fail(error)
            return
        self._replayed += len(arrival.lines)
        listening.task = None
        self.begin(listening, arrival.seq)

    def _give(self, listening: Listening, arrival: Arrival) -> None:
        """What was missed, and live from here on; unless the place has gone on meanwhile: then the rest is read too."""
        place = listening.place
        if place.seq is None:
            place.seq = arrival.seq
        behind = place.seq > arrival.seq
        if not listening.socket.push_all(*(arrival.missed if behind else arrival.answer)):
            listening.socket.close(Closing.TOO_SLOW)
            return
        self._replayed += len(arrival.lines)
        if behind:
            self.begin(listening, arrival.seq)
            return
        listening.seq = arrival.seq
        self._crowd.entered(place, listening)
        self._arrived(place)


def _shown(knocking: Knocking) -> str:
    """By what it is taken for one who knocks, before that is looked up."""
    knock, _future = knocking
    return knock.cookie if knock.token is None else knock.token


def _member(newcomer: Newcomer) -> int:
    return newcomer.listening.socket.person.id


def _settle(future: "asyncio.Future[Admitted | None]", answer: Admitted | Exception | None) -> None:
    """Answers, unless who asked is gone."""
    if future.done():
        return
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
