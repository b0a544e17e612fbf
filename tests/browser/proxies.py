"""A proxy as companies have them: it passes bytes on, and cuts connections on which nothing moves for a while."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

BUFFER = 1 << 16


@dataclass
class IdleProxy:
    """Where it listens, and how often it cut a WebSocket for being idle."""

    target: int
    patience: float
    listener: socket.socket = field(init=False)
    cut: int = 0
    passed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.listener.getsockname()[1])

    def serve(self) -> None:
        """Takes connections until it is closed."""
        with suppress(OSError):
            while True:
                client, _address = self.listener.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self.target))
        is_websocket = False
        with client, server, suppress(OSError):
            while True:
                ready, _writable, _broken = select.select([client, server], [], [], self.patience)
                if not ready:
                    self.cut += is_websocket
                    return
                for one in ready:
                    data = one.recv(BUFFER)
                    if not data:
                        return
                    if is_websocket and one is client:
                        self.passed.release()
                    is_websocket = is_websocket or data.startswith(b"GET /ws/")
                    (server if one is client else client).sendall(data)


@contextmanager
def cutting_idle(target: int, patience: float) -> Iterator[IdleProxy]:
    """A proxy before the server on that port, while the block runs."""
    proxy = IdleProxy(target, patience)
    threading.Thread(target=proxy.serve, daemon=True).start()
    try:
        yield proxy
    finally:
        proxy.listener.close()
