"""Search over the API."""

from typing import Any

import pytest

from tests.api.asking import Api
from threads.actions.spelling import learn_all_spellings

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


HOSTILE = [
    "", "%20", "the", "%22", "%22%22", "NOT+a", "NEAR(a+b)", "title:a", "{title+body}:x", "*", "%5Ea", "(", "-",
    "a+%26+b+%7C+%21c", ":*", "%5C", "%27%3B+DROP+TABLE+x%3B--", "%25s", "%C2%A7thread", "tag:", "tag:%22", "-tag:",
    "before:", "before:0001", "before:9999-99-99", "after:%D9%A3d", "has:%25", "%F0%9F%98%80", "%E2%80%AEabc",
    "status:" + "x" * 900, "%C3%A9" * 300, "x" * 1000, "a+b+" * 250, "%22" * 333, "tag:a+" * 160, "%ED%A0%80", "%ff",
]  # fmt: skip


def test_hostile_texts_are_answered(api: Api, thread: Thing) -> None:
    for text in HOSTILE:
        answer = api.zoe("GET", f"search?q={text}&facets=1")
        assert (answer.status, answer.body["next"]) == (200, None), text
    for text in ("%00", "x" * 100_000):
        assert api.zoe("GET", f"search?q={text}").status in {400, 422}, text[:20]


def test_what_means_nothing_is_said(api: Api, thread: Thing) -> None:
    answer = api.zoe("GET", "search?q=queue+status:broken+flavour:mail+before:soon").body
    assert answer["unknown"] == ["status:broken", "flavour:mail", "before:soon"]
    assert (answer["total"], answer["bounded"], answer["corrected"], answer["facets"]) == (1, False, None, None)
    assert api.zoe("GET", "search?q=absent+tag:nothing").body["unknown"] == ["tag:nothing"]


def test_facets_and_corrections(api: Api, thread: Thing) -> None:
    list(learn_all_spellings())
    answer = api.zoe("GET", "search?q=queeu&facets=1").body
    assert (answer["corrected"], [item["id"] for item in answer["items"]]) == ("queue", [thread["id"]])
    assert {"value": "acme", "label": "Acme", "count": 1} in answer["facets"]["org"]
    assert answer["facets"]["kind"] == [{"value": "thread", "label": "Threads", "count": 1}]
    exact = api.zoe("GET", "search?q=queeu&exact=1").body
    assert (exact["corrected"], exact["items"]) == (None, [])


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
