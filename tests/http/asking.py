"""One request to an ASGI application, message by message."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from asgiref.testing import ApplicationCommunicator

from community.http.handler import PageHandler

PATIENCE = 30.0
Make = Callable[..., PageHandler]


@dataclass
class Answer:
    """A whole response."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name: str) -> str | None:
        return next((value for header, value in self.headers if header.lower() == name.lower()), None)


class Asking:
    """A request that is sent in pieces, and what comes back."""

    def __init__(
        self,
        application: Any,
        target: str,
        *,
        method: str = "GET",
        headers: Iterable[tuple[str, str]] = (),
        **scope: Any,
    ) -> None:
        path, _, query = target.partition("?")
        lines = [(name.lower().encode(), value.encode("latin-1")) for name, value in (("host", "localhost"), *headers)]
        self._asking: Any = ApplicationCommunicator(  # type: ignore[no-untyped-call]
            application,
            {
                "type": "http",
                "http_version": "1.1",
                "method": method,
                "scheme": "http",
                "path": path,
                "query_string": query.encode(),
                "headers": lines,
                "client": ("192.0.2.7", 40000),
                "server": ("127.0.0.1", 8000),
            }
            | scope,
        )

    async def send(self, body: bytes = b"", *, more: bool = False) -> "Asking":
        """The body or a part of it."""
        await self._asking.send_input({"type": "http.request", "body": body, "more_body": more})
        return self

    async def hang_up(self) -> None:
        """Go away."""
        await self._asking.send_input({"type": "http.disconnect"})

    async def message(self) -> dict[str, Any]:
        """The next message of the answer."""
        message: dict[str, Any] = await self._asking.receive_output(PATIENCE)
        return message

    async def answer(self) -> Answer:
        """All of it, when the application has ended too."""
        start, body = await self.message(), b""
        while True:
            part = await self.message()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        await self.ended()
        headers = [(name.decode(), value.decode("latin-1")) for name, value in start["headers"]]
        return Answer(start["status"], headers, body)

    async def ended(self) -> None:
        """Wait until the application has nothing more to do."""
        await self._asking.wait(PATIENCE)

    async def silent(self) -> bool:
        """Whether nothing was answered."""
        return bool(await self._asking.receive_nothing())


async def ask(application: Any, target: str, *, body: bytes = b"", **options: Any) -> Answer:
    """A request with its whole body, and the whole answer."""
    return await (await Asking(application, target, **options).send(body)).answer()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for the condition to hold."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  (what is waited for tells nobody)
            await asyncio.sleep(0.005)
