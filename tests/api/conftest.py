"""Fixtures of the API's tests: the cast at the API, and things they posted."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.api.asking import Answer, Api

if TYPE_CHECKING:
    from tests.cast import Cast


def made(answer: Answer) -> dict[str, Any]:
    """What a call has made."""
    assert answer.status == 201, answer.body
    body: dict[str, Any] = answer.body
    return body


@pytest.fixture
def api(cast: "Cast") -> Api:
    """The cast at the API."""
    return Api(cast)


@pytest.fixture
def thread(api: Api) -> dict[str, Any]:
    """A problem of Ada's in the lobby."""
    data = {
        "space": "lobby",
        "title": "Mail stays in the queue",
        "body": "Since the update, *nothing* leaves.",
        "product": "mail-gateway",
        "tags": ["smtp", "queue"],
        "severity": 2,
    }
    answer = api.ada("POST", "threads", data)
    return made(answer)


@pytest.fixture
def reply(api: Api, thread: dict[str, Any]) -> dict[str, Any]:
    """Ben's reply to it."""
    answer = api.ben("POST", f"threads/{thread['id']}/posts", {"body": "Empty the cache and restart."})
    return made(answer)


@pytest.fixture
def hidden(api: Api) -> dict[str, Any]:
    """Ada's problem in the back room, where only she and Mo are invited."""
    answer = api.ada("POST", "threads", {"space": "backroom", "title": "Secret matter", "body": "Between us."})
    return made(answer)
