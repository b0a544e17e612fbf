"""Writing what came to all who listen, with breaths in between so that pages and arrivals get their turn."""

import time
from collections.abc import Callable, Iterator, Sequence

from realtime.breaths import Breath
from realtime.frames import Frame
from realtime.instruments import CATCHUPS, DELIVERED, LAG
from realtime.places import Listening
from realtime.replay import Line
from realtime.rules import BYTES_A_WRITE, MOST_CHARACTERS_TOGETHER
from realtime.sockets import Socket


class Delivery:
    """Writes events in order, each listener's numbers without a gap. `again` has a listener served from the log."""

    def __init__(self, again: Callable[[Listening], None]) -> None:
        self._again = again
        self._breath = Breath()

    async def deliver(self, lines: Sequence[Line], listening: Sequence[Listening]) -> None:
        """Gives each listener the lines that it lacks. A socket that cannot be written to is ended, and only that."""
        with self._breath.writing():
            for some in _together(lines):
                DELIVERED.inc(await self._give(some, listening))
        LAG.observe(max(0.0, time.time() - lines[0][1].at))

    async def _give(self, lines: Sequence[Line], listening: Sequence[Listening]) -> int:
        """Gives the lines with one write to each; the number of events written."""
        before, last = lines[0][0] - 1, lines[-1][0]
        frames = [frame for _seq, frame in lines]
        wire = b"".join(frame.wire for frame in frames)
        cost = 1 + len(wire) // BYTES_A_WRITE
        written = 0
        for each in listening:
            if each.seq == before:
                if not _write(each.socket, frames, wire):
                    self._catch_up(each, "slow")
                    continue
                each.seq = last
                written += len(lines)
                if self._breath.due(cost):
                    await self._breath.take()
            elif each.live:
                written += self._give_rest(each, lines)
        return written

    def _give_rest(self, each: Listening, lines: Sequence[Line]) -> int:
        """Gives what follows the listener's own number."""
        written = 0
        for seq, frame in lines:
            if each.seq == seq - 1 and _write(each.socket, [frame], frame.wire):
                each.seq = seq
                written += 1
            elif each.seq is not None and each.seq < seq:
                self._catch_up(each, "gap" if each.seq < seq - 1 else "slow")
        return written

    def _catch_up(self, each: Listening, how: str) -> None:
        CATCHUPS.labels(how=how).inc()
        self._again(each)


def _write(socket: Socket, frames: Sequence[Frame], wire: bytes) -> bool:
    try:
        return socket.push_all(frames, wire)
    except Exception as error:  # noqa: BLE001  (one broken connection must not keep the news from the others)
        socket.fail(error)
        return True


def _together(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines in groups small enough to be written at once."""
    group: list[Line] = []
    size = 0
    for line in lines:
        if group and size + len(line[1]) > MOST_CHARACTERS_TOGETHER:
            yield group
            group, size = [], 0
        group.append(line)
        size += len(line[1])
    if group:
        yield group
