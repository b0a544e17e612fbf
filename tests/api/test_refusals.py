"""Problem details: who is not known, what cannot be read, what is not offered."""

from typing import Any

import pytest
from django.test import Client

from tests.api.asking import ROOT, Answer, Api, read

pytestmark = pytest.mark.both_databases


def check_problem(answer: Answer, status: int, code: str) -> None:
    """The shape of every refusal."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status, answer.body["status"], answer.body["code"]) == (status, status, code), answer.body
    assert answer.body["type"] == "about:blank"
    assert answer.body["title"]
    assert answer.body["detail"].endswith((".", "!"))
    assert set(answer.body) - {"errors"} == {"type", "title", "status", "detail", "code"}
    assert ("errors" in answer.body) == (code == "invalid")


def test_without_a_token(api: Api) -> None:
    for method, path in (("GET", "me"), ("POST", "threads"), ("DELETE", "posts/1"), ("GET", "threads/1")):
        answer = api.ask("", method, path)
        check_problem(answer, 401, "token_missing")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="guildhall"'


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Bearer ", "Basic YWRhOmFkYQ==", "Bearer ÿ"])
def test_an_unknown_token(api: Api, header: str) -> None:
    answer = api.ask("", "GET", "me", Authorization=header)
    check_problem(answer, 401, "token_unknown")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_token_ends_with_the_access_of_its_member(api: Api) -> None:
    from community.actions.members import suspend

    assert api.ben("GET", "me").status == 200
    suspend(by=api.cast.olga, member=api.cast.ben)
    check_problem(api.ben("GET", "me"), 401, "token_unknown")


@pytest.mark.parametrize("body", [b"{", b"\xff", b"{'a': 1}", b"[" * 100_000])
def test_what_is_no_json(api: Api, body: bytes) -> None:
    check_problem(api.ada("POST", "threads", body), 400, "malformed")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"7", b'"text"'])
def test_what_is_no_object(api: Api, body: bytes) -> None:
    for method, path in (("POST", "threads"), ("POST", "similar")):
        check_problem(api.ada(method, path, body), 422, "invalid")


def test_what_is_no_object_changes_nothing(api: Api, thread: dict[str, Any]) -> None:
    for body in (b"[]", b"null", b"7"):
        check_problem(api.ada("PATCH", f"threads/{thread['id']}", body), 422, "invalid")


def test_a_lone_surrogate_is_no_text(api: Api) -> None:
    body = b'{"space": "lobby", "title": "\\ud800", "body": "Text"}'
    answer = api.ada("POST", "threads", body)
    check_problem(answer, 422, "invalid")
    assert list(answer.body["errors"]) == ["title"]


def test_a_body_that_is_too_large(api: Api, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    data = {"space": "lobby", "title": "Long", "body": "x" * 2000}
    check_problem(api.ada("POST", "threads", data), 413, "too_big")


def test_several_fields_at_once(api: Api) -> None:
    answer = api.ada("POST", "threads", {"space": 1, "severity": True})
    check_problem(answer, 422, "invalid")
    assert answer.body["errors"] == {
        "space": "This must be text.",
        "title": "This is needed.",
        "body": "This is needed.",
        "severity": "This must be a whole number.",
    }


def test_an_address_that_names_nothing(api: Api) -> None:
    for handle in ("ada", ""):
        for path in ("nothing", "threads/1/nothing", "threads/", "me/"):
            check_problem(api.ask(handle, "GET", path), 404, "not_there")


def test_a_method_that_is_not_offered(api: Api) -> None:
    answer = api.ada("DELETE", "threads")
    check_problem(answer, 405, "method_unknown")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_the_session_of_a_browser(api: Api, thread: dict[str, Any]) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(api.cast.ada)
    assert browser.get(f"{ROOT}me").json()["handle"] == "ada"
    path = f"{ROOT}threads/{thread['id']}"
    refused = browser.patch(path, b'{"severity": 1}', "application/json")
    check_problem(read(refused), 403, "csrf")
    browser.cookies["csrftoken"] = token = "a" * 32
    headers = {"X-CSRFToken": token}
    assert browser.patch(path, b'{"severity": 1}', "application/json", headers=headers).json()["severity"] == 1


def test_a_wrong_token_is_not_forgiven_for_a_session(api: Api) -> None:
    browser = Client()
    browser.force_login(api.cast.ada)
    check_problem(read(browser.get(f"{ROOT}me", headers={"Authorization": "Bearer wrong"})), 401, "token_unknown")


def test_a_session_ends_with_the_access_of_its_member(api: Api) -> None:
    browser = Client()
    browser.force_login(api.cast.ada)
    api.cast.ada.is_active = False
    api.cast.ada.save()
    check_problem(read(browser.get(f"{ROOT}me")), 401, "token_missing")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [("TooMuch", 429, "slow_down"), ("Conflict", 409, "slow_down"), ("Forbidden", 403, "slow_down")],
)
def test_every_refusal_of_an_action_has_its_status(
    api: Api, monkeypatch: pytest.MonkeyPatch, error: str, status: int, code: str
) -> None:
    from community import errors
    from threads.api import posts

    def refuse(**_facts: Any) -> None:
        raise getattr(errors, error)(code)

    monkeypatch.setattr(posts, "post_reply", refuse)
    thread = api.ada("POST", "threads", {"space": "lobby", "title": "Any", "body": "Text"}).body["id"]
    answer = api.ask("ada", "POST", f"threads/{thread}/posts", {"body": "x"})
    check_problem(answer, status, code)
    assert answer.body["detail"] == "Slow down."


def test_a_database_that_is_away(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from threads.api import members

    def fail(*_facts: Any) -> None:
        raise OperationalError("no route")

    api.token("ada")
    monkeypatch.setattr(members, "member_visible_to", fail)
    answer = api.ada("GET", "members/ben")
    check_problem(answer, 503, "database_away")
    assert answer.headers["Retry-After"] == "5"
