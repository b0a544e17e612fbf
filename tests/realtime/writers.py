"""Writers of a record for tests: a replica behind a socket that speaks the record protocol, waiting with a deadline."""

import json
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.threads.replicas import Replica

if TYPE_CHECKING:
    from threads.models import Thread

PATIENCE_SECONDS = 15.0
SYNC, AWARENESS, AUTH, ASK_AWARENESS, SAVED = 0, 1, 2, 3, 102
STEP_1, STEP_2, UPDATE = 0, 1, 2


class Got(NamedTuple):
    """A message as it came: its type, the kind of sync or None, and what is in it."""

    type: int
    step: int | None
    content: bytes


class Writer:
    """One socket at a record. What comes is applied; `seen` has all of it."""

    def __init__(
        self,
        host: str,
        thread: int,
        token: str = "",
        *,
        client: int | None = None,
        path: str = "/ws/records/{}",
        origin: str | None = None,
        **headers: str,
    ) -> None:
        self.replica = Replica(client)
        self.seen: list[Got] = []
        self.closed: tuple[int, str] | None = None
        self.people: dict[int, tuple[int, Any]] = {}
        self.asked = 0
        authorization = {"Authorization": f"Bearer {token}"} if token else {}
        self._stack = ExitStack()
        self.connection = self._stack.enter_context(
            connect(
                f"ws://{host}{path.format(thread)}",
                additional_headers=authorization | {name.title(): value for name, value in headers.items()},
                origin=Origin(origin) if origin else None,
                max_size=None,
                proxy=None,
                compression=None,
                open_timeout=PATIENCE_SECONDS,
            )
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    # Sending

    def send(self, type_: int, *parts: int | bytes) -> None:
        """Sends a message. That the server has ended the connection meanwhile is found by whoever waits."""
        with suppress(ConnectionClosed):
            self.connection.send(message(type_, *parts))

    def greet(self) -> None:
        """Asks for what is there."""
        self.send(SYNC, STEP_1, self.replica.vector)

    def flush(self) -> None:
        """Sends what was written."""
        for update in self.replica.sent():
            self.send(SYNC, UPDATE, update)

    def say(self, state: Any, clock: int = 1, client: int | None = None) -> None:
        """Says where one is."""
        client = self.replica.doc.client_id if client is None else client
        text = json.dumps(state).encode()
        self.send(AWARENESS, varint(1) + varint(client) + varint(clock) + varint(len(text)) + text)

    def write(self, field: str, at: int, text: str) -> None:
        """Writes, and sends it."""
        self.replica.write(field, at, text)
        self.flush()

    # Waiting

    def step(self, deadline: float | None = None) -> Got | None:
        """Takes one message; None once the connection is closed."""
        patience = PATIENCE_SECONDS if deadline is None else deadline - time.monotonic()
        try:
            received = self.connection.recv(timeout=max(0.001, patience))
        except ConnectionClosed as end:
            self.closed = (end.rcvd.code, end.rcvd.reason) if end.rcvd else (1006, "")
            return None
        assert isinstance(received, bytes)
        got = read_message(received)
        self.seen.append(got)
        self._take(got)
        return got

    def _take(self, got: Got) -> None:
        if got.type == AWARENESS:
            self.people |= states(got.content)
        elif got.step == STEP_1:
            self.asked += 1
            self.send(SYNC, STEP_2, self.replica.since(got.content))
        elif got.step is not None:
            self.replica.take(got.content)

    def until(self, reached: Callable[[], bool], patience: float = PATIENCE_SECONDS) -> None:
        """Takes messages until that is so. Raises TimeoutError when it takes too long."""
        deadline = time.monotonic() + patience
        while not reached():
            assert self.closed is None, self.closed
            self.step(deadline)

    def join(self) -> Self:
        """Has everything that is there."""
        self.greet()
        self.until(lambda: any(got.step == STEP_2 for got in self.seen))
        return self

    def settle(self, number: int = 1) -> None:
        """Returns when all that was sent is stored."""
        answer = Got(SAVED, None, varint(number))
        before = self.seen.count(answer)
        self.send(SAVED, number)
        self.until(lambda: self.seen.count(answer) > before)

    def ended(self) -> int:
        """The code with which the server closes."""
        while self.closed is None:
            self.step()
        return self.closed[0]

    def text(self, field: str = "problem") -> str:
        """What a field says here."""
        return self.replica.texts[field]

    def state_of(self, other: "Writer") -> Any:
        """What is known here of another one."""
        return self.people.get(other.replica.doc.client_id, (0, None))[1]


def columns(thread: "Thread") -> dict[str, str]:
    """What the record says in the database."""
    from threads.models import WorkingRecord

    return WorkingRecord.objects.get(pk=thread.pk).fields


def varint(value: int) -> bytes:
    """A whole number as it is written."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes((value,))


def message(type_: int, *parts: int | bytes) -> bytes:
    """A message: numbers as they are, bytes with their length before them."""
    written = (varint(part) if isinstance(part, int) else varint(len(part)) + part for part in parts)
    return varint(type_) + b"".join(written)


def number_at(data: bytes, at: int) -> tuple[int, int]:
    """A whole number, and where the next thing begins."""
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            return value, at


def read_message(data: bytes) -> Got:
    """A message of the server."""
    kind, at = number_at(data, 0)
    if kind == SYNC:
        step, at = number_at(data, at)
        length, at = number_at(data, at)
        assert at + length == len(data)
        return Got(kind, step, data[at:])
    if kind == AWARENESS:
        length, at = number_at(data, at)
        assert at + length == len(data)
    return Got(kind, None, data[at:])


def states(content: bytes) -> dict[int, tuple[int, Any]]:
    """Clocks and states by client."""
    count, at = number_at(content, 0)
    found = {}
    for _each in range(count):
        client, at = number_at(content, at)
        clock, at = number_at(content, at)
        length, at = number_at(content, at)
        found[client] = clock, json.loads(content[at : at + length])
        at += length
    return found
