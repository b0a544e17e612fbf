"""What people type becomes HTML that cannot hurt, whatever it is."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.rendering.markdown import mentioned_handles, plain_text, render, sanitize

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    "<style>*{display:none}</style>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<form action=//evil.example><input name=password></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<a href='//evil.example' class='button primary'>x</a>",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]


FORBIDDEN = {"script", "style", "iframe", "form", "input", "svg", "math", "object", "embed", "link", "base"}
PIECES = [*HOSTILE, "<", ">", '"', "'", "`", "](", "\n", "&#x6a;", "<!--", "\0", "x" * 50]


class Looker(HTMLParser):
    """Collects every tag and attribute of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def _check(html: str) -> None:
    seen = Looker(html)
    assert not seen.tags & FORBIDDEN
    for tag, name, value in seen.attributes:
        assert not name.startswith("on"), (tag, name)
        assert name not in {"style", "id", "srcset", "action"}, (tag, name)
        if name in {"href", "src"}:
            assert re.match(r"(https?:|mailto:|/|#|\?|[^:]*$)", value.strip().lower()), (tag, value)
        if tag == "img" and name == "src":
            assert value.startswith("/attachments/")
        if name == "class":
            assert "button" not in value


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text(text: str) -> None:
    _check(render(text))
    _check(sanitize(text))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_any_mixture_of_hostile_text(parts: list[str]) -> None:
    _check(render("".join(parts)))
    _check(sanitize("".join(parts)))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_rendered(text: str) -> None:
    _check(render(text))
    plain_text(render(text))


def test_mentions_link_only_to_members() -> None:
    html = render("@ben, @nobody, mail@ben.org, `@ben` and [@ben](https://example.org)", handles={"ben"})
    assert html.count('class="mention"') == 1
    assert 'href="/people/ben/"' in html


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hi @Ben.", {"ben"}),
        ("(@cleo) and @mo-2", {"cleo", "mo-2"}),
        ("`@ada` in code", set()),
        ("```\n@ada\n```", set()),
        ("a@ben.example", set()),
        ("> quoted @zoe", {"zoe"}),
    ],
)
def test_who_is_mentioned(text: str, found: set[str]) -> None:
    assert mentioned_handles(text) == found


def test_pictures_from_elsewhere_are_links() -> None:
    html = render("![a trace](https://example.org/t.png) ![own](/attachments/0a/)")
    assert '<a href="https://example.org/t.png"' in html
    assert html.count("<img") == 1


def test_headings_stay_below_the_pages_own() -> None:
    assert "<h3>" in render("# Title")
    assert "<h1" not in sanitize("<h1>Title</h1>")


def test_code_is_coloured_by_classes() -> None:
    html = render("```python\nx = 1\n```")
    assert 'class="highlight"' in html
    assert "style=" not in html


def test_words_of_html() -> None:
    assert plain_text("<p>one &amp; two</p><p>three<br>four</p>") == "one & two three four"
