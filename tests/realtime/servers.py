"""Daphne processes on the tests' own database, and the API as the cast calls it."""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.live import ROOT
from tests.services import free_port
from tests.services.processes import PATIENCE_SECONDS, tethered, wait_for


@dataclass
class Server:
    """One web process."""

    port: int
    log: Path
    process: "subprocess.Popen[bytes]"

    @property
    def host(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"

    def call(self, token: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """What the API answers; the test fails when it is not a success."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            connection.request(method, f"/api/v1/{path}", json.dumps(body or {}), headers)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status < http.client.BAD_REQUEST, (path, answer.status, text[:500])
            return json.loads(text) if text else None
        finally:
            connection.close()


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[Server]:
    """A server while the block runs; it answers when the block begins."""
    from django.db import connection

    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    settings = {
        "DJANGO_SETTINGS_MODULE": "tests.realtime.settings",
        "GUILDHALL_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "SITE_URL": f"http://127.0.0.1:{port}",
    }
    log = folder / f"server-{port}.log"
    command = [sys.executable, "-m", "daphne", "-p", str(port), "--verbosity", "0", "community.asgi:application"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            tethered(command),
            cwd=ROOT,
            env=inherited | settings | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    try:
        wait_for(process, port, log)
        yield Server(port, log, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
