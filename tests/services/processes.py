"""Servers as child processes that do not outlive the test run."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 120.0  # for machines that are busy with other tests
TETHER = Path(__file__).parents[2] / "realtime" / "management" / "tether.py"


def tethered(command: Sequence[str]) -> list[str]:
    """The command such that the kernel ends it with this process."""
    return [sys.executable, "-S", "-E", str(TETHER), str(os.getpid()), *command]


@contextmanager
def server(command: Sequence[str], *, port: int, log: Path, ending: signal.Signals, cwd: str) -> Iterator[None]:
    """Runs a server while the block runs; it accepts connections on `port` when the block begins."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
            cwd=cwd,
        )
    try:
        wait_for(process, port, log)
        yield
    finally:
        process.send_signal(ending)
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Returns when somebody listens on `port`; RuntimeError, with the log, when the process ended or is too slow."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"{process.args!r} did not start:\n{log.read_text(errors='replace')}")
