"""Posts over the API."""

from typing import Any

import pytest

from community.models import Grant
from tests.api.asking import Api

pytestmark = pytest.mark.both_databases

Thing = dict[str, Any]


def test_a_reply_is_given_back_in_full(api: Api, thread: Thing, reply: Thing) -> None:
    assert (reply["thread"], reply["number"], reply["parent"]) == (thread["id"], 2, None)
    assert reply["author"]["handle"] == "ben"
    assert reply["organization"] == {"slug": "acme", "name": "Acme"}
    assert (reply["body"], reply["markup"]) == ("Empty the cache and restart.", "markdown")
    assert "<p>Empty the cache and restart.</p>" in reply["html"]
    assert (reply["edited_at"], reply["deleted"], reply["votes"], reply["score"]) == (None, False, 0, None)
    assert (reply["voted"], reply["solution"], reply["source"], reply["version"]) == (False, False, None, 1)
    assert reply["url"] == f"http://127.0.0.1:8000/posts/{reply['id']}/permalink/"
    assert {"edit", "delete"} <= set(reply["can"])
    assert "vote" not in reply["can"]
    assert "vote" in api.ada("GET", f"posts/{reply['id']}").body["can"]


def test_the_location_of_a_new_post_leads_to_it(api: Api, thread: Thing) -> None:
    answer = api.ben("POST", f"threads/{thread['id']}/posts", {"body": "Hello"})
    assert api.ben("GET", answer.headers["Location"].removeprefix("/api/v1/")).body == answer.body


def test_the_same_client_id_posts_once(api: Api, thread: Thing) -> None:
    path, data = f"threads/{thread['id']}/posts", {"body": "Sent twice.", "client_id": "tab-1:7"}
    first, second = api.ben("POST", path, data), api.ben("POST", path, data)
    assert (first.status, second.status) == (201, 201)
    assert first.body == second.body
    assert [post["number"] for post in api.ben("GET", path).body["items"]] == [1, 2]
    assert api.zoe("POST", path, data).body["id"] != first.body["id"]


def test_what_was_sent_before_is_given_again_even_where_nothing_can_be_sent_any_more(api: Api, thread: Thing) -> None:
    path, data = f"threads/{thread['id']}/posts", {"body": "Sent twice.", "client_id": "tab-1:8"}
    first = api.ben("POST", path, data)
    api.mo("PATCH", f"threads/{thread['id']}", {"status": "closed"})
    assert api.ben("POST", path, data).body["id"] == first.body["id"]
    assert api.ben("POST", path, data | {"client_id": "tab-1:9"}).status == 403
    assert api.zoe("POST", path, data).status == 403


def test_a_role_counts_from_the_next_request_on_and_until_it_is_taken(api: Api, reply: Thing) -> None:
    path, lobby = f"posts/{reply['id']}", api.cast.spaces["lobby"]
    assert "delete" not in api.zoe("GET", path).body["can"]
    role = Grant.objects.create(member=api.cast.zoe, role=Grant.Role.MODERATOR, space=lobby)
    assert "delete" in api.zoe("GET", path).body["can"]
    role.delete()
    assert api.zoe("DELETE", path).status == 403


def test_a_note_goes_under_a_reply(api: Api, thread: Thing, reply: Thing) -> None:
    path = f"threads/{thread['id']}/posts"
    note = api.ada("POST", path, {"body": "Thanks!", "parent": reply["id"]})
    assert (note.status, note.body["parent"]) == (201, reply["id"])
    assert api.ada("POST", path, {"body": "Deeper", "parent": note.body["id"]}).status == 409
    assert api.ada("POST", path, {"body": "Elsewhere", "parent": 10**12}).body["errors"].keys() == {"parent"}


@pytest.mark.parametrize("data", [{}, {"body": ""}, {"body": "x" * 60_001}, {"body": "a\0b"}])
def test_a_reply_needs_a_usable_text(api: Api, thread: Thing, data: Thing) -> None:
    answer = api.ben("POST", f"threads/{thread['id']}/posts", data)
    assert (answer.status, list(answer.body["errors"])) == (422, ["body"])


def test_a_closed_thread_takes_no_reply(api: Api, thread: Thing) -> None:
    api.mo("PATCH", f"threads/{thread['id']}", {"status": "closed"})
    answer = api.ben("POST", f"threads/{thread['id']}/posts", {"body": "Too late?"})
    assert (answer.status, answer.body["code"]) == (403, "may_not_reply")


def test_a_post_is_edited_against_its_version(api: Api, reply: Thing) -> None:
    path = f"posts/{reply['id']}"
    edited = api.ben("PATCH", path, {"body": "Empty the *spool*.", "reason": "precision", "version": 1}).body
    assert (edited["body"], edited["version"]) == ("Empty the *spool*.", 2)
    assert "<em>spool</em>" in edited["html"]
    assert edited["edited_at"] is not None
    late = api.ben("PATCH", path, {"body": "No.", "version": 1})
    assert (late.status, late.body["code"]) == (409, "edited_meanwhile")
    assert api.zoe("PATCH", path, {"body": "Mine."}).status == 403
    assert api.ben("PATCH", path, {"body": ""}).body["errors"].keys() == {"body"}


def test_a_deleted_post_keeps_its_text_for_who_may_restore_it(api: Api, thread: Thing, reply: Thing) -> None:
    path = f"posts/{reply['id']}"
    assert api.ada("DELETE", path).status == 403
    gone = api.ben("DELETE", path)
    assert (gone.status, gone.body) == (204, None)
    shown = {who: api.ask(who, "GET", path).body for who in ("ada", "ben", "mo")}
    assert (shown["ada"]["deleted"], shown["ada"]["body"], shown["ada"]["html"]) == (True, None, None)
    assert shown["ben"]["body"] == shown["mo"]["body"] == "Empty the cache and restart."
    assert api.ada("GET", f"threads/{thread['id']}/posts").body["items"][1]["body"] is None
    assert api.ada("POST", f"{path}/restore").status == 403
    restored = api.ben("POST", f"{path}/restore")
    assert (restored.status, restored.body["deleted"]) == (200, False)


def test_a_solution_is_not_deleted(api: Api, thread: Thing, reply: Thing) -> None:
    api.ada("POST", f"threads/{thread['id']}/resolve", {"posts": [reply["id"]]})
    answer = api.ben("DELETE", f"posts/{reply['id']}")
    assert (answer.status, answer.body["code"]) == (409, "is_solution")


def test_a_vote_is_given_once_and_taken_back(api: Api, reply: Thing) -> None:
    path = f"posts/{reply['id']}/vote"
    for _again in range(2):
        voted = api.ada("PUT", path, {"value": 1})
        assert (voted.status, voted.body["votes"], voted.body["voted"]) == (200, 1, True)
    assert api.zoe("PUT", path, {"value": 1}).body["votes"] == 2
    assert api.ada("PUT", path, {"value": 0}).body["votes"] == 1
    assert api.zoe("GET", f"posts/{reply['id']}").body["voted"] is True


def test_votes_that_do_not_count(api: Api, reply: Thing) -> None:
    path = f"posts/{reply['id']}/vote"
    assert api.ben("PUT", path, {"value": 1}).status == 403
    for data in ({}, {"value": 2}, {"value": -1}, {"value": "yes"}):
        assert api.ada("PUT", path, data).body["errors"].keys() == {"value"}


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("GET", "posts/{}", None),
        ("PATCH", "posts/{}", {"body": "Mine"}),
        ("DELETE", "posts/{}", None),
        ("POST", "posts/{}/restore", None),
        ("PUT", "posts/{}/vote", {"value": 1}),
    ],
)
def test_what_is_hidden_looks_like_what_is_not_there(
    api: Api, hidden: Thing, method: str, path: str, data: Thing | None
) -> None:
    post = api.ada("GET", f"threads/{hidden['id']}/posts").body["items"][0]["id"]
    answers = [api.ben(method, path.format(name), data) for name in (post, 987654, 2**70, 0, "x")]
    assert {answer.status for answer in answers} == {404}
    assert all(answer.body == answers[0].body for answer in answers)
