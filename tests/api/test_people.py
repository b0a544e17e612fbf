"""Who the token is, members and spaces over the API."""

from typing import Any

import pytest

from tests.api.asking import Api

pytestmark = pytest.mark.both_databases


def test_me(api: Api) -> None:
    me = api.mo("GET", "me").body
    assert (me["handle"], me["name"], me["email"]) == ("mo", "Mo Haddad", "mo@example.org")
    assert me["organization"] == {"slug": "network", "name": "Network office"}
    assert {(role["role"], role["space"]) for role in me["roles"]} >= {("moderator", "lobby")}
    assert (me["network_admin"], me["unread"]) == (False, 0)
    assert me["stream"] == {"name": "member:me", "seq": 0}
    (role,) = api.olga("GET", "me").body["roles"]
    assert role == {"role": "organization_admin", "space": None, "organization": "acme"}


def test_my_stream_and_unread_grow(api: Api, thread: dict[str, Any], reply: dict[str, Any]) -> None:
    me = api.ada("GET", "me").body
    assert me["unread"] == 1
    assert me["stream"]["seq"] == 1


def test_spaces(api: Api) -> None:
    assert [space["slug"] for space in api.ben("GET", "spaces").body["items"]] == ["alliance", "lobby", "workshop"]
    assert [space["slug"] for space in api.finn("GET", "spaces").body["items"]] == ["lobby"]
    space = api.finn("GET", "spaces/lobby").body
    assert (space["name"], space["audience"], space["url"]) == (
        "Lobby",
        "network",
        "http://127.0.0.1:8000/spaces/lobby/",
    )


def test_a_space_out_of_sight_looks_like_none(api: Api) -> None:
    answers = [api.finn("GET", f"spaces/{slug}") for slug in ("backroom", "nowhere", "%00", "a b")]
    assert {answer.status for answer in answers} == {404}
    assert all(answer.body == answers[0].body for answer in answers)


def test_a_profile_with_standing_and_expertise(api: Api, reply: dict[str, Any]) -> None:
    before = api.zoe("GET", "members/ben").body
    assert (before["standing"], before["made_of"], before["expertise"]) == (0, [], [])
    assert (before["center"], before["active"], before["source"]) == ("acme-lagos", True, None)
    api.ada("PUT", f"posts/{reply['id']}/vote", {"value": 1})
    after = api.zoe("GET", "members/BEN").body
    assert after["standing"] == 10
    assert after["made_of"] == [], "that is his to show"
    own = api.ben("GET", "members/ben").body
    assert own["made_of"] == [{"rule": "A post helped somebody", "points": 10}]
    assert {(each["kind"], each["slug"], each["points"]) for each in after["expertise"]} == {
        ("tag", "queue", 10), ("tag", "smtp", 10), ("product", "mail-gateway", 10),
    }  # fmt: skip
    assert "email" not in after


def test_no_such_member(api: Api) -> None:
    assert api.ada("GET", "members/nobody").status == api.ada("GET", "members/%00").status == 404
    assert api.ada("GET", "members/sam").body["active"] is False
