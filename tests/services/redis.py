"""A Redis server for one test run, in memory only."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
