"""The archive over the API."""

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
    answer = api.ada("POST", f"threads/{thread['id']}/practice")
    assert answer.status == 201, answer.body
    found: Thing = api.ada("GET", answer.headers["Location"].removeprefix("/api/v1/")).body
    assert found == answer.body
    return found


def test_a_resolved_thread_is_recorded(api: Api, thread: Thing, practice: Thing) -> None:
    assert {name: practice[name] for name in RECORD} == RECORD
    assert (practice["title"], practice["thread"], practice["version"]) == (thread["title"], thread["id"], 1)
    assert (practice["product"], sorted(practice["tags"])) == (thread["product"], ["queue", "smtp"])
    assert practice["recorded_by"]["handle"] == "ada"
    assert practice["confidence"] == "not_validated"
    assert practice["can"] == ["edit"]
    recorded = api.zoe("GET", f"threads/{thread['id']}").body["practice"]
    assert recorded == {"id": practice["id"], "url": practice["url"]}


def test_an_unwritten_record_is_filled_from_the_thread(api: Api, thread: Thing, reply: Thing) -> None:
    api.ada("POST", f"threads/{thread['id']}/resolve", {"posts": [reply["id"]], "summary": "It was stale."})
    practice = api.ada("POST", f"threads/{thread['id']}/practice", {"cause": "A cache."}).body
    problem = api.ada("GET", f"threads/{thread['id']}/posts").body["items"][0]
    assert practice["problem"] == problem["body"]
    assert practice["cause"] == "A cache."
    assert practice["resolution"] == reply["body"]


def test_without_a_solving_post_the_summary_is_the_resolution(api: Api, thread: Thing) -> None:
    api.ada("POST", f"threads/{thread['id']}/resolve", {"summary": "Emptied the cache."})
    assert api.ada("POST", f"threads/{thread['id']}/practice").body["resolution"] == "Emptied the cache."


def test_recording_needs_a_resolved_thread_with_a_record(api: Api, thread: Thing, reply: Thing) -> None:
    path = f"threads/{thread['id']}/practice"
    assert api.ada("POST", path).body["code"] == "not_resolved"
    api.ada("POST", f"threads/{thread['id']}/resolve", {"posts": [reply["id"]]})
    emptied = api.ada("POST", path, {"problem": "", "resolution": " "})
    assert emptied.body["errors"].keys() == {"problem", "resolution"}
    unknown = api.ada("POST", path, {"problem": "P", "resolution": "R", "product": "?"})
    assert unknown.body["errors"].keys() == {"product"}
    given = {"title": "Better", "problem": "P", "resolution": "R", "tags": ["one"], "product": None}
    practice = api.ada("POST", path, given).body
    assert {name: practice[name] for name in given} == given
    assert api.ada("POST", path).body["code"] == "already_recorded"


def test_a_practice_is_revised_against_its_version(api: Api, practice: Thing) -> None:
    path = f"practices/{practice['id']}"
    change = {"resolution": "Empty it twice.", "tags": ["cache"], "reason": "Once is not enough.", "version": 1}
    revised = api.cleo("PATCH", path, change).body
    assert (revised["resolution"], revised["tags"], revised["version"]) == ("Empty it twice.", ["cache"], 2)
    assert (revised["cause"], revised["product"]) == (practice["cause"], practice["product"])
    assert api.cleo("PATCH", path, change).body["code"] == "revised_meanwhile"
    assert api.zoe("PATCH", path, {"title": "Mine"}).status == 403
    assert api.ada("PATCH", path, {"title": " "}).body["errors"].keys() == {"title"}
    assert api.ada("PATCH", path, {"product": None}).body["product"] is None


def test_the_archive_is_narrowed(api: Api, practice: Thing) -> None:
    def ids(query: str) -> list[int]:
        return [item["id"] for item in api.zoe("GET", f"practices?{query}").body["items"]]

    assert ids("") == [practice["id"]]
    for hit in ("product=mail-gateway", "tag=smtp", "confidence=not_validated", "space=lobby", "q=stays"):
        assert ids(hit) == [practice["id"]], hit
    for miss in ("product=other", "tag=other", "confidence=validated", "space=alliance", "q=unheard"):
        assert ids(miss) == [], miss


def test_what_is_hidden_looks_like_what_is_not_there(api: Api, hidden: Thing) -> None:
    api.ada("POST", f"threads/{hidden['id']}/resolve", {"record": RECORD})
    secret = api.ada("POST", f"threads/{hidden['id']}/practice").body["id"]
    assert api.ben("GET", "practices").body["items"] == []
    for method, data in (("GET", None), ("PATCH", {"title": "Mine"})):
        answers = [api.ben(method, f"practices/{name}", data) for name in (secret, 987654, 2**70, "x")]
        assert {answer.status for answer in answers} == {404}
        assert all(answer.body == answers[0].body for answer in answers)
