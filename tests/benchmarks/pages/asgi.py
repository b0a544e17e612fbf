"""The site's own application, and beside it one address that Django's own ASGI handler answers."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.core.handlers.asgi import ASGIHandler

from community.asgi import application as ours
from tests.benchmarks.pages.bare import DJANGO_PATH

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

django_itself: Any = ASGIHandler()


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Answer one request, or serve one socket."""
    chosen = django_itself if scope["type"] == "http" and scope["path"] == DJANGO_PATH else ours
    await chosen(scope, receive, send)
