"""The cast at the API: `api.ada("GET", "threads")` asks with Ada's token."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from django.test import Client

from tests.api.documented import check_documented

if TYPE_CHECKING:
    from tests.cast import Cast

ROOT = "/api/v1/"


@dataclass(frozen=True)
class Answer:
    """A response, read."""

    status: int
    body: Any
    headers: Any


@dataclass
class Api:
    """Asks as any of the cast; each has one token."""

    cast: "Cast"
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, handle: str) -> str:
        """The token of one of the cast."""
        from community.actions.tokens import create_token

        if handle not in self.tokens:
            member = self.cast.people[handle]
            self.tokens[handle] = create_token(by=member, member=member, name="test")
        return self.tokens[handle]

    def ask(self, handle: str, method: str, path: str, data: Any = None, **headers: str) -> Answer:
        """The answer to `handle` asking; "" asks without a token."""
        known = {"Authorization": f"Bearer {self.token(handle)}"} if handle else {}
        body = b"" if data is None else data if isinstance(data, bytes) else json.dumps(data).encode()
        response = Client().generic(method, ROOT + path, body, "application/json", headers=known | headers)
        check_documented(method, ROOT + path.partition("?")[0], response)
        return read(response)

    def __getattr__(self, handle: str) -> Callable[..., Answer]:
        if handle not in self.__dict__["cast"].people:
            raise AttributeError(handle)
        return partial(self.ask, handle)


def read(response: Any) -> Answer:
    """Status, body and headers of a response."""
    return Answer(response.status_code, response.json() if response.content else None, response.headers)
