"""What strangers may read of a practice's HTML: no picture, and no link that leads into the network.

A copy is made when a practice is published. Its links to other practices are kept in it as they lead inside, and become
links outside, or nothing, each time the copy is read: what they lead to comes and goes.
"""

from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser
from re import compile as compiled
from types import MappingProxyType
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

_NOWHERE: Mapping[int, str] = MappingProxyType({})
_PRACTICE = compiled(r"/practices/(\d{1,18})/(?:[?#]|$)")
_KEPT_LINK = compiled(r'<a href="/practices/(\d{1,18})/">')


def copied_html(html: str) -> str:
    """Sanitized HTML for a copy to keep: as `public_html`, but with links to practices as they are."""
    return _written(html, None)


def practices_linked(html: str) -> set[int]:
    """The ids of the practices that a kept copy links to."""
    return {int(found) for found in _KEPT_LINK.findall(html)}


def public_html(html: str, published: Mapping[int, str] = _NOWHERE) -> str:
    """Sanitized HTML without what strangers cannot open, or should not hear of.

    Links to practices that are `published` (addresses by id) lead there. Other links into the network lose their words
    too: those may be the title of what they lead to.
    """
    return _written(html, published)


def _written(html: str, published: Mapping[int, str] | None) -> str:
    outside = _Outside(published)
    outside.feed(html)
    outside.close()
    return "".join(outside.parts)


class _Outside(HTMLParser):
    def __init__(self, published: Mapping[int, str] | None) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._published = published
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self._put(escape(_("(picture)")))
        elif tag == "a":
            self._begin_link(dict(attrs))
        else:
            self._put(self.get_starttag_text() or "")

    def _begin_link(self, attributes: Mapping[str, str | None]) -> None:
        href = attributes.get("href") or ""
        address = self._address_of(href)
        if address is not None:
            self._put(f'<a href="{escape(address)}">')
        elif leads_outside(href):
            self._put(self.get_starttag_text() or "")
        else:
            named = "mention" in (attributes.get("class") or "").split()
            self._put(escape(_("somebody") if named else _("(inside the network)")))
            self._silent = True

    def _address_of(self, href: str) -> str | None:
        path = href.removeprefix(settings.SITE_URL)
        found = _PRACTICE.match(path)
        if found is None:
            return None
        return f"/practices/{int(found[1])}/" if self._published is None else self._published.get(int(found[1]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._silent:
            self._silent = False
        else:
            self._put(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._put(data)

    def handle_entityref(self, name: str) -> None:
        self._put(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._put(f"&#{name};")

    def _put(self, part: str) -> None:
        if not self._silent:
            self.parts.append(part)


def leads_outside(href: str) -> bool:
    """Whether a link leads to another site, or writes to somebody."""
    parts = urlsplit(href)
    if parts.scheme == "mailto":
        return True
    return parts.scheme in {"http", "https"} and parts.netloc.lower() != urlsplit(settings.SITE_URL).netloc.lower()
