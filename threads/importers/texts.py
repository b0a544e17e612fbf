"""What importers do to the texts of others."""

import hashlib
import re

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from community.rendering.markdown import plain_text
from threads.importers.report import Report
from threads.rules.imported import tag_slug
from threads.rules.limits import TAGS_PER_THREAD, TITLE_LENGTH

_LONGEST_ID = 64
_LOCAL = re.compile(r"""\b(href|src)=(["'])(?=[/#])(?!//)([^"']*)\2""")
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def storable(text: str) -> tuple[str, int]:
    """The text without characters that databases and pages cannot have, and how many those were."""
    return _UNSTORABLE.subn("", text)


def short_id(key: str) -> str:
    """The id, or what stands for it when it is too long to be kept."""
    return key if len(key) <= _LONGEST_ID else hashlib.sha256(key.encode()).hexdigest()


def one_line(text: str | None) -> str:
    """The text without breaks and without space around it."""
    return " ".join((text or "").split())


def title_of(title: str | None, html: str | None, report: Report) -> str:
    """A title that can be shown: the beginning of the text where there is none, shortened where it is too long."""
    said = one_line(title)
    if not said:
        said = Truncator(plain_text(html or "")).chars(80) or _("Untitled")
        report.remarks[_("question without a title")] += 1
    if len(said) > TITLE_LENGTH:
        report.remarks[_("title shortened")] += 1
    return Truncator(said).chars(TITLE_LENGTH)


def tags_from(names: list[str], report: Report) -> tuple[str, ...]:
    """Tags as they are written here, as many as a thread may have."""
    slugs = list(dict.fromkeys(filter(None, map(tag_slug, names))))
    if len(slugs) > TAGS_PER_THREAD:
        report.remarks[_("tags beyond the %(most)dth left out") % {"most": TAGS_PER_THREAD}] += 1
    return tuple(slugs[:TAGS_PER_THREAD])


def with_whole_links(html: str, *, web: str, page: str) -> str:
    """The HTML with links that name their site: those within `web`, and those within the page itself."""

    def whole(match: "re.Match[str]") -> str:
        name, quote, target = match[1], match[2], match[3]
        return f"{name}={quote}{page if target.startswith('#') else web}{target}{quote}"

    return _LOCAL.sub(whole, html)
