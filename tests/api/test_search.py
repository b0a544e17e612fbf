"""Search over the API."""

from typing import Any

import pytest

from tests.api.asking import Api

pytestmark = pytest.mark.both_databases

Thing = dict[str, Any]


def test_hits_have_one_shape(api: Api, thread: Thing) -> None:
    (hit,) = api.zoe("GET", "search?q=queue").body["items"]
    assert (hit["kind"], hit["id"], hit["title"]) == ("thread", thread["id"], thread["title"])
    assert hit["url"].startswith("http://127.0.0.1:8000/")
    assert hit["score"] > 0
    assert hit["source"] is None
    (by_text,) = api.zoe("GET", "search?q=update").body["items"]
    assert "<mark>update</mark>" in by_text["highlight"]


def test_kinds(api: Api, thread: Thing) -> None:
    def kinds(query: str) -> set[str]:
        return {hit["kind"] for hit in api.zoe("GET", f"search?{query}").body["items"]}

    assert kinds("q=queue&kind=thread,practice") == {"thread"}
    assert kinds("q=queue&kind=practice") == set()
    assert kinds("q=") == set()


@pytest.mark.parametrize(
    ("query", "field"),
    [("q=x&kind=planet", "kind"), ("q=x&kind=", "kind"), ("q=x&limit=0", "limit"), ("q=x&after=%21", "after"),
     ("q=x&limit=many", "limit"), ("q=%00", "q"), (f"q={'x' * 1001}", "q")],
)  # fmt: skip
def test_an_unusable_parameter_is_named(api: Api, query: str, field: str) -> None:
    answer = api.zoe("GET", f"search?{query}")
    assert (answer.status, list(answer.body["errors"])) == (422, [field])


def test_nothing_hidden_is_found(api: Api, hidden: Thing) -> None:
    assert api.ada("GET", "search?q=secret").body["items"] != []
    assert api.ben("GET", "search?q=secret").body["items"] == []
    assert api.ben("GET", "similar?text=secret+matter").body["items"] == []


def test_likely_answers_to_a_text(api: Api, thread: Thing) -> None:
    text = "Mail is stuck in the queue"
    (hit,) = api.zoe("GET", f"similar?text={text}").body["items"]
    assert (hit["kind"], hit["id"]) == ("thread", thread["id"])
    posted = api.zoe("POST", "similar", {"text": text, "kind": ["thread"], "limit": 3})
    assert (posted.status, posted.body) == (200, {"items": [hit], "next": None})
    assert api.zoe("POST", "similar", {"text": text, "kind": ["practice"]}).body["items"] == []
    assert api.zoe("POST", "similar", {"text": text, "kind": "thread, practice"}).body["items"] != []


def test_likeness_needs_a_text(api: Api) -> None:
    assert api.zoe("GET", "similar").body["errors"].keys() == {"text"}
    assert api.zoe("POST", "similar", {}).body["errors"].keys() == {"text"}
    assert api.zoe("POST", "similar", {"text": "x", "kind": ["member"]}).body["errors"].keys() == {"kind.0"}
    assert api.zoe("GET", "similar?text=x&kind=member").body["errors"].keys() == {"kind"}
