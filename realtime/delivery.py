"""Writing what came to all who listen, with breaths in between so that pages and arrivals get their turn."""

import asyncio
import logging
import time
from collections.abc import Iterator, Sequence

from realtime.frames import Frame
from realtime.instruments import CATCHUPS, DELIVERED, LAG
from realtime.places import Listening
from realtime.replay import Line
from realtime.rules import BYTES_A_WRITE, MOST_CHARACTERS_TOGETHER, WRITES_BETWEEN_BREATHS, Closing
from realtime.sockets import Socket

log = logging.getLogger(__name__)


class Delivery:
    """Writes events in order, each listener's numbers without a gap."""

    def __init__(self) -> None:
        self._since_breath = 0

    async def deliver(self, lines: Sequence[Line], listening: Sequence[Listening]) -> None:
        """Gives each listener the lines that it lacks. A socket that cannot be written to is ended, and only that."""
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
                each.seq = last
                _write(each.socket, frames, wire)
                written += len(lines)
                self._since_breath += cost
                if self._since_breath >= WRITES_BETWEEN_BREATHS:
                    self._since_breath = 0
                    await asyncio.sleep(0)
            elif each.live:
                written += _give_rest(each, lines)
        return written


def _give_rest(each: Listening, lines: Sequence[Line]) -> int:
    """Gives what follows the listener's own number. Who lacks more than this has to come again."""
    written = 0
    for seq, frame in lines:
        if each.seq == seq - 1:
            each.seq = seq
            _write(each.socket, [frame], frame.wire)
            written += 1
        elif each.seq is not None and each.seq < seq:
            _send_back(each, seq)
            break
    return written


def _send_back(each: Listening, seq: int) -> None:
    if not each.socket.closing:
        log.error("a listener of %s stands at %d before number %d", each.place.name, each.seq, seq)
        CATCHUPS.labels(how="gap").inc()
        each.socket.close(Closing.FAILED)


def _write(socket: Socket, frames: Sequence[Frame], wire: bytes) -> None:
    try:
        socket.push_all(frames, wire)
    except Exception as error:  # noqa: BLE001  (one broken connection must not keep the news from the others)
        socket.fail(error)


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
