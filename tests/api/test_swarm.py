"""The swarm through the API: joining, handing over, asking, answering, letting in."""

from datetime import timedelta

import pytest

from community.rules import clock
from tests.api.asking import Api
from tests.cast import Cast
from tests.threads.asking import everybody_works, problem

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def in_hours(hours: int) -> str:
    return (clock.now() + timedelta(hours=hours)).isoformat()


def test_joining_and_removing(api: Api, cast: Cast) -> None:
    at = f"threads/{problem(cast).pk}"
    assert api.olga("PATCH", at, {"owner": "olga"}).status == 200
    joined = api.ben("PUT", f"{at}/helpers/ben")
    assert [row["member"]["handle"] for row in joined.body["helpers"]] == ["ben"]
    assert api.ben("PUT", f"{at}/helpers/zoe").status == 403
    assert api.zoe("DELETE", f"{at}/helpers/ben").status == 403
    assert [row["handle"] for row in api.ada("GET", at).body["swarm"]["helpers"]] == ["ben"]
    assert api.olga("DELETE", f"{at}/helpers/ben").status == 204
    refused = api.ben("PUT", f"{at}/helpers/ben")
    assert (refused.status, refused.body["code"]) == (403, "removed_from_swarm")
    assert "edit_record" not in api.ben("GET", at).body["can"]


def test_handing_over(api: Api, cast: Cast) -> None:
    at = f"threads/{problem(cast).pk}"
    api.ben("PATCH", at, {"owner": "ben"})
    summary = "The resolver's log is in the first reply."
    assert api.ben("POST", f"{at}/hand-over", {"summary": summary, "to": "nobody"}).status == 422
    assert api.zoe("POST", f"{at}/hand-over", {"summary": summary}).status == 403
    offered = api.ben("POST", f"{at}/hand-over", {"summary": summary, "to": "zoe"})
    assert (offered.status, offered.body["to"]["handle"]) == (201, "zoe")
    answer = f"hand-overs/{offered.body['id']}/answer"
    assert api.finn("POST", answer, {"accept": True}).status == 403
    assert api.zoe("POST", answer, {"accept": True}).body["state"] == "accepted"
    assert api.ada("GET", f"{at}/swarm").body["owner"]["handle"] == "zoe"
    assert api.zoe("POST", answer, {"accept": True}).status == 409


def test_asking_and_answering(api: Api, cast: Cast) -> None:
    everybody_works(cast)
    at = f"threads/{problem(cast).pk}"
    given = {"what": "Read the zone.", "due_at": in_hours(4), "target": "members", "members": ["ben", "zoe"]}
    made = api.ada("POST", f"{at}/requests", given)
    assert made.status == 201
    assert [row["member"]["handle"] for row in made.body["asked"]] == ["ben"]
    mine = f"requests/{made.body['id']}"
    assert [row["id"] for row in api.ben("GET", "me/requests").body["items"]] == [made.body["id"]]
    assert api.zoe("POST", f"{mine}/answer", {"answer": "accepted"}).status == 403
    assert api.ben("POST", f"{mine}/answer", {"answer": "declined"}).status == 422
    asked_back = api.ben("POST", f"{mine}/answer", {"answer": "more_information", "note": "Which zone?"})
    assert asked_back.body["asked"][0]["note"] == "Which zone?"
    assert api.finn("GET", mine).body["asked"][0]["note"] is None
    told = api.ada("POST", f"{mine}/information", {"member": "ben", "text": "example.org"})
    assert told.body["asked"][0]["information"] == "example.org"
    assert api.ben("POST", f"{mine}/answer", {"answer": "accepted"}).body["state"] == "answered"
    assert api.ben("GET", "me/requests").body["items"] == []
    assert api.ada("DELETE", mine).status == 409
    assert len(api.ada("GET", f"{at}/requests").body["items"]) == 1


def test_letting_in(api: Api, cast: Cast) -> None:
    at = f"threads/{problem(cast, audience='organization').pk}"
    assert api.zoe("GET", at).status == 404
    seeing = api.ada("GET", f"{at}/audience/preview?member=zoe")
    assert (seeing.status, seeing.body["posts"]) == (200, 1)
    assert api.ben("GET", f"{at}/audience/preview?member=zoe").status == 404
    assert api.ben("PUT", f"{at}/guests/zoe", {"preview": seeing.body["preview"]}).status == 403
    assert api.ada("PUT", f"{at}/guests/zoe", {"preview": "old"}).status == 409
    swarm = api.ada("PUT", f"{at}/guests/zoe", {"preview": seeing.body["preview"]})
    assert [row["member"]["handle"] for row in swarm.body["guests"]] == ["zoe"]
    assert api.zoe("GET", f"{at}/swarm").body["guests"] == []
    assert api.ada("DELETE", f"{at}/guests/zoe").status == 204
    assert api.zoe("GET", at).status == 404
    seeing = api.ada("GET", f"{at}/audience/preview?audience=organizations&organization=brightline")
    assert seeing.body["people"] == 2
    given = {"audience": "organizations", "organizations": ["brightline"], "preview": seeing.body["preview"]}
    assert api.ada("POST", f"{at}/audience", given).body["rung"] == "organizations"
    assert api.zoe("GET", at).status == 200


def test_what_is_not_there(api: Api, cast: Cast) -> None:
    everybody_works(cast)
    at = f"threads/{problem(cast, audience='organization').pk}"
    made = api.ada(
        "POST", f"{at}/requests", {"what": "x", "due_at": in_hours(4), "target": "members", "members": ["ben"]}
    )
    for method, address, given in (
        ("GET", f"{at}/swarm", None), ("PUT", f"{at}/helpers/zoe", None), ("GET", f"{at}/requests", None),
        ("GET", f"requests/{made.body['id']}", None), ("DELETE", f"requests/{made.body['id']}", None),
        ("POST", f"requests/{made.body['id']}/answer", {"answer": "accepted"}),
        ("POST", f"{at}/requests", {"what": "x", "due_at": in_hours(4)}),
    ):  # fmt: skip
        assert api.zoe(method, address, given).status == 404, address
    named = {"what": "x", "due_at": in_hours(4), "target": "members"}
    unknown = api.ada("POST", f"{at}/requests", {**named, "members": ["nobody"]})
    hidden = api.ada("POST", f"{at}/requests", {**named, "members": ["zoe"]})
    assert (unknown.status, unknown.body) == (422, hidden.body)
