"""A Redis server for one test run, in memory only."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.services.processes import server, tethered


def find() -> Path | None:
    """The server's binary; `None` when there is none."""
    name = shutil.which("redis-server") or shutil.which("valkey-server")
    return Path(name) if name else None


@contextmanager
def running(port: int) -> Iterator[str]:
    """A server on `port` while the block runs; gives the address for REDIS_URL, without the database's number."""
    binary = find()
    if binary is None:
        raise RuntimeError("Redis is not installed")
    with tempfile.TemporaryDirectory(prefix="guildhall-redis-") as home:
        options = ["--bind", "127.0.0.1", "--port", str(port), "--dir", home, "--save", "", "--appendonly", "no"]
        command = tethered([str(binary), *options])
        with server(command, port=port, log=Path(home) / "log", ending=signal.SIGTERM, cwd=home):
            yield f"redis://127.0.0.1:{port}"


class Stoppable:
    """A server on `port` that can be stopped and started again while the block runs."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._serving = ExitStack()

    @property
    def url(self) -> str:
        """The address for REDIS_URL, whether it runs or not."""
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Returns when it accepts connections."""
        self._serving.enter_context(running(self._port))

    def stop(self) -> None:
        """Returns when it has ended."""
        self._serving.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
