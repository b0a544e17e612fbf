"""The worst that 60,000 characters can do to the renderer: a post is rendered while others wait to write."""

import time

import pytest

from community.rendering import markdown
from community.rendering.markdown import mentioned_handles, plain_text, render

LENGTH = 60_000
MOST_SECONDS = 4.0  # of a busy test machine; a free one takes a quarter of it

PATTERNS = [
    "[", "![", "[a](", "[a][", "[a](b", "[*", "*a", "**a_", "~~a", "`", "> ", ">", "- ", "1. ", "|a", "|a|b|\n|-|-|\n|",
    "a\n", "<", "<http://a", "&", "\\", "@a ", "@", "http://a.b/", "www.", "a.com ", "a\n=\n", "```\n", "[a]: ",
    "# a\n", " \n", "\t",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_long_post_of_one_pattern(pattern: str) -> None:
    text = (pattern * LENGTH)[:LENGTH]
    started = time.process_time()
    html = render(text, handles={"a"})
    mentioned_handles(text)
    plain_text(html)
    assert time.process_time() - started < MOST_SECONDS


@pytest.mark.parametrize("filler", [" \n", "a\n", "/*\n", "(", "a."])
@pytest.mark.parametrize("language", sorted(markdown._LANGUAGES))
def test_code_that_lexers_find_hard(language: str, filler: str) -> None:
    code = (filler * LENGTH)[: LENGTH - 100]
    started = time.process_time()
    render(f"```{language}\n{code}\n```")
    few = code[:900]
    render("\n".join(f"```{language}\n{few}\n```" for _ in range(60)))
    assert time.process_time() - started < MOST_SECONDS


@pytest.mark.parametrize("language", ["make", "csharp", "no such language", "text"])
def test_code_in_other_languages_is_not_coloured(language: str) -> None:
    assert "highlight" not in render(f"```{language}\nall: a\n```")


def test_long_code_stays_plain_and_whole() -> None:
    html = render("```python\n" + "x = 1\n" * 2_000 + "```\n\n```python\ny = 2\n```")
    assert "highlight" not in html
    assert html.count("x = 1") == 2_000
    assert "y = 2" in html
