"""Django under ASGI with one hop a request: the whole synchronous stack runs in a long-lived thread.

Django's own handler makes a thread for every request, and with it a connection to the database.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from threading import local
from typing import IO, Any, cast

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted, RequestDataTooBig
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.db import close_old_connections
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from community.http import traffic
from community.http.callers import Caller, Receive
from community.http.connections import drop_the_dead
from community.http.refusals import too_busy, too_large
from community.http.streaming import keep_reading, read_ahead
from community.http.workers import Busy, Worker, Workers
from community.rules.readers import giving_way

Scope = dict[str, Any]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

READS = frozenset({"GET", "HEAD", "OPTIONS"})
WRITES_WAIT_SECONDS = 0.01  # for pages, in all: as long as a write takes beside others


def rooted(scope: Scope) -> Scope:
    """The request as of a site at the root of its host, or at FORCE_SCRIPT_NAME.

    Servers take `root_path` from the request itself (Daphne from a header that anybody can send), and every address on
    a page and in a mail begins with it.
    """
    return {**scope, "root_path": ""}


class PageHandler(ASGIHandler):
    """The ASGI application for pages and API. `settings.PAGES` says how many threads there are and who may wait."""

    def __init__(self) -> None:
        self.load_middleware(is_async=False)
        # What it does before and after each request is done by `drop_the_dead`.
        signals.request_started.disconnect(close_old_connections)
        signals.request_finished.disconnect(close_old_connections)
        self.workers = Workers(**settings.PAGES)
        # All requests of a thread are at the root of the same site (see `rooted`).
        self._prefixed = local()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; 413 when its body is too large, 503 when too many wait already."""
        if scope["type"] != "http":
            raise ValueError(f"Django answers HTTP only, not {scope['type']}.")
        scope = rooted(scope)
        caller = Caller(receive, settings.BODY_LIMIT)
        reads = scope["method"] in READS
        try:
            body = await self.read_body(caller.receive)
            with traffic.served():
                with traffic.under_way(reads=reads):
                    worker = self.workers.take(reads=reads) or await self._waited_for(caller, reads=reads)
                    response = await self._answer(scope, body, worker)
                    if response.closed:
                        await self.send_response(response, send)
                if not response.closed:
                    await self._stream(response, worker, caller, send)
        except RequestAborted:
            return
        except RequestDataTooBig:
            await self.send_response(too_large(scope["path"]), send)
        except Busy:
            await self.send_response(too_busy(scope["path"]), send)
        finally:
            caller.forget()

    async def _waited_for(self, caller: Caller, *, reads: bool) -> Worker:
        """A thread, after some time. RequestAborted when the caller did not wait for it."""
        caller.listen()
        worker = await self.workers.wait(reads=reads)
        if caller.gone:
            self.workers.give_back(worker)
            raise RequestAborted
        return worker

    async def _answer(self, scope: Scope, body: IO[bytes], worker: Worker) -> HttpResponseBase:
        """The response, made in the thread, which is free for others from then on."""
        free = partial(self.workers.give_back, worker)
        return await worker.run(partial(self._respond, scope, body), afterwards=free)

    def _respond(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """The response; what is written for it lets readers go first."""
        with giving_way(0.0 if scope["method"] in READS else WRITES_WAIT_SECONDS):
            return self._complete(scope, body)

    def _complete(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """The response; one that is complete is closed, which for Django ends the request."""
        if not hasattr(self._prefixed, "once"):
            set_script_prefix(get_script_prefix(scope))
            self._prefixed.once = True
        signals.request_started.send(sender=self.__class__, scope=scope)
        drop_the_dead()
        request, refusal = self.create_request(scope, body)
        if request is None:
            body.close()
            response = cast("HttpResponseBase", refusal)
        else:
            response = self.get_response(request)
        response._handler_class = self.__class__  # type: ignore[attr-defined]  # whom its closing speaks for
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
            complete = read_ahead(response)
        else:
            complete = not response.streaming
        if complete:
            response.close()
        return response

    async def send_response(self, response: HttpResponseBase, send: Send) -> None:
        """Django's; a page that is there as a whole goes out in one piece."""
        if response.streaming or response.cookies:
            await super().send_response(response, send)
            return
        headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in response.headers.items()]
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": cast("HttpResponse", response).content})

    async def _stream(self, response: HttpResponseBase, worker: Worker, caller: Caller, send: Send) -> None:
        """What is not complete is read piece by piece, in the thread."""
        caller.listen()
        keep_reading(cast("StreamingHttpResponse", response), worker, caller)
        try:
            await self.send_response(response, send)
        finally:
            await worker.run(response.close)
