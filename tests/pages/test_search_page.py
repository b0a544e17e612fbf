"""The search page without JavaScript: narrowed and widened by links, says how it was understood, and leads on."""

import re
from html import unescape
from urllib.parse import parse_qs, quote

import pytest
from django.test import Client

from tests.cast import Cast
from tests.pages.stories import SignIn, Story
from tests.threads.findings import post
from threads.actions.spelling import learn_all_spellings

pytestmark = pytest.mark.both_databases


def links(page: str) -> dict[str, str]:
    """Where the links with a query go, by their words."""
    found = re.findall(r'<a [^>]*href="(\?[^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return {" ".join(re.sub("<.*?>", " ", words).split()): unescape(address) for address, words in found}


def looked(client: Client, text: str, **more: str) -> str:
    """The page for a text."""
    return client.get("/search/", {"q": text, **more}).content.decode()


def test_a_facet_narrows_and_is_taken_away_again(cast: Cast, story: Story, sign_in: SignIn) -> None:
    zoe = sign_in(cast.zoe)
    found = links(looked(zoe, "loops"))
    assert parse_qs(found["Resolved 1"][1:])["q"] == ["loops status:resolved"]
    page = zoe.get(f"/search/{found['Resolved 1']}").content.decode()
    assert (story.thread.get_absolute_url() in page, "2 results" in page) == (True, False)
    back = links(page)
    assert parse_qs(back["Resolved 1"][1:])["q"] == ["loops"], "the facet itself"
    assert parse_qs(back["status:resolved take this filter away"][1:])["q"] == ["loops"], "and beside the kinds"
    assert parse_qs(links(looked(zoe, "loops", kind="practice"))["Threads"][1:]) == {"q": ["loops"], "kind": ["thread"]}


def test_no_facet_tells_what_others_see(cast: Cast, secret: Story, sign_in: SignIn) -> None:
    assert "Mail Gateway" not in looked(sign_in(cast.zoe), "loops")
    assert links(looked(sign_in(cast.zoe), "loops tag:smtp"))["Search without the filters"] == "?q=loops"
    assert "smtp" in looked(sign_in(cast.ben), "loops")


def test_what_means_nothing_is_said(cast: Cast, story: Story, sign_in: SignIn) -> None:
    raw = looked(sign_in(cast.zoe), "loops status:broken flavour:<b>")
    assert "flavour:<b>" not in raw
    page = unescape(raw)
    assert "“status:broken” was not understood: use open, waiting," in page
    assert "“flavour:<b>” was searched for as words" in page
    page = unescape(looked(sign_in(cast.zoe), "absent tag:none"))
    assert "Nothing that you may see has “tag:none”." in page


def test_who_mistypes_as_others_did_is_led_to_what_is_written_right(cast: Cast, sign_in: SignIn) -> None:
    post(cast, "Pasword rejected")
    for number in range(12):
        post(cast, f"Password expires {number}")
    list(learn_all_spellings())
    zoe = sign_in(cast.zoe)
    page = looked(zoe, "pasword <b>", kind="thread")
    assert ("Did you mean" in page, "Pasword</mark> rejected" in page) == (True, True)
    asked = parse_qs(links(page)["password &lt;b&gt;"][1:])
    assert asked == {"q": ["password <b>"], "kind": ["thread"]}
    assert "Did you mean" not in looked(zoe, "password <b>", kind="thread")


def test_what_was_meant_is_shown_and_what_was_typed_can_be_had(cast: Cast, story: Story, sign_in: SignIn) -> None:
    list(learn_all_spellings())
    zoe = sign_in(cast.zoe)
    page = looked(zoe, "loosp <b>")
    assert "Showing results for <strong>loops &lt;b&gt;</strong>." in page
    exact = next(url for url in links(page).values() if "exact=1" in url)
    page = zoe.get(f"/search/{exact}").content.decode()
    assert "Showing results" not in page
    assert "Nothing found" in page


def test_nothing_found_leads_on(cast: Cast, story: Story, sign_in: SignIn) -> None:
    page = looked(sign_in(cast.zoe), '"absent thing" tag:smtp', kind="practice")
    found = links(page)
    assert parse_qs(found["Search without the filters"][1:]) == {"q": ['"absent thing"'], "kind": ["practice"]}
    assert parse_qs(found["Search everything"][1:]) == {"q": ['"absent thing" tag:smtp']}
    assert parse_qs(found["Search without the quotes"][1:])["q"][0].split() == ["absent", "thing", "tag:smtp"]
    assert "/spaces/lobby/ask/?title=absent%20thing" in page or "?title=absent%20thing" in page


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\0", "loops\0", '"', '""', "a OR b", "NEAR(a b)", "title:a", "*", "(", "-", "a & b | !c <-> d", ":*",
        "\\", "'; DROP TABLE x; --", "%s %(a)s {}", "{{ 7 }}", "§thread", "tag:", 'tag:"', "-tag:x", "before:0001",
        "after:9999y",
        "😀😀", "\u202eabc", "e\u0301" * 500, "a" * 20_000, '"' * 20_000, "tag:a " * 3_000, "loops " * 3_000,
        "<script>",
    ],
)  # fmt: skip
def test_hostile_texts_are_answered(cast: Cast, story: Story, sign_in: SignIn, text: str) -> None:
    answer = sign_in(cast.zoe).get("/search/", {"q": text})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().partition("<main")[2].partition("</main")[0]


def test_broken_bytes_are_answered(cast: Cast, sign_in: SignIn) -> None:
    for raw in ("%ff%fe", "%ED%A0%80", quote("é".encode("latin-1")), "%F0%9F"):
        assert sign_in(cast.zoe).get(f"/search/?q={raw}&kind={raw}&exact={raw}").status_code == 200
    assert sign_in(cast.zoe).get("/search/?q=x&after=%00").status_code == 400
