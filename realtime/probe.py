"""Tries out on Twisted's and autobahn's own classes what `transport.py` takes for granted of them."""

from typing import Any

from autobahn.websocket.protocol import PreparedMessage, WebSocketProtocol
from twisted.internet.abstract import FileDescriptor
from twisted.internet.tcp import Connection

from realtime.frames import framed


def objection() -> str:
    """What is not as expected; empty when all is."""
    if not _buffers_as_expected():
        return "Twisted buffers differently"
    if not _closes_as_expected():
        return "Twisted closes differently"
    if not _frames_as_expected():
        return "autobahn frames differently"
    return ""


class _Reactor:
    """As much of a reactor as a buffer needs: nothing is written by itself."""

    def addWriter(self, writer: Any) -> None:  # noqa: N802  (Twisted's name)
        """Would have the buffer written."""

    def removeWriter(self, writer: Any) -> None:  # noqa: N802  (Twisted's name)
        """Would have it written no more."""


class _Half(FileDescriptor):
    """A connection whose kernel takes half of what it is given."""

    connected = 1

    def writeSomeData(self, data: Any) -> int:  # noqa: N802  (Twisted's name)
        """How much it took."""
        return (len(data) + 1) // 2


def _buffers_as_expected() -> bool:
    """Writes two bytes, one after the other, and reads off the buffer after each step."""
    buffer: Any = _Half(_Reactor())  # type: ignore[arg-type]
    steps = [_state(buffer)]
    buffer.write(b"ab")
    steps.append(_state(buffer))
    for _time in range(2):
        buffer.doWrite()
        steps.append(_state(buffer))
    expected = [(0, b"", 0), (2, b"", 0), (0, b"ab", 1), (0, b"", 0)]
    return steps == expected and issubclass(Connection, FileDescriptor) and Connection.TLS is False


def _closes_as_expected() -> bool:
    """Closes one for writing, and looks whether it says so, once what waited is written."""
    buffer: Any = _Half(_Reactor())  # type: ignore[arg-type]
    steps = [buffer._writeDisconnected]
    buffer.write(b"a")
    buffer.loseWriteConnection()
    steps.append(buffer._writeDisconnected)
    buffer.doWrite()
    buffer.doWrite()
    steps.append(buffer._writeDisconnected)
    return [bool(step) for step in steps] == [False, False, True] and buffer.connected == 1


def _state(buffer: Any) -> tuple[int, bytes, int]:
    return buffer._tempDataLen, bytes(buffer.dataBuffer), buffer.offset


def _frames_as_expected() -> bool:
    """Whether autobahn would send the same bytes, and closes as we have it close."""
    texts = ("", "\u00e9" * 62, "x" * 126, "x" * 65_536)
    same = all(PreparedMessage(text.encode(), False, False, True).payloadHybi == framed(text) for text in texts)
    return same and all(hasattr(WebSocketProtocol, name) for name in ("STATE_OPEN", "sendCloseFrame"))
