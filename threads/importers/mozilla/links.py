"""Links to articles of the knowledge base, as answers have them."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

_HREF = re.compile(r"""\bhref\s*=\s*(["'])([^"']*)\1""", re.IGNORECASE)
_LONGEST_SLUG = 255


class ArticleLinks:
    """Finds the links to articles of one site, in whatever language and with whatever behind the address."""

    def __init__(self, site: str) -> None:
        self._article = re.compile(
            rf"(?:https?://{re.escape(site)})?/(?:([a-z]{{2,3}}(?:-[a-z]+)?)/)?kb/([^/?#]+)", re.IGNORECASE
        )

    def found_in(self, html: str) -> Iterator[tuple[str, str]]:
        """The language (empty when the address names none) and the name of each article that is linked to."""
        for _quote, written in _HREF.findall(html):
            link = self._article.match(unescape(written).strip())
            if link is not None:
                yield link[1] or "", unquote(link[2]).strip()[:_LONGEST_SLUG]
