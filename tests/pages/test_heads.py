"""HEAD is answered as GET is, whatever the address."""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.pages.stories import SignIn, Story

NAMES = {"slug": "lobby", "handle": "ben", "token": "nobody", "uuid": "0" * 8 + "-0000-0000-0000-" + "0" * 12}


def addresses(story: Story) -> dict[str, str]:
    """Every page and every call of the API that is read, by name."""
    from community.urls import api, page_urls

    numbers = {"threads": story.thread.pk, "posts": story.reply.pk, "practices": story.practice.pk}

    def filled(path: str, names: Any) -> dict[str, Any]:
        first = path.partition("/")[0]
        other = 1 if "<int:" in path else NAMES["uuid"]
        return {name: NAMES.get(name) or numbers.get(first, other) for name in names}

    pages = {
        str(page.name): reverse(str(page.name), kwargs=filled(str(page.pattern), page.pattern.converters))
        for page in page_urls
    }
    calls = {}
    for path, methods in api.get_openapi_schema()["paths"].items():
        if "get" in methods:
            short = path.removeprefix("/api/v1/")
            names = [part[1:-1] for part in short.split("/") if part.startswith("{")]
            calls[path] = path.format(**filled(short, names)) + ("?q=mail" if short in {"search", "similar"} else "")
    return pages | calls


def told(client: Client, method: str, path: str) -> tuple[int, str | None, str | None]:
    """Status, type and where to go."""
    answer = client.generic(method, path)
    return answer.status_code, answer.get("Content-Type"), answer.get("Location")


def test_head_is_answered_as_get_is(story: Story, cast: Cast, sign_in: SignIn) -> None:
    ada, found = sign_in(cast.ada), addresses(story)
    answers = {name: (told(ada, "GET", path), told(ada, "HEAD", path)) for name, path in found.items()}
    assert {name: both for name, both in answers.items() if both[0] != both[1]} == {}
    statuses = [get[0] for get, _head in answers.values() if get[0] != HTTPStatus.METHOD_NOT_ALLOWED]
    assert statuses.count(HTTPStatus.OK) > len(statuses) / 2, answers


@pytest.mark.django_db
def test_head_asks_strangers_to_sign_in() -> None:
    assert told(Client(), "HEAD", "/threads/1/") == told(Client(), "GET", "/threads/1/")
    assert told(Client(), "HEAD", "/api/v1/me")[0] == HTTPStatus.UNAUTHORIZED
