"""From what people type to HTML that is safe on every page. Made once, when written (DESIGN rule 3)."""

import html as html_entities
import re
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from community.rules.handles import MENTION

# Pygments' lexers take time that grows with the square of the text, some with more: so a little of each text is
# coloured, in languages whose worst case has been measured (tests/community/test_markdown_cost.py).
_MOST_HIGHLIGHTED = 5_000
_LANGUAGES = frozenset({
    "apacheconf", "bash", "batch", "c", "console", "cpp", "css", "diff", "docker", "go", "html", "http", "ini", "java",
    "javascript", "json", "kotlin", "lua", "nginx", "perl", "php", "powershell", "properties", "python", "registry",
    "ruby", "rust", "sql", "swift", "toml", "typescript", "xml", "yaml",
})  # fmt: skip
_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "span",
    "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul", "var",
}  # fmt: skip
_INLINE = {"a", "code", "em", "s", "strong"}
_ATTRIBUTES = {
    "a": {"href", "title", "class"},
    "abbr": {"title"},
    "code": {"class"},
    "div": {"class"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "li": {"value"},
    "ol": {"start"},
    "pre": {"class"},
    "span": {"class"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
}
_CLASSES = re.compile(r"^(highlight|mention|language-[\w+#-]{1,30}|[a-z]{1,2}[a-z0-9]?)$")
_SHIFTED = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}
_HEADING = re.compile(r"(</?)(h[1-6])(?=[\s>])")


def render(text: str, *, handles: Collection[str] = frozenset()) -> str:
    """Markdown as safe HTML. `handles` are the members that exist among those mentioned; they become links."""
    return sanitize(_parser().render(text, {"handles": {handle.lower() for handle in handles}}))


def sanitize(html: str) -> str:
    """Any HTML, however broken or hostile, as HTML that cannot run, load from elsewhere or leave its place.

    Headings are lowered by two levels, because a page has its own above them. Images from other sites become links, so
    that reading a thread tells nobody that one reads it.
    """
    lowered = _HEADING.sub(lambda match: match[1] + _SHIFTED[match[2]], _cleaned(html))
    return _FOREIGN_IMAGE.sub(_image_link, lowered)


def sanitize_again(html: str) -> str:
    """HTML that is said to be sanitized already, made sure of: what `sanitize` gave stays as it is."""
    return _FOREIGN_IMAGE.sub(_image_link, _cleaned(html))


def _cleaned(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


_FOREIGN_IMAGE = re.compile(r'<img (?=[^>]*src="(?P<src>(?!/attachments/[0-9a-f-]+/")[^"]*)")[^>]*>')
_ALT = re.compile(r'alt="([^"]*)"')


def _image_link(match: re.Match[str]) -> str:
    source = match["src"]
    words = _ALT.search(match[0])
    text = (words[1] if words else "") or source.rsplit("/", 1)[-1]
    return f'<a href="{source}" rel="noopener noreferrer nofollow">{text}</a>' if source.startswith("http") else text


def _attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        kept = [name for name in value.split() if _CLASSES.match(name)]
        return " ".join(kept) or None
    if tag == "a" and attribute == "href" and value.lower().startswith(("javascript:", "data:")):
        return None
    return value


@lru_cache(maxsize=2048)
def inline(text: str) -> SafeString:
    """A line of Markdown as safe HTML within a sentence: emphasis, code and links; whatever makes blocks is words."""
    html = _parser().renderInline(" ".join(text.split()), {"handles": frozenset()})
    clean = nh3.clean(
        html,
        tags=_INLINE,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308  (cleaned in the line above)


@lru_cache(maxsize=2048)
def spoken(text: str) -> str:
    """Markdown without its marks, for where no HTML can stand."""
    return plain_text(render(text))


def mentioned_handles(text: str) -> set[str]:
    """Handles mentioned in Markdown outside code, in lower case."""
    found: set[str] = set()
    if "@" not in text:
        return found
    for token in _parser().parse(text, {"handles": None, "found": found}):
        for child in token.children or ():
            if child.type == "mention":
                found.add(child.content)
    return found


def plain_text(html: str) -> str:
    """The words of HTML, for searching and excerpts."""
    spaced = re.sub(r"<(?:br|/p|/li|/div|/h\d|/pre|/td|/tr|/blockquote)[^>]*>", " ", html)
    bare = html_entities.unescape(nh3.clean(spaced, tags=set()))
    return re.sub(r"\s+", " ", bare).strip()


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True, "highlight": _highlighted})
    parser.enable(["linkify", "table", "strikethrough"])
    parser.inline.ruler.push("mention", _mention)
    parser.inline.add_terminator_char("@")
    parser.add_render_rule("mention", _render_mention)
    parser.add_render_rule("fence", _render_fence)
    return parser


def _highlighted(code: str, language: str, _attributes: str) -> str:
    if not language:
        return ""
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return ""
    if lexer.aliases[0] not in _LANGUAGES:
        return ""
    inner: str = highlight(code, lexer, HtmlFormatter(nowrap=True))
    return f'<pre class="highlight"><code>{inner}</code></pre>'


def _render_fence(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Code, coloured as long as the whole text has not had its share."""
    env["coloured"] = env.get("coloured", 0) + len(tokens[index].content)
    if env["coloured"] > _MOST_HIGHLIGHTED:
        tokens[index].info = ""
    return renderer.fence(tokens, index, options, env)


def _mention(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "@":
        return False
    match = MENTION.match(state.src, state.pos)
    if match is None or state.linkLevel > 0:
        return False
    known = state.env.get("handles")
    handle = match[1].lower().rstrip(".-_")
    if known is not None and handle not in known:
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.content = handle
    state.pos += 1 + len(handle)
    return True


def _render_mention(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    handle = tokens[index].content
    return f'<a class="mention" href="/people/{handle}/">@{handle}</a>'
