"""Addresses and bodies that nobody types: each is answered, none breaks a page."""

import json
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django.fixtures import Settings

from community.rules.cursors import encode
from tests.cast import Cast
from tests.pages.stories import SignIn, Story

pytestmark = pytest.mark.both_databases

NUL, SQUARED = "%00", "%C2%B2"
TOO_EARLY, TOO_LATE = encode("0001-01-01T00:00:00+23:59", 1), encode("9999-12-31T23:59:59-23:59", 1)


@pytest.mark.parametrize(
    "address",
    [
        f"/people/{NUL}/",
        f"/invitations/{NUL}/",
        f"/inbox/?before={SQUARED}",
        f"/inbox/?before={'9' * 40}",
        *(f"/{place}?after={cursor}" for place in ("spaces/lobby/", "archive/") for cursor in (TOO_EARLY, TOO_LATE)),
        f"/api/v1/threads?after={TOO_EARLY}",
        f"/api/v1/practices?after={TOO_LATE}",
        f"/api/v1/spaces?after={NUL}",
    ],
)
def test_a_broken_address(cast: Cast, sign_in: SignIn, address: str) -> None:
    assert sign_in(cast.ada).get(address).status_code in {200, 400, 404, 422}


@pytest.mark.parametrize("chosen", ["thread:²", "thread:" + "0" * 17 + "1" + "0" * 60, "thread:" + "9" * 40, ":", "x"])
def test_a_deflection_to_nothing(story: Story, cast: Cast, sign_in: SignIn, chosen: str) -> None:
    assert sign_in(cast.ada).post("/deflections/", {"chosen": chosen, "text": "x"}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        rb'{"place": "a", "content": {"x": "\u0000"}}',
        rb'{"place": "a", "content": {"\u0000": ["x"]}}',
        rb'{"place": "a", "content": {"x": ["\ud800"]}}',
        rb'{"place": "\u0000", "content": {}}',
        b'{"place": "a", "content": {"x": NaN}}',
        b'{"place": "a", "content": {"x": 1e999}}',
        b'{"place": "a", "content": ' + b'{"a":' * 100_000,
        b"[" * 100_000,
        b"\xff",
        b"[]",
    ],
)
def test_a_draft_that_cannot_be_kept(cast: Cast, sign_in: SignIn, body: bytes) -> None:
    assert sign_in(cast.ada).put("/drafts/", body, content_type="application/json").status_code == 400


def test_a_draft_keeps_what_only_looks_hostile(cast: Cast, sign_in: SignIn) -> None:
    client, content = sign_in(cast.ada), {"body": "\\u0000 \\ud800 😀 NaN"}
    client.put("/drafts/", json.dumps({"place": "a", "content": content}), content_type="application/json")
    assert client.get("/drafts/?place=a").json()["content"] == content


def test_marking_odd_subjects_read(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.ada).post("/inbox/read/", {"subject": ["\0", "thread:1", "x" * 10_000]}).status_code == 302


@pytest.mark.parametrize("posts", ["²", "9" * 40, "-1", "x"])
def test_a_solution_that_is_no_post(cast: Cast, sign_in: SignIn, posts: str) -> None:
    from threads.actions.threads import open_thread

    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="T", body="B")
    answer = sign_in(cast.ada).post(f"/threads/{thread.pk}/resolution/", {"posts": [posts], "summary": "So."})
    assert answer.status_code in {200, 400}
    thread.refresh_from_db()
    assert thread.is_unresolved


@pytest.mark.parametrize(("address", "media"), [("/", "text/html"), ("/api/v1/me", "application/problem+json")])
def test_a_database_that_is_away_before_the_page_is_reached(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, settings: Settings, address: str, media: str
) -> None:
    client: Client = sign_in(cast.ada)
    client.raise_request_exception = False

    def gone(*_args: Any, **_facts: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", gone)
    answer = client.get(address)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"].startswith(media)
