"""Thanks in words over the API."""

from typing import Any

import pytest

from tests.api.asking import Api

pytestmark = pytest.mark.both_databases

WHY = "For staying with it until the queue was empty."


def test_thanks_are_said_read_and_taken_back(api: Api, thread: dict[str, Any], reply: dict[str, Any]) -> None:
    said = api.ada("POST", "members/ben/thanks", {"reason": WHY, "post": reply["id"], "client_id": "a"})
    assert said.status == 201
    assert said.body["about"]["title"] == thread["title"]
    assert said.body["can"] == ["take_back"]
    again = api.ada("POST", "members/ben/thanks", {"reason": WHY, "post": reply["id"], "client_id": "a"})
    assert again.body["id"] == said.body["id"]
    left = api.ada("GET", "me/thanks").body
    assert (left["left"], left["a_month"], left["to_one"]) == (4, 5, 2)
    (seen,) = api.zoe("GET", "members/ben/thanks").body["items"]
    assert (seen["reason"], seen["giver"]["handle"], seen["can"]) == (WHY, "ada", [])
    assert api.zoe("DELETE", f"thanks/{seen['id']}").status == 403
    assert api.ada("DELETE", f"thanks/{seen['id']}").status == 204
    assert api.ada("DELETE", f"thanks/{seen['id']}").status == 404
    assert api.zoe("GET", "members/ben/thanks").body["items"] == []
    assert api.ada("GET", "me/thanks").body["left"] == 5


def test_what_cannot_be_said(api: Api, thread: dict[str, Any], reply: dict[str, Any], hidden: dict[str, Any]) -> None:
    assert api.ada("POST", "members/ada/thanks", {"reason": WHY}).body["code"] == "no_thanks_to_oneself"
    assert api.ada("POST", "members/sam/thanks", {"reason": WHY}).body["code"] == "cannot_be_thanked"
    assert api.ada("POST", "members/nobody/thanks", {"reason": WHY}).status == 404
    assert api.ada("POST", "members/ben/thanks", {"reason": "Thanks"}).status == 422
    both = {"reason": WHY, "thread": thread["id"], "post": reply["id"]}
    assert "post" in api.ada("POST", "members/ben/thanks", both).body["errors"]
    unseen = api.ben("POST", "members/ada/thanks", {"reason": WHY, "thread": hidden["id"]})
    missing = api.ben("POST", "members/ada/thanks", {"reason": WHY, "thread": 10**9})
    assert (unseen.status, unseen.body) == (422, missing.body)
    assert "thread" in api.ada("POST", "members/ben/thanks", {"reason": WHY, "thread": hidden["id"]}).body["errors"]


def test_the_budget_ends_with_a_word_when_there_is_more(api: Api) -> None:
    for _twice in range(2):
        assert api.ada("POST", "members/ben/thanks", {"reason": WHY}).status == 201
    refused = api.ada("POST", "members/ben/thanks", {"reason": WHY})
    assert (refused.status, refused.body["code"]) == (429, "no_thanks_left_for_them")


def test_a_thread_is_named_only_to_who_sees_it(api: Api, hidden: dict[str, Any]) -> None:
    assert api.ada("POST", "members/mo/thanks", {"reason": WHY, "thread": hidden["id"]}).status == 201
    assert api.mo("GET", "members/mo/thanks").body["items"][0]["about"]["id"] == hidden["id"]
    assert api.zoe("GET", "members/mo/thanks").body["items"][0]["about"] is None


def test_moderators_remove_with_a_reason(api: Api) -> None:
    said = api.zoe("POST", "members/ben/thanks", {"reason": WHY}).body
    assert api.mo("GET", "members/ben/thanks").body["items"][0]["can"] == ["remove"]
    assert api.mo("DELETE", f"thanks/{said['id']}").status == 422
    assert api.mo("DELETE", f"thanks/{said['id']}?reason=It+names+a+customer.").status == 204
    assert api.ben("GET", "members/ben/thanks").body["items"] == []


def test_pages_follow_each_other(api: Api) -> None:
    for name in ("ada", "zoe", "finn"):
        api.ask(name, "POST", "members/ben/thanks", {"reason": WHY})
    first = api.ada("GET", "members/ben/thanks?limit=2").body
    second = api.ada("GET", f"members/ben/thanks?limit=2&after={first['next']}").body
    assert [row["giver"]["handle"] for row in first["items"] + second["items"]] == ["finn", "zoe", "ada"]
    assert second["next"] is None
