"""Answers that everybody gets alike and anybody may keep for a minute: what they are drawn from is all that they say.

They are drawn without a request, so that no session, no member and no token can get into them.
"""

import re
from collections.abc import Hashable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from community.rules.memo import Memo

HTML = "text/html; charset=utf-8"
KEPT = "public, max-age=60"
NOT_KEPT = "no-store"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_MOST_KEPT = 8 * 1024 * 1024
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_drawn: Memo[bytes] = Memo(most=_MOST_KEPT, size=len)


@cache
def look() -> str:
    """What changes whenever the pages are drawn otherwise, whatever they say."""
    digest = sha256()
    for path in sorted(Path(settings.BASE_DIR, "templates", "public").iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def tag_of(facts: Hashable) -> str:
    """The mark of an answer with these facts. Weak: the same page is sent compressed in several ways."""
    return f'W/"{sha256(repr(facts).encode(errors="surrogatepass")).hexdigest()[:32]}"'


def drawn(template: str, facts: Hashable, context: Mapping[str, Any]) -> bytes:
    """The answer, drawn once for these facts."""

    def draw() -> bytes:
        return render_to_string(template, {"site_url": settings.SITE_URL, **context}).encode(errors="replace")

    return _drawn.get((template, facts), draw)


def in_xml(text: str) -> str:
    """The text without the characters that XML has no place for."""
    return _NOT_XML.sub("", text)
