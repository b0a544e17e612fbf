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
    assert {"edit", "restore"} <= set(practice["can"])
    assert practice["follows_record"] is False
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
    other = change | {"resolution": "Never empty it."}
    assert api.ada("PATCH", path, other).body["code"] == "revised_meanwhile"
    joined = api.ada("PATCH", path, {"cause": "A full disk.", "version": 1}).body
    assert (joined["cause"], joined["resolution"], joined["version"]) == ("A full disk.", "Empty it twice.", 3)
    assert api.zoe("PATCH", path, {"title": "Mine", "version": 3}).status == 403
    assert api.ada("PATCH", path, {"title": "Mine"}).body["errors"].keys() == {"version"}
    assert api.ada("PATCH", path, {"title": " ", "version": 3}).body["errors"].keys() == {"title"}
    assert api.ada("PATCH", path, {"product": None}).body["errors"].keys() == {"version"}
    assert api.ada("PATCH", path, {"product": None, "version": 3}).body["product"] is None
    back = api.cleo("PATCH", path, {"product": "mail-gateway", "version": 3})
    assert (back.status, back.body["product"]) == (200, None), "who read it with the product changes nothing of it"


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


def test_what_tells_of_somebody_is_named_masked_or_kept(api: Api, practice: Thing) -> None:
    path = f"practices/{practice['id']}"
    change = {"cause": "Ask heinzl@apolin.cz", "environment": "password=Tr0ub4dor&3", "version": 1}
    refused = api.ada("PATCH", path, change)
    assert (refused.status, refused.body["errors"].keys()) == (422, {"details"})
    secret, mail = refused.body["details"]
    assert (secret["field"], secret["kind"], secret["may_keep"]) == ("environment", "secret", False)
    assert "Ask heinzl@apolin.cz"[mail["start"] : mail["end"]] == mail["text"] == "heinzl@apolin.cz"
    assert api.ada("PATCH", path, change | {"keep": [secret["digest"], mail["digest"]]}).status == 422
    done = api.ada("PATCH", path, change | {"keep": [mail["digest"]], "mask": True}).body
    assert (done["cause"], done["environment"]) == ("Ask heinzl@apolin.cz", "password=[secret]")


def test_texts_are_held_against_the_standard(api: Api) -> None:
    answer = api.zoe("POST", "check", {"title": "Help", "problem": "Ask jan@firma.cz", "asked": "Mail waits"})
    assert [(each["kind"], each["mask"]) for each in answer.body["details"]] == [("email", "[email-1]")]
    points = {point["name"]: point["met"] for point in answer.body["checklist"]}
    assert points == {"complete": False, "title": False, "short": True, "steps": None, "found": False, "safe": False}


def test_an_unresolved_record_is_shown_and_finished(api: Api, thread: Thing) -> None:
    path = f"threads/{thread['id']}/practice"
    begun = api.ada("POST", path, {"work_in_progress": True})
    assert (begun.status, begun.body["confidence"], begun.body["follows_record"]) == (201, "work_in_progress", True)
    assert api.ada("POST", path, {"work_in_progress": True}).body["code"] == "already_recorded"
    assert api.ada("PATCH", f"practices/{begun.body['id']}", {"title": "x", "version": 1}).body["code"] == "unfinished"
    api.ada("POST", f"threads/{thread['id']}/resolve", {"summary": "Done.", "record": RECORD})
    done = api.zoe("GET", f"practices/{begun.body['id']}").body
    assert (done["confidence"], done["follows_record"], done["resolution"]) == ("not_validated", False, "Empty *it*.")


def test_versions_are_read_and_brought_back(api: Api, practice: Thing) -> None:
    path = f"practices/{practice['id']}"
    api.ada("PATCH", path, {"cause": "A full disk.", "version": 1, "reason": "Found."})
    versions = api.zoe("GET", f"{path}/versions").body
    assert [(each["number"], each["cause"], each["reason"]) for each in versions] == [
        (1, "A stale cache.", ""), (2, "A full disk.", "Found."),
    ]  # fmt: skip
    found = {"product": "mail-gateway", "tags": ["queue", "smtp"], "moved": {}}
    assert [{name: each[name] for name in found} for each in versions] == [found, found]
    assert api.zoe("POST", f"{path}/versions/1/restore", {"version": 2}).status == 403
    assert api.ada("POST", f"{path}/versions/9/restore", {"version": 2}).status == 404
    assert api.ada("POST", f"{path}/versions/1/restore", {"version": 1}).body["code"] == "revised_meanwhile"
    assert api.ada("POST", f"{path}/versions/1/restore", {"version": 2}).body["cause"] == "A stale cache."
    assert api.zoe("GET", f"{path}/versions").body[2]["restores"] == 1


def test_what_it_was_before_stays_with_those_who_could_read_it(api: Api, practice: Thing) -> None:
    """Also the rung on which it was: the first version that one may read says only where it came to."""
    path = f"practices/{practice['id']}"
    api.ada("PATCH", path, {"cause": "A full disk.", "version": 1})
    preview = api.cleo("GET", f"{path}/audience?rung=network").body["preview"]
    chosen = {"rung": "network", "preview": preview, "reason": "For all."}
    assert api.cleo("POST", f"{path}/audience", chosen).status == 200
    api.ada("PATCH", path, {"cause": "A full queue.", "version": 3})
    ours, theirs = (reader("GET", f"{path}/versions").body for reader in (api.ada, api.finn))
    assert [(each["number"], each["moved"]) for each in ours] == [
        (1, {}), (2, {}), (3, {"audience": ["space", "network"]}), (4, {}),
    ]  # fmt: skip
    assert [(each["number"], each["moved"]) for each in theirs] == [(3, {"audience": ["network"]}), (4, {})]


def test_edits_are_suggested_and_decided(api: Api, practice: Thing) -> None:
    path = f"practices/{practice['id']}/suggestions"
    given = {"version": 1, "cause": "A full disk.", "reason": "We found why."}
    made = api.zoe("POST", path, given)
    assert (made.status, made.body["fields"], made.body["state"]) == (201, {"cause": "A full disk."}, "open")
    assert made.headers["Location"] == f"/api/v1/suggestions/{made.body['id']}"
    assert [each["id"] for each in api.ada("GET", path).body] == [made.body["id"]]
    assert api.ben("GET", path).body == []
    assert api.ben("GET", f"suggestions/{made.body['id']}").status == 404
    decide = f"suggestions/{made.body['id']}"
    assert api.zoe("POST", f"{decide}/accept", {"version": 1}).status == 403
    anew = api.zoe("POST", path, given | {"cause": "A full disk, or a slow one."}).body
    assert (anew["id"], anew["number"]) == (made.body["id"], 2)
    assert api.ada("POST", f"{decide}/accept", {"version": 1}).body["errors"].keys() == {"number"}
    late = api.ada("POST", f"{decide}/accept", {"version": 1, "number": 1})
    assert (late.status, late.body["code"]) == (409, "suggested_anew")
    assert late.body["suggestion"]["fields"] == anew["fields"]
    assert api.ada("POST", f"{decide}/accept", {"version": 1, "number": 2}).body["state"] == "accepted"
    assert api.ada("POST", f"{decide}/reject", {"reply": "No."}).body["code"] == "decided_already"
    other = api.zoe("POST", path, given | {"version": 2, "cause": "Dust."}).body
    assert api.ada("POST", f"suggestions/{other['id']}/reject", {"reply": "It is not."}).body["reply"] == "It is not."
    last = api.zoe("POST", path, given | {"version": 2, "cause": "Rust."}).body
    assert api.zoe("POST", f"suggestions/{last['id']}/withdraw").body["state"] == "withdrawn"


def test_watched_names_are_their_organizations_own(api: Api) -> None:
    made = api.ben("POST", "organization/names", {"name": "Umbrella"})
    assert (made.status, made.body["name"]) == (201, "Umbrella")
    assert [each["name"] for each in api.ada("GET", "organization/names").body] == ["Umbrella"]
    assert api.zoe("GET", "organization/names").body == []
    assert api.ada("DELETE", f"organization/names/{made.body['id']}").status == 403
    assert api.zoe("DELETE", f"organization/names/{made.body['id']}").status == 404
    assert [each["kind"] for each in api.ada("POST", "check", {"cause": "At umbrella"}).body["details"]] == ["customer"]
    assert api.zoe("POST", "check", {"cause": "At umbrella"}).body["details"] == []
    assert api.olga("DELETE", f"organization/names/{made.body['id']}").status == 204
