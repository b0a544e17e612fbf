"""What happened to a thread between its posts, as one line each in the reader's language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from threads.facts.threads import PRACTICE_RECORDED, SWARM_CHANGED, THREAD_CHANGED, THREAD_REOPENED, THREAD_RESOLVED
from threads.models import Severity, Thread, TimelineEntry


@dataclass(frozen=True)
class Line:
    """One line: a picture of the sprite, a sentence, when, and whether it is good news."""

    icon: str
    sentence: SafeString
    at: datetime
    good: bool = False


def line_of(entry: TimelineEntry) -> Line:
    """The line of one entry. Needs `actor` loaded."""
    icon, good = _LOOKS.get(entry.kind, ("next", False))
    words = _WORDS.get(entry.kind, lambda _data: format_html("{}", entry.kind))(entry.data)
    who = format_html('<a href="/people/{}/">{}</a>', entry.actor.handle, entry.actor.name) if entry.actor else ""
    return Line(icon, format_html("{} {}", who, words), entry.at, good)


_LOOKS = {
    THREAD_RESOLVED.name: ("resolved", True),
    THREAD_REOPENED.name: ("reopen", False),
    THREAD_CHANGED.name: ("edit", False),
    SWARM_CHANGED.name: ("users", False),
    PRACTICE_RECORDED.name: ("archive", True),
}


def _resolved(data: dict[str, Any]) -> SafeString:
    posts = format_html_join(", ", '<a href="#post-{}">#{}</a>', ((number, number) for number in data.get("posts", ())))
    return (
        format_html("{} {}", _("resolved the thread with"), posts)
        if posts
        else format_html("{}", _("resolved the thread"))
    )


def _reopened(data: dict[str, Any]) -> SafeString:
    reason = data.get("reason")
    return (
        format_html("{} “{}”", _("reopened the thread:"), reason)
        if reason
        else format_html("{}", _("reopened the thread"))
    )


def _changed(data: dict[str, Any]) -> SafeString:
    names = {
        "title": _("title"), "status": _("status"), "severity": _("severity"), "product": _("product"),
        "product_version": _("version"), "tags": _("tags"), "environment": _("environment"),
    }  # fmt: skip
    said = [(names.get(name, name), _value(name, value)) for name, value in data.items()]
    return format_html("{} {}", _("changed"), format_html_join(", ", "{} {}", said))


def _value(name: str, value: Any) -> SafeString | str:
    if name == "environment":
        return ""
    if name == "status":
        value = Thread.Status(value).label
    if name == "severity":
        value = Severity(value).label
    shown = ", ".join(value) if isinstance(value, list) else (value or _("none"))
    return format_html("→ {}", shown)


def _swarm(data: dict[str, Any]) -> SafeString:
    owner, step = data.get("owner"), (data.get("next_action") or {}).get("what")
    parts = [format_html("{}: {}", _("owner"), owner["name"] if owner else _("nobody"))]
    if step:
        parts.append(format_html("{}: {}", _("next"), step))
    return format_html_join(" · ", "{}", ((part,) for part in parts))


def _recorded(data: dict[str, Any]) -> SafeString:
    return format_html('{} <a href="{}">{}</a>', _("recorded it in the archive:"), data["url"], data["title"])


_WORDS = {
    THREAD_RESOLVED.name: _resolved,
    THREAD_REOPENED.name: _reopened,
    THREAD_CHANGED.name: _changed,
    SWARM_CHANGED.name: _swarm,
    PRACTICE_RECORDED.name: _recorded,
}
