"""What changed since somebody was here, as lines in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Member
from threads.models import Thread, TimelineEntry
from threads.rendering.timeline import Line, line_of

_MOST_NAMES = 3


@dataclass(frozen=True)
class NewPosts:
    """Posts of others: how many (`bounded` when there are more), by whom, most first, and the first of them."""

    count: int
    bounded: bool
    authors: tuple[Member, ...]
    first: int
    newest_at: datetime


@dataclass(frozen=True)
class NewInRecord:
    """Which fields of the record others changed, who they are, the last first, and when that was."""

    fields: tuple[str, ...]
    authors: tuple[Member, ...]
    at: datetime


@dataclass(frozen=True)
class Since:
    """What changed since `at`; nothing for whoever was never there. `entries` are of the timeline, oldest first."""

    at: datetime | None = None
    number: int = 0
    posts: NewPosts | None = None
    record: NewInRecord | None = None
    entries: list[TimelineEntry] = field(default_factory=list)
    more: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return self.posts is None and self.record is None and not self.entries


def since_lines(thread: Thread, found: Since) -> list[Line]:
    """At most eight lines: new posts, the record, then what happened, oldest first."""
    lines = []
    if found.posts is not None:
        lines.append(Line("reply", _posts(thread, found.posts), found.posts.newest_at))
    if found.record is not None:
        lines.append(Line("edit", _record(found.record), found.record.at))
    return lines + [line_of(entry) for entry in found.entries]


def _posts(thread: Thread, posts: NewPosts) -> SafeString:
    words = ngettext("%(n)d new post by", "%(n)d new posts by", posts.count) % {"n": posts.count}
    if posts.bounded:
        words = _("more than %(n)d new posts by") % {"n": posts.count}
    link = format_html('<a href="{}?from={}">{}</a>', thread.get_absolute_url(), posts.first, _("read them"))
    return format_html("{} {}: {}", words, _names(posts.authors), link)


def _record(record: NewInRecord) -> SafeString:
    names = {
        "problem": _("Problem"), "environment": _("Environment"), "cause": _("Cause"), "resolution": _("Resolution"),
    }  # fmt: skip
    fields = ", ".join(names.get(name, name) for name in record.fields)
    if not record.authors:
        return format_html("{} {}", _("the record changed:"), fields)
    return format_html("{} {} {}", _names(record.authors), _("changed in the record:"), fields)


def _names(members: Sequence[Member]) -> SafeString:
    shown = format_html_join(
        ", ", '<a href="/people/{}/">{}</a>', ((member.handle, member.name) for member in members[:_MOST_NAMES])
    )
    more = len(members) - _MOST_NAMES
    if more <= 0:
        return shown
    return format_html("{} {}", shown, ngettext("and %(n)d other", "and %(n)d others", more) % {"n": more})


def since_words(thread: int, position: int | None, newest: int, *, news: bool) -> dict[str, str]:
    """For the thread's page: up to which post the viewer has read (`seen`), and the line that says what is new."""
    seen = str(position or 0)
    if position is None or not news:
        return {"seen": seen, "since": ""}
    page, part = reverse("thread", args=[thread]), reverse("thread-since", args=[thread])
    first = ""
    if position < newest:
        words = _("First unread: #%(number)d") % {"number": position + 1}
        first = format_html(
            '<a class="button small" href="{}?from={}" data-first-unread>{}</a>', page, position + 1, words
        )
    lines = format_html(
        '<details class="since"><summary>{}</summary><div data-lazy="{}?part"><a href="{}">{}</a></div></details>',
        _("Since you were here"), part, part, _("What changed"),
    )  # fmt: skip
    return {"seen": seen, "since": format_html('<div class="since-bar" id="since">{}{}</div>', first, lines)}
