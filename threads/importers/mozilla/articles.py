"""Articles of the knowledge base as Markdown."""

import re
from typing import Any

from django.utils.translation import gettext as _
from markdownify import MarkdownConverter

from community.rendering.markdown import plain_text

_SYSTEMS = {"win": "Windows", "mac": "macOS", "linux": "Linux"}
_KINDS = ((re.compile(r"^win(xp|\d+)$"), "Windows"), (re.compile(r"^tb(\d+)$"), "Thunderbird"),
          (re.compile(r"^fx(\d+)$"), "Firefox"))  # fmt: skip
_BLANK_LINES = re.compile(r"\n{3,}")


def markdown_of(html: str, *, web: str) -> str:
    """The text of an article, without its table of contents. What holds for some systems only says so."""
    converter = _Article(heading_style="ATX", bullets="-", escape_misc=False)
    converter.web = web
    try:
        return _BLANK_LINES.sub("\n\n", str(converter.convert(html))).strip()
    except RecursionError:  # nested so deep that nobody wrote it
        return plain_text(html)


def systems(written: str) -> str:
    """What a passage holds for, as a page says it: `win,linux` is Windows, Linux."""
    return ", ".join(_system(each.strip()) for each in written.split(",") if each.strip())


def _system(word: str) -> str:
    if word.startswith("not "):
        return _("not %(system)s") % {"system": _system(word[4:].strip())}
    word = word.lstrip("=")
    for pattern, name in _KINDS:
        found = pattern.match(word)
        if found:
            return f"{name} {found[1].upper()}"
    return _SYSTEMS.get(word, word)


class _Article(MarkdownConverter):
    web = ""

    def convert_div(self, el: Any, text: str, parent_tags: set[str]) -> str:
        if el.get("id") == "toc":
            return ""
        if el.get("data-for"):
            return f"\n\n**{systems(el['data-for'])}:**\n\n{text.strip()}\n\n"
        return f"\n\n{text.strip()}\n\n" if "_inline" not in parent_tags else text

    def convert_span(self, el: Any, text: str, **_where: Any) -> str:
        if el.get("data-for") and text.strip():
            return f" ({systems(el['data-for'])}: {text.strip()}) "
        return text

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        target = el.get("href") or ""
        if target.startswith("#"):
            return text
        if target.startswith("/") and not target.startswith("//"):
            el["href"] = self.web + target
        return str(super().convert_a(el, text, parent_tags))  # type: ignore[misc]  # not in its types

    def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:
        el["src"] = el.get("data-original-src") or el.get("src") or ""
        return str(super().convert_img(el, text, parent_tags))  # type: ignore[misc]  # not in its types

    def convert_iframe(self, *_args: Any, **_where: Any) -> str:
        return ""
