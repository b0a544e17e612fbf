"""What those who run the site ask it: `/healthz`, `/readyz` and `/metrics`.

Answered before Django and outside the threads of the pages, so that neither a host name that is not the site's, a
redirect to https, nor a jam of requests keeps the answer back.
"""

import asyncio
import contextlib
import hmac
import ipaddress
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from community.metrics.exposition import CONTENT_TYPE, exposition
from community.metrics.instruments import REQUESTS
from community.queries.outbox import Waiting, waiting
from realtime import hub as hubs
from realtime.database import DatabaseThread

T = TypeVar("T")
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Answer = tuple[int, str, bytes]

PATIENCE_SECONDS = 2.0  # for the database
PLAIN = "text/plain; charset=utf-8"
TOLD_BY_PROXIES = {b"x-forwarded-for", b"x-real-ip", b"forwarded"}
BY_STATUS = {hundreds: REQUESTS.labels(status=f"{hundreds}xx") for hundreds in range(2, 6)}


class Operations:
    """The HTTP application, and these three addresses. All other requests pass through, and are measured."""

    def __init__(self, application: Application) -> None:
        self._application = application
        thread = DatabaseThread("operations")
        self._migrated = Shared(thread, is_migrated)
        self._queue = Shared(thread, waiting)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        answer = self._answer_to(scope)
        if answer is None:
            await self._measured(scope, receive, send)
            return
        status, content_type, body = await answer()
        headers = [
            (b"content-type", content_type.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _answer_to(self, scope: Scope) -> Callable[[], Awaitable[Answer]] | None:
        if scope["method"] not in {"GET", "HEAD"}:
            return None
        if scope["path"] == "/healthz":
            return self.health
        if scope["path"] == "/readyz":
            return self.readiness
        return self.metrics if scope["path"] == "/metrics" and may_read_metrics(scope) else None

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, status = time.perf_counter(), 500

        async def noting(message: Mapping[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._application(scope, receive, noting)
        finally:
            BY_STATUS[status // 100].observe(time.perf_counter() - begun)

    async def health(self) -> Answer:
        """This process answers."""
        return 200, PLAIN, b"ok\n"

    async def readiness(self) -> Answer:
        """Whether requests should be sent here, and if not, what is missing. Without Redis it is ready."""
        hub = hubs.running()
        missing = [lack async for lack in self._lacks(hub)]
        said = missing or ["ready"]
        if hub is not None and not hub.bridge.up:
            said.append("redis: away; live by the sweep")
        return 503 if missing else 200, PLAIN, "".join(f"{line}\n" for line in said).encode()

    async def _lacks(self, hub: "hubs.Hub | None") -> AsyncIterator[str]:
        if hub is not None and hub.draining:
            yield "draining: this process is about to end"
        if hub is not None and not hub.ready:
            yield "live room: waits for the database"
        try:
            if not await self._migrated.result():
                yield "database: migrations are to be applied (manage.py migrate)"
        except TimeoutError:
            yield f"database: no answer within {PATIENCE_SECONDS:g} s"
        except Error as error:
            yield f"database: {' '.join(str(error).split()) or type(error).__name__}"

    async def metrics(self) -> Answer:
        """Everything counted; what is in the database's queue only if it answers."""
        queue: Waiting | None = None
        with contextlib.suppress(TimeoutError, Error):
            queue = await self._queue.result()
        return 200, CONTENT_TYPE, await asyncio.to_thread(exposition, queue)


def may_read_metrics(scope: Scope) -> bool:
    """Who brings the token, or asks from this machine and not through a proxy."""
    headers = dict(scope["headers"])
    if settings.METRICS_TOKEN:
        given = headers.get(b"authorization", b"")
        if hmac.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode()):
            return True
    host, _port = scope.get("client") or ("", 0)
    return not headers.keys() & TOLD_BY_PROXIES and _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_applied = False


def is_migrated() -> bool:
    """Whether the database answers and has all migrations of this code, which once true remains true."""
    global _applied  # noqa: PLW0603  (the process's code does not change)
    if _applied:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    else:
        executor = MigrationExecutor(connection)
        _applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _applied


class Shared(Generic[T]):
    """One reading of the database at a time: who asks meanwhile waits for the same result, and nobody waits long."""

    def __init__(self, thread: DatabaseThread, function: Callable[[], T]) -> None:
        self._thread = thread
        self._function = function
        self._reading: asyncio.Task[T] | None = None

    async def result(self) -> T:
        """What the function gives. Raises TimeoutError when that takes too long, and what the function raises."""
        loop = asyncio.get_running_loop()
        if self._reading is None or self._reading.done() or self._reading.get_loop() is not loop:
            self._reading = loop.create_task(self._thread.run(self._read))
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await asyncio.shield(self._reading)

    def _read(self) -> T:
        connection.close_if_unusable_or_obsolete()
        return self._function()
