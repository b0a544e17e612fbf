"""Pages: everything once, at a cost that does not grow."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.api.asking import Api

pytestmark = pytest.mark.both_databases

Limit = Callable[[int], AbstractContextManager[Any]]


def walk(api: Api, path: str, limit: int = 3) -> list[Any]:
    """Every item of a list, page by page."""
    items: list[Any] = []
    after = ""
    while True:
        mark = "&" if "?" in path else "?"
        page = api.ben("GET", f"{path}{mark}limit={limit}" + (f"&after={after}" if after else "")).body
        assert len(page["items"]) <= limit
        items += page["items"]
        if page["next"] is None:
            return items
        after = page["next"]


def fill(api: Api, count: int) -> list[int]:
    """Threads of Ada's, each with one reply, resolved and recorded."""
    from threads.actions.posts import post_reply
    from threads.actions.practices import record_practice
    from threads.actions.resolution import resolve
    from threads.actions.threads import open_thread

    cast = api.cast
    made = []
    for number in range(count):
        title = f"Jammed printer {number}"
        thread = open_thread(
            by=cast.ada, space=cast.spaces["lobby"], title=title, body="Paper.", tags=["paper", f"n{number}"],
            product=cast.products["mail-gateway"],
            audience="organizations", organizations=[cast.organizations["corax"]],
        )  # fmt: skip
        reply = post_reply(by=cast.ben, thread=thread, body="Open the tray.")
        resolve(by=cast.ada, thread=thread, posts=[reply], record={"problem": "Jammed.", "resolution": "Open it."})
        record_practice(by=cast.ada, thread=thread)
        made.append(thread.pk)
    return made


@pytest.mark.parametrize("query", ["threads", "threads?q=jammed", "threads?status=resolved&tag=paper"])
def test_every_thread_comes_once(api: Api, query: str) -> None:
    made = fill(api, 7)
    assert sorted(item["id"] for item in walk(api, query)) == made


def test_every_practice_hit_and_space_comes_once(api: Api) -> None:
    fill(api, 5)
    assert len({item["id"] for item in walk(api, "practices")}) == 5
    found = [(hit["kind"], hit["id"]) for hit in walk(api, "search?q=jammed")]
    assert (len(found), len(set(found))) == (10, 10)
    assert [space["slug"] for space in walk(api, "spaces", limit=1)] == ["alliance", "lobby", "workshop"]


def test_every_post_comes_once_and_in_order(api: Api, thread: dict[str, Any]) -> None:
    path = f"threads/{thread['id']}/posts"
    for number in range(7):
        api.zoe("POST", path, {"body": f"Reply {number}"})
    assert [post["number"] for post in walk(api, path)] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [post["number"] for post in api.ben("GET", f"{path}?after=6").body["items"]] == [7, 8]
    assert api.ben("GET", f"{path}?after=8").body == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("path", "field"),
    [("threads?after=!", "after"), ("threads?after=bm9uZXww", "after"), ("practices?after=abc", "after"),
     ("threads?limit=0", "limit"), ("threads?limit=101", "limit"), ("practices?limit=x", "limit"),
     ("spaces?limit=-1", "limit")],
)  # fmt: skip
def test_a_page_that_cannot_be(api: Api, path: str, field: str) -> None:
    answer = api.ben("GET", path)
    assert (answer.status, list(answer.body["errors"])) == (422, [field])


def test_queries_do_not_grow_with_the_page(api: Api, django_assert_max_num_queries: Limit) -> None:
    made = fill(api, 8)
    api.ben("GET", "me")
    costs = {
        "me": 6, "spaces": 2, "threads": 10, "practices": 5, f"threads/{made[0]}": 15, f"threads/{made[0]}/posts": 8,
        "search?q=jammed": 18, "similar?text=jammed+printer": 18, "threads?q=jammed": 19, "members/ben": 11,
    }  # fmt: skip
    for path, most in costs.items():
        with django_assert_max_num_queries(most):
            assert api.ben("GET", path).status == 200


def test_a_page_of_many_posts_costs_what_one_post_does(api: Api, django_assert_max_num_queries: Limit) -> None:
    (made,) = fill(api, 1)
    for number in range(12):
        api.ask(("ada", "zoe", "finn")[number % 3], "POST", f"threads/{made}/posts", {"body": f"Reply {number}"})
    api.ben("GET", "me")
    with django_assert_max_num_queries(8):
        assert len(api.ben("GET", f"threads/{made}/posts").body["items"]) > 5
