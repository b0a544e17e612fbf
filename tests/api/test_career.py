"""Records of contributions at the API: looked at, taken, listed, withdrawn and checked."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.api.asking import Api
from tests.api.conftest import made
from threads.rules.strangers import MOST_CHECKS_AN_HOUR

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.SIGNING_KEY = tmp_path, ""


def taken(api: Api, who: str = "ben", **chosen: Any) -> dict[str, Any]:
    asked = "&".join(f"{name}={value}" for name, value in chosen.items() if name != "subjects")
    asked += "".join(f"&subjects={each}" for each in chosen.get("subjects", ()))
    seen = api.ask(who, "GET", f"me/record?{asked}")
    assert seen.status == 200, seen.body
    return made(api.ask(who, "POST", "me/records", {**chosen, "id": str(uuid4()), "digest": seen.body["digest"]}))


def test_a_record_is_taken_checked_and_withdrawn(api: Api, reply: dict[str, Any]) -> None:
    api.ada("PUT", f"posts/{reply['id']}/vote", {"value": 1})
    document = taken(api, first="2024-01-01", subjects=["tag:smtp"], certificates=False)
    assert document["record"]["contributions"] == [{"kind": "helped", "count": 1, "points": 10}]
    number = document["record"]["id"]
    found = api.ask("", "POST", "verify", document)
    assert (found.body["verdict"], found.body["record"]) == ("genuine", document["record"])
    (row,) = api.ben("GET", "me/records").body["items"]
    assert (row["id"], row["subjects"], row["withdrawn_at"]) == (number, ["tag:smtp"], None)
    assert api.ada("GET", "me/records").body["items"] == []
    assert api.ada("DELETE", f"me/records/{number}").status == 404
    assert api.ben("DELETE", f"me/records/{number}").status == 204
    gone = api.ask("", "POST", "verify", document).body
    assert (gone["verdict"], gone["record"]) == ("withdrawn", None)
    assert gone["withdrawn_at"] is not None


def test_what_is_sent_twice_is_one_and_the_same(api: Api) -> None:
    asked = {"id": str(uuid4()), "digest": api.ben("GET", "me/record").body["digest"]}
    assert made(api.ben("POST", "me/records", asked)) == made(api.ben("POST", "me/records", asked))
    assert len(api.ben("GET", "me/records").body["items"]) == 1
    assert api.ada("POST", "me/records", asked).status == 409


def test_what_cannot_be_asked_for(api: Api) -> None:
    for asked, field in (("last=2999-01-01", "last"), ("first=x", "first"), ("subjects=tag:none", "subjects")):
        refused = api.ben("GET", f"me/record?{asked}")
        assert (refused.status, refused.body["errors"].keys()) == (422, {field})
    refused = api.ben("POST", "me/records", {"id": str(uuid4()), "digest": "x"})
    assert (refused.status, refused.body["code"]) == (409, "record_changed")
    assert api.ben("POST", "me/records", {"id": "x", "digest": "x"}).status == 422
    assert api.ben("DELETE", "me/records/x").status == 404
    assert api.ben("GET", "me/records?after=x").status == 422
    for method, path in (("GET", "me/record"), ("POST", "me/records"), ("GET", "me/records")):
        assert api.ask("", method, path).status == 401


def test_a_list_goes_on_in_pages(api: Api) -> None:
    numbers = [taken(api)["record"]["id"] for _each in range(3)]
    first = api.ben("GET", "me/records?limit=2").body
    second = api.ben("GET", f"me/records?limit=2&after={first['next']}").body
    assert [row["id"] for row in first["items"] + second["items"]] == numbers[::-1]
    assert second["next"] is None


def test_the_file_itself_is_checked_and_not_what_a_parser_makes_of_it(api: Api) -> None:
    document = json.dumps(taken(api))
    assert api.ask("", "POST", "verify", document.encode()).body["verdict"] == "genuine"
    twice = document.replace('"handle": "ben"', '"handle": "ada", "handle": "ben"')
    for data, reason in ((twice, "named_twice"), ("", "not_json"), ("[]", "other_shape"), ("[" * 99_999, "too_deep")):
        found = api.ask("", "POST", "verify", data.encode())
        assert (found.status, found.body["verdict"], found.body["reason"]) == (200, "not_a_record", reason)
    assert api.ask("", "POST", "verify", b" " * 6_000_000).status == 413


def test_so_many_are_checked_an_hour(api: Api) -> None:
    for _each in range(MOST_CHECKS_AN_HOUR):
        api.ask("", "POST", "verify", {})
    assert api.ask("", "POST", "verify", {}).status == 429


def test_the_keys_need_no_token(api: Api) -> None:
    key = taken(api)["signature"]["key"]
    assert [row["id"] for row in api.ask("", "GET", "keys").body["keys"]] == [key]
