"""A client of the live protocol for tests: it waits for frames with a deadline, never for time to pass."""

import json
import time
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

PATIENCE_SECONDS = 15.0
Frame = dict[str, Any]


class Client:
    """One socket. Frames that were not asked for are kept in `seen`."""

    def __init__(self, host: str, *, path: str = "/ws/", origin: str | None = None, **headers: str) -> None:
        self.seen: list[Frame] = []
        self._stack = ExitStack()
        self.connection: ClientConnection = self._stack.enter_context(
            connect(
                f"ws://{host}{path}",
                additional_headers={name.title(): value for name, value in headers.items()},
                origin=Origin(origin) if origin else None,
                max_size=None,
                max_queue=None,
                proxy=None,
                open_timeout=PATIENCE_SECONDS,
            )
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def send(self, type_: str, **fields: Any) -> None:
        """Sends a frame."""
        self.connection.send(json.dumps({"type": type_, **fields}))

    def next(self, deadline: float | None = None) -> Frame:
        """The next frame, whatever it is."""
        patience = PATIENCE_SECONDS if deadline is None else deadline - time.monotonic()
        frame: Frame = json.loads(self.connection.recv(timeout=max(0.0, patience)))
        self.seen.append(frame)
        return frame

    def until(self, type_: str, *, patience: float = PATIENCE_SECONDS, **fields: Any) -> Frame:
        """The next frame of that type with these fields. Raises TimeoutError when it does not come in time."""
        deadline = time.monotonic() + patience
        wanted = {"type": type_, **fields}
        while True:
            frame = self.next(deadline)
            if all(frame.get(name) == value for name, value in wanted.items()):
                return frame

    def subscribe(self, stream: str, after: int | None = None) -> Frame:
        """Subscribes and waits for the answer; the events before it are in `seen`."""
        self.send("subscribe", stream=stream, **({} if after is None else {"after": after}))
        return self.until("subscribed", stream=stream)

    def numbers(self, stream: str, upto: int) -> list[int]:
        """The numbers of the events of a stream in the order they came, once number `upto` is among them."""
        while upto not in (numbers := self.events(stream)):
            self.until("event", stream=stream)
        return numbers

    def events(self, stream: str) -> list[int]:
        """The numbers of the events of a stream seen so far."""
        return [frame["seq"] for frame in self.seen if frame["type"] == "event" and frame["stream"] == stream]

    def settle(self) -> None:
        """Returns when the server has answered everything sent before."""
        self.send("ping")
        self.until("pong")

    def _drain(self) -> None:
        while True:
            self.next()

    def close_code(self) -> int:
        """The code the server closes with; what comes before goes to `seen`."""
        with pytest.raises(ConnectionClosed) as closed:
            self._drain()
        assert closed.value.rcvd, closed.value
        return closed.value.rcvd.code
