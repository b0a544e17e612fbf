"""What is said of practices over the API."""

from typing import Any

import pytest

from tests.api.asking import Api

pytestmark = pytest.mark.both_databases

Thing = dict[str, Any]
RECORD = {"problem": "Mail stays.", "environment": "2.1", "cause": "A stale cache.", "resolution": "Empty *it*."}


@pytest.fixture
def practice(api: Api, thread: Thing, reply: Thing) -> Thing:
    """Ada's thread, resolved and recorded by her."""
    api.ada("POST", f"threads/{thread['id']}/resolve", {"posts": [reply["id"]], "record": RECORD})
    made: Thing = api.ada("POST", f"threads/{thread['id']}/practice").body
    return made


def test_what_organizations_say_adds_up(api: Api, practice: Thing) -> None:
    path = f"practices/{practice['id']}/verdict"
    assert api.ada("PUT", path, {"kind": "worked"}).status == 200
    answer = api.zoe("PUT", path, {"kind": "changes", "note": "With one node only.", "environment": "2.2"})
    found = answer.body
    assert (found["confidence"], found["basis"], found["score"], found["warned"]) == (
        "validated",
        "computed",
        63,
        False,
    )
    assert found["counted"] == {"worked": 1, "changes": 1, "failed": 0, "outdated": 0, "dangerous": 0}
    assert (found["used"], found["needed"], found["score_needed"]) == (0, 2, 60)
    assert [row["slug"] for row in found["organizations"]] == ["brightline", "acme"]
    assert (found["own"]["member"]["handle"], found["own"]["note"]) == ("zoe", "With one node only.")
    assert api.zoe("GET", f"{path}s").body == found
    assert api.zoe("DELETE", path).body["own"] is None
    assert api.zoe("DELETE", path).status == 200


def test_what_cannot_be_said_is_refused_with_words(api: Api, practice: Thing) -> None:
    path = f"practices/{practice['id']}/verdict"
    assert api.zoe("PUT", path, {"kind": "failed"}).status == 422
    assert api.zoe("PUT", path, {"kind": "lovely"}).status == 422
    assert api.zoe("PUT", path, {"kind": "worked", "version": 7}).status == 422
    for number in range(10):
        assert api.zoe("PUT", path, {"kind": "failed", "note": f"Not at all here: {number}"}).status == 200
    assert api.zoe("PUT", path, {"kind": "dangerous", "note": "Not at all here."}).status == 429


def test_an_audience_is_looked_at_and_taken(api: Api, practice: Thing) -> None:
    path = f"practices/{practice['id']}/audience"
    assert api.zoe("GET", f"{path}?rung=network").status == 404
    assert api.cleo("GET", f"{path}?rung=everybody").status == 422
    assert api.cleo("GET", f"{path}?rung=public").body["fewer"] == 0
    seen = api.cleo("GET", f"{path}?rung=organization").body
    assert (seen["more"], seen["fewer"], seen["files"]) == (0, 4, [])
    taken = {"rung": "organization", "reason": "It is about us.", "preview": "old"}
    assert api.cleo("POST", path, taken).body["code"] == "preview_changed"
    assert api.cleo("POST", path, taken | {"preview": seen["preview"]}).body["rung"] == "organization"
    assert api.cleo("GET", f"practices/{practice['id']}").status == 404
    assert api.ada("GET", f"practices/{practice['id']}").body["audience"]["rung"] == "organization"
