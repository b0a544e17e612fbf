"""Where the process of the model is asked: a socket of this machine, that of its own user alone.

Whoever sends what is no question is hung up on, and whoever waits behind too many others is told so at once.
"""

import os
import selectors
import socket
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from threads.rules.model_frames import HEAD, LONGEST_QUESTION, frame, unframed

MOST_WAITING, MOST_CALLERS = 8, 256
BUSY = {"busy": True}
Answerer = Callable[[Any], dict[str, Any]]


@dataclass(eq=False)
class Caller:
    """Somebody who asks, and what came of the next question."""

    line: socket.socket
    came: bytearray = field(default_factory=bytearray)


class _Question(NamedTuple):
    caller: Caller
    data: bytes


class Door:
    """Listens, and has `answer` answer what was asked; it raises ValueError, TypeError or KeyError for nonsense."""

    def __init__(self, path: Path, answer: Answerer) -> None:
        """Takes the place of whoever listens there. Raises OSError."""
        self._path, self._answer = path, answer
        self._chosen = selectors.DefaultSelector()
        self._waiting: list[_Question] = []
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._listener = _listen(path)
        self._own = path.stat().st_ino
        self._chosen.register(self._listener, selectors.EVENT_READ)

    def attend(self, seconds: float) -> None:
        """Answer all that was asked by now; when nothing was, wait so long for the first question."""
        ready = self._hear(seconds)
        while ready or self._waiting:
            for _round in range(MOST_CALLERS):  # all that came by now, so that who hung up is not answered
                if not self._hear(0):
                    break
            self._answer_first()
            ready = self._hear(0)

    def _hear(self, seconds: float) -> bool:
        """Read what came; False if nothing did."""
        ready = self._chosen.select(seconds)
        for key, _events in ready:
            if key.data is None:
                self._greet()
            else:
                self._read(key.data)
        return bool(ready)

    def close(self) -> None:
        """Hang up on everybody."""
        for key in list(self._chosen.get_map().values()):
            self._hang_up(key.fileobj)
        with suppress(OSError):
            if self._path.stat().st_ino == self._own:
                self._path.unlink()

    def _greet(self) -> None:
        with suppress(OSError):  # who called hung up
            line, _address = self._listener.accept()
            line.setblocking(False)
            if len(self._chosen.get_map()) > MOST_CALLERS:
                line.close()
            else:
                self._chosen.register(line, selectors.EVENT_READ, Caller(line))

    def _read(self, caller: Caller) -> None:
        try:
            data = caller.line.recv(LONGEST_QUESTION)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        caller.came += data
        try:
            question = _first_of(caller.came) if data else None
        except ValueError:
            data, question = b"", None
        if not data:
            self._forget(caller)
        elif question is not None:
            self._take(_Question(caller, question))

    def _take(self, question: _Question) -> None:
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(question)
        else:
            self._say(question.caller, BUSY)

    def _answer_first(self) -> None:
        if not self._waiting:
            return
        caller, data = self._waiting.pop(0)
        try:
            answer = self._answer(unframed(data))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self._forget(caller)
        else:
            self._say(caller, answer)

    def _say(self, caller: Caller, said: dict[str, Any]) -> None:
        """An answer fits into what a socket holds; who has left no room for it does not listen."""
        data = frame(said)
        try:
            sent = caller.line.send(data)
        except OSError:
            sent = 0
        if sent < len(data):
            self._forget(caller)

    def _forget(self, caller: Caller) -> None:
        self._waiting = [each for each in self._waiting if each.caller is not caller]
        self._hang_up(caller.line)

    def _hang_up(self, line: Any) -> None:
        with suppress(KeyError, ValueError):
            self._chosen.unregister(line)
        line.close()


def _first_of(came: bytearray) -> bytes | None:
    """Takes the first question out of what came, if all of it did. Raises ValueError for one that is too long."""
    if len(came) < HEAD.size:
        return None
    (length,) = HEAD.unpack_from(came)
    if not 0 < length <= LONGEST_QUESTION or len(came) > LONGEST_QUESTION + HEAD.size:
        raise ValueError(length)
    if len(came) < HEAD.size + length:
        return None
    question = bytes(came[HEAD.size : HEAD.size + length])
    del came[: HEAD.size + length]
    return question


def _listen(path: Path) -> socket.socket:
    """A socket under another name first: nobody can call before it is private, and one is always there."""
    made = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        made.unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(made))
        made.chmod(stat.S_IRUSR | stat.S_IWUSR)
        listener.listen(MOST_CALLERS)
        listener.setblocking(False)
        made.rename(path)
    except OSError:
        listener.close()
        raise
    return listener
