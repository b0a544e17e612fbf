"""Threads over the API."""

from typing import Any

import pytest

from tests.api.asking import Api

pytestmark = pytest.mark.both_databases

Thread = dict[str, Any]


def test_a_posted_problem_is_given_back_in_full(api: Api, thread: Thread) -> None:
    assert thread["url"] == f"http://127.0.0.1:8000/threads/{thread['id']}/"
    assert thread["title"] == "Mail stays in the queue"
    assert thread["space"] == {"slug": "lobby", "name": "Lobby"}
    assert (thread["status"], thread["severity"], sorted(thread["tags"])) == ("open", 2, ["queue", "smtp"])
    assert thread["product"] == {"slug": "mail-gateway", "name": "Mail Gateway"}
    assert thread["author"] == {
        "handle": "ada", "name": "Ada Lindqvist", "organization": {"slug": "acme", "name": "Acme"},
    }  # fmt: skip
    assert thread["audience"] == {"rung": "space", "organizations": []}
    for absent in ("owner", "next_action", "resolution", "practice", "source", "version"):
        assert thread[absent] is None
    assert (thread["reply_count"], thread["last_number"], thread["following"]) == (0, 1, True)
    assert thread["record"] == {"problem": "", "environment": "", "cause": "", "resolution": "", "version": 0}
    assert thread["stream"]["name"] == f"thread:{thread['id']}"
    assert thread["stream"]["seq"] >= 1
    assert {"reply", "edit", "resolve"} <= set(thread["can"])


def test_the_location_of_a_new_thread_leads_to_it(api: Api) -> None:
    answer = api.ada("POST", "threads", {"space": "lobby", "title": "Printer", "body": "It is on fire."})
    found = api.ada("GET", answer.headers["Location"].removeprefix("/api/v1/"))
    assert found.body["title"] == "Printer"


def test_the_same_client_id_posts_one_problem(api: Api) -> None:
    data = {"space": "lobby", "title": "Once", "body": "Sent twice.", "client_id": "c-1"}
    first, second = api.ada("POST", "threads", data), api.ada("POST", "threads", data)
    assert (first.status, second.status) == (201, 201)
    assert first.body["id"] == second.body["id"]
    assert len(api.ada("GET", "threads").body["items"]) == 1


def test_an_audience_within_the_space(api: Api) -> None:
    data = {"space": "lobby", "title": "Ours", "body": "Only us.", "audience": "organizations"}
    thread = api.ada("POST", "threads", data | {"organizations": ["brightline"]}).body
    assert thread["audience"]["organizations"] == [{"slug": "brightline", "name": "Brightline"}]
    assert api.zoe("GET", f"threads/{thread['id']}").status == 200
    assert api.finn("GET", f"threads/{thread['id']}").status == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"body": " "}, "body"),
        ({"body": None}, "body"),
        ({"body": 7}, "body"),
        ({"title": "nul \0 here"}, "title"),
        ({"product": "unheard-of"}, "product"),
        ({"product": "mail-gateway", "version": "99"}, "version"),
        ({"severity": 9}, "severity"),
        ({"severity": "2"}, "severity"),
        ({"tags": ["not a / tag"]}, "tags"),
        ({"tags": "wifi"}, "tags"),
        ({"tags": [1]}, "tags.0"),
        ({"audience": "moon"}, "audience"),
        ({"audience": "organizations"}, "organizations"),
        ({"audience": "organizations", "organizations": ["nobody"]}, "organizations"),
        ({"client_id": "x" * 100}, "client_id"),
    ],
)
def test_an_unusable_field_is_named(api: Api, change: dict[str, Any], field: str) -> None:
    data = {"space": "lobby", "title": "Printer", "body": "It is on fire."} | change
    answer = api.ada("POST", "threads", data)
    assert answer.status == 422
    assert answer.body["code"] == "invalid"
    assert list(answer.body["errors"]) == [field]
    assert answer.body["errors"][field]
    assert api.ada("GET", "threads").body["items"] == []


def test_a_space_out_of_sight_looks_like_none(api: Api) -> None:
    answers = [
        api.zoe("POST", "threads", {"space": space, "title": "Let me in", "body": "Please."})
        for space in ("workshop", "nowhere")
    ]
    assert [answer.status for answer in answers] == [404, 404]
    assert answers[0].body == answers[1].body


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("GET", "threads/{}", None),
        ("PATCH", "threads/{}", {"title": "Mine"}),
        ("GET", "threads/{}/posts", None),
        ("POST", "threads/{}/posts", {"body": "Hello"}),
        ("POST", "threads/{}/resolve", {"summary": "Done"}),
        ("POST", "threads/{}/reopen", {}),
        ("POST", "threads/{}/practice", {}),
    ],
)
def test_what_is_hidden_looks_like_what_is_not_there(
    api: Api, hidden: Thread, method: str, path: str, data: dict[str, Any] | None
) -> None:
    answers = [api.ben(method, path.format(name), data) for name in (hidden["id"], 987654, 2**70, -1, "none")]
    assert {answer.status for answer in answers} == {404}
    assert all(answer.body == answers[0].body for answer in answers)


def test_lists_are_narrowed(api: Api, cast: Any, thread: Thread, hidden: Thread) -> None:
    api.ben("POST", "threads", {"space": "workshop", "title": "Forklift is stuck", "body": "It does not lift."})

    def titles(handle: str, query: str) -> list[str]:
        return [item["title"] for item in api.ask(handle, "GET", f"threads?{query}").body["items"]]

    assert titles("ada", "") == ["Forklift is stuck", "Secret matter", "Mail stays in the queue"]
    assert titles("ben", "") == ["Forklift is stuck", "Mail stays in the queue"]
    assert titles("finn", "") == ["Mail stays in the queue"]
    assert titles("ada", "space=backroom") == ["Secret matter"]
    assert titles("ben", "space=backroom") == []
    assert titles("ada", "product=mail-gateway") == ["Mail stays in the queue"]
    assert titles("ada", "tag=smtp") == ["Mail stays in the queue"]
    assert titles("ada", "author=ben") == ["Forklift is stuck"]
    assert titles("ada", "status=resolved") == []
    assert len(titles("ada", "status=unresolved")) == 3
    assert titles("ada", "q=forklift") == ["Forklift is stuck"]
    assert titles("ada", "q=forklift&space=lobby") == []
    assert titles("ada", "q=forklift&author=ada") == []
    assert titles("finn", "q=forklift") == []


def test_the_asker_changes_the_thread(api: Api, thread: Thread) -> None:
    path = f"threads/{thread['id']}"
    change = {"severity": 1, "tags": ["mail"], "product": None, "status": "waiting"}
    changed = api.ada("PATCH", path, change).body
    assert {name: changed[name] for name in change} == change
    assert changed["title"] == thread["title"]


def test_others_do_not(api: Api, thread: Thread) -> None:
    answer = api.finn("PATCH", f"threads/{thread['id']}", {"severity": 1})
    assert (answer.status, answer.body["code"]) == (403, "only_asker_owner_or_moderator")
    assert api.ada("PATCH", f"threads/{thread['id']}", {"status": "closed"}).status == 403
    assert api.mo("PATCH", f"threads/{thread['id']}", {"status": "closed"}).body["status"] == "closed"


def test_whoever_replies_takes_the_thread_and_leaves_it(api: Api, thread: Thread) -> None:
    path = f"threads/{thread['id']}"
    assert api.ben("PATCH", path, {"owner": "ben"}).body["owner"] == "ben"
    assert api.zoe("PATCH", path, {"owner": "zoe"}).status == 409
    assert api.zoe("PATCH", path, {"owner": "ada"}).body["errors"].keys() == {"owner"}
    assert api.ben("PATCH", path, {"owner": None}).body["owner"] is None


def test_the_record_is_saved_against_its_version(api: Api, thread: Thread) -> None:
    path = f"threads/{thread['id']}"
    saved = api.ben("PATCH", path, {"record": {"cause": "A stale cache."}, "record_version": 0}).body["record"]
    assert saved == {"problem": "", "environment": "", "cause": "A stale cache.", "resolution": "", "version": 1}
    late = api.zoe("PATCH", path, {"record": {"cause": "The moon."}, "record_version": 0})
    assert (late.status, late.body["code"]) == (409, "saved_meanwhile")
    assert api.zoe("GET", path).body["record"]["cause"] == "A stale cache."


def test_a_change_is_made_whole_or_not_at_all(api: Api, thread: Thread) -> None:
    path = f"threads/{thread['id']}"
    answer = api.ada("PATCH", path, {"severity": 1, "record": {"cause": "?"}, "record_version": 7})
    assert answer.status == 409
    after = api.ada("GET", path).body
    assert (after["severity"], after["stream"]) == (thread["severity"], thread["stream"])


def test_following(api: Api, thread: Thread) -> None:
    path = f"threads/{thread['id']}"
    assert api.finn("PATCH", path, {"following": True}).body["following"] is True
    assert api.finn("PATCH", path, {"following": False}).body["following"] is False


def test_a_thread_is_resolved_and_reopened(api: Api, thread: Thread, reply: dict[str, Any]) -> None:
    path = f"threads/{thread['id']}"
    record = {"cause": "A stale cache.", "resolution": "Empty it."}
    resolved = api.ada("POST", f"{path}/resolve", {"posts": [reply["id"]], "summary": "Cache.", "record": record})
    assert resolved.status == 200
    resolution = resolved.body["resolution"]
    assert (resolution["posts"], resolution["summary"], resolution["by"]) == ([reply["id"]], "Cache.", "ada")
    assert (resolved.body["status"], resolved.body["record"]["resolution"]) == ("resolved", "Empty it.")
    assert api.ben("GET", f"posts/{reply['id']}").body["solution"] is True
    assert api.ada("POST", f"{path}/resolve", {"summary": "Again"}).status == 409
    reopened = api.ada("POST", f"{path}/reopen", {"reason": "It is back."})
    assert (reopened.status, reopened.body["status"], reopened.body["resolution"]) == (200, "open", None)
    assert api.ada("POST", f"{path}/reopen").status == 409


@pytest.mark.parametrize("how", [{"summary": "Restarted."}, {"record": {"resolution": "Restart it."}}])
def test_one_reason_is_enough(api: Api, thread: Thread, how: dict[str, Any]) -> None:
    assert api.ada("POST", f"threads/{thread['id']}/resolve", how).body["status"] == "resolved"


def test_a_resolution_needs_a_reason_and_a_right(api: Api, thread: Thread, hidden: Thread) -> None:
    path = f"threads/{thread['id']}/resolve"
    secret = api.ada("GET", f"threads/{hidden['id']}/posts").body["items"][0]["id"]
    assert api.ada("POST", path, {}).body["errors"].keys() == {"summary"}
    assert api.ada("POST", path, {"posts": [secret]}).body["errors"].keys() == {"posts"}
    assert api.ada("POST", path, {"posts": [10**15]}).body["errors"].keys() == {"posts"}
    assert api.finn("POST", path, {"summary": "Mine now."}).status == 403
    assert api.finn("POST", f"threads/{thread['id']}/reopen").status == 403
