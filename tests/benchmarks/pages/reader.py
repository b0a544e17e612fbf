"""A cheap reader in a process of its own: jobs as lines of JSON on standard input, results on standard output."""

import asyncio
import json
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import cast

import uvloop


@dataclass(frozen=True)
class Job:
    """What to read: pages in turn on so many kept connections; for some time, or (no seconds) each page once."""

    port: int
    connections: int
    pages: Sequence[tuple[str, str]]  # addresses with cookies
    seconds: float = 0


@dataclass
class Result:
    """How long each request took, in nanoseconds, and how long all of it."""

    took: list[int] = field(default_factory=list)
    seconds: float = 0
    refused: list[str] = field(default_factory=list)


class Connection(asyncio.Protocol):
    """One request after the other, as long as there are any."""

    def __init__(self, requests: Iterator[bytes], result: Result, ended: asyncio.Future[None]) -> None:
        self.requests, self.result, self.ended = requests, result, ended
        self.transport: asyncio.Transport | None = None
        self.answer, self.missing, self.began = b"", 0, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait to be told."""
        self.transport = cast("asyncio.Transport", transport)

    def ask(self) -> None:
        """The next request, or the end."""
        assert self.transport
        request = next(self.requests, None)
        if request is None:
            self.transport.close()
            return
        self.answer, self.missing, self.began = b"", -1, time.perf_counter_ns()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Count down to the end of the answer."""
        if self.missing < 0:
            self.answer += data
            head = self.answer.find(b"\r\n\r\n")
            if head < 0:
                return
            self.missing = _length(self.answer[:head]) - (len(self.answer) - head - 4)
        else:
            self.missing -= len(data)
        if self.missing == 0:
            self.result.took.append(time.perf_counter_ns() - self.began)
            if not self.answer.startswith(b"HTTP/1.1 200"):
                self.result.refused.append(self.answer[:80].decode("latin-1"))
            self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        """The end, wanted or not."""
        if not self.ended.done():
            self.ended.set_result(None)
        if error is not None or self.missing:
            self.result.refused.append(f"connection lost: {error}")


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise ValueError(f"an answer without a length: {head[:200]!r}")


async def done(job: Job) -> Result:
    """Open the connections, then read on all of them at once."""
    loop, result = asyncio.get_running_loop(), Result()
    requests = [
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{job.port}\r\nCookie: {cookie}\r\n\r\n".encode()
        for path, cookie in job.pages
    ]
    waiting = deque(requests)
    over = False

    def following() -> Iterator[bytes]:
        while waiting and not over:
            request = waiting.popleft()
            if job.seconds:
                waiting.append(request)
            yield request

    ends = [loop.create_future() for _ in range(job.connections)]
    made = [
        await loop.create_connection(lambda end=end: Connection(following(), result, end), "127.0.0.1", job.port)  # type: ignore[misc]
        for end in ends
    ]
    began = time.perf_counter()
    for _transport, connection in made:
        connection.ask()
    if job.seconds:
        await asyncio.sleep(job.seconds)
        over = True
    await asyncio.gather(*ends)
    result.seconds = time.perf_counter() - began
    return result


class Reader:
    """The other process, as this one sees it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def read(self, job: Job) -> Result:
        """Do the job. SystemExit when a page was refused."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asdict(job)) + "\n")
        self._process.stdin.flush()
        result = Result(**json.loads(self._process.stdout.readline()))
        if result.refused:
            raise SystemExit(f"{job.pages[0][0]}: {len(result.refused)} refused, as {result.refused[0]!r}")
        return result


@contextmanager
def reading() -> Iterator[Reader]:
    """A reader while the block runs."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Reader(process)
        assert process.stdin
        process.stdin.close()


def main() -> None:
    """Do the jobs as they come."""
    for line in sys.stdin:
        result = uvloop.run(done(Job(**json.loads(line))))
        print(json.dumps(asdict(result)), flush=True)  # noqa: T201  (what this process is for)


if __name__ == "__main__":
    main()
