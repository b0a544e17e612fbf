"""What the page of a thread shows, put together for its template."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from community.events.reading import newest_number
from community.events.streams import thread_stream
from community.models import Member, Organization
from community.rendering.markdown import render
from reputation.queries.votes import voted_among
from threads.forms.posts import ReplyForm
from threads.models import RECORD_FIELDS, Post, Thread, WorkingRecord
from threads.offers import offers_by_post, offers_for_new_posts, thread_offers
from threads.policies.rights import rights_in
from threads.queries.archive import practice_of
from threads.queries.posts import PostWindow, window_of
from threads.queries.resolutions import record_of, solution_ids, standing_resolution
from threads.queries.threads import is_following, related_to, timeline_between
from threads.rendering.fragments import post_fragment
from threads.rendering.timeline import Line, line_of

_NO_END = 2**31 - 1
_SWARM_SHOWN = 8


@dataclass(frozen=True)
class ShownPost:
    """A post as it stands in the stream."""

    fragment: SafeString


@dataclass(frozen=True)
class ShownLines:
    """What happened between two posts."""

    lines: list[Line]


@dataclass(frozen=True)
class ShownSolution:
    """A solving post, pinned under the problem."""

    number: int
    author: Member
    organization: Organization
    created_at: datetime
    url: str
    rendered: SafeString


def thread_context(member: Member, thread: Thread, *, start: int, form: ReplyForm | None = None) -> dict[str, Any]:
    """Everything threads/thread.html needs. The stream's number is read first, so that no event falls between."""
    stream = thread_stream(thread.pk)
    seq = newest_number(stream)
    rights = rights_in(member, thread)
    resolution = standing_resolution(thread)
    solved_by = solution_ids(resolution)
    window = window_of(thread, start=start, solution_ids=solved_by)
    can = thread_offers(member, thread, rights)
    practice = practice_of(member, thread)
    record = record_of(thread)
    return {
        "thread": thread, "space": thread.space, "stream": str(stream), "seq": seq,
        "problem": ShownPost(post_fragment(window.problem)),
        "first_window": window.previous is None,
        "items": _items(thread, window, set(solved_by)),
        "resolution": resolution,
        "resolution_summary": _rendered(resolution.summary) if resolution else "",
        "solutions": [shown_solution(post) for post in window.solutions],
        "practice": practice,
        "page": _pages(thread, window),
        "can": {name: True for name in can if name != "record_practice" or practice is None},
        "cannot_reply_reason": "" if "reply" in can else _("This thread is closed. A moderator can open it again."),
        "following": is_following(member, thread),
        "form": form or ReplyForm(),
        "record": record,
        "record_fields": record_fields(record),
        "swarm": _swarm(thread, window),
        "relations": _relations(member, thread),
        "viewer": _viewer_data(member, thread, window, rights),
    }  # fmt: skip


def _relations(member: Member, thread: Thread) -> list[dict[str, Any]]:
    links = related_to(member, thread)
    return [{"get_kind_display": link.get_kind_display(), "other": other} for link, other in links]


def _items(thread: Thread, window: PostWindow, solved_by: set[int]) -> list[ShownPost | ShownLines]:
    first = window.posts[0].number - 1 if window.previous is not None and window.posts else 0
    last = window.next - 1 if window.next is not None else _NO_END
    entries = timeline_between(thread, first, last)
    items: list[ShownPost | ShownLines] = []
    items += _shown_notes(window, window.problem)
    for post in window.posts:
        before = [entry for entry in entries if entry.after_number < post.number]
        entries = entries[len(before) :]
        items += _shown_lines([line_of(entry) for entry in before])
        items.append(ShownPost(post_fragment(post, is_solution=post.pk in solved_by)))
        items += _shown_notes(window, post)
    items += _shown_lines([line_of(entry) for entry in entries])
    return items


def _shown_lines(lines: list[Line]) -> list[ShownPost | ShownLines]:
    return [ShownLines(lines)] if lines else []


def _shown_notes(window: PostWindow, post: Post) -> Iterator[ShownPost]:
    notes = window.notes.get(post.pk, [])
    yield from (ShownPost(post_fragment(note)) for note in notes)
    if post.note_count > len(notes):
        yield ShownPost(_more_notes(post, post.note_count - len(notes)))


def _more_notes(post: Post, count: int) -> SafeString:
    words = _("%(count)d more notes") % {"count": count}
    address = reverse("post", args=[post.pk])
    return format_html('<p class="post note more-notes"><a href="{}#notes">{}</a></p>', address, words)


def shown_solution(post: Post) -> ShownSolution:
    """A solving post for the place under the problem."""
    rendered = mark_safe(post.html)  # noqa: S308  (sanitized when written)
    return ShownSolution(
        post.number, post.author, post.organization, post.created_at, post.get_absolute_url(), rendered
    )


def _pages(thread: Thread, window: PostWindow) -> dict[str, Any]:
    base = reverse("thread", args=[thread.pk])
    shown = [post.number for post in window.posts]
    return {
        "first_number": shown[0] if shown else 1,
        "last_number": shown[-1] if shown else 1,
        "total": thread.last_number,
        "first_url": base,
        "previous_url": f"{base}?from={window.previous}" if window.previous is not None else None,
        "next_url": f"{base}?from={window.next}" if window.next is not None else None,
        "last_url": f"{base}?from=last" if window.next is not None else None,
        "is_last": window.next is None,
    }


def record_fields(record: WorkingRecord) -> list[dict[str, Any]]:
    """The four fields with their labels and texts as HTML."""
    labels = field_labels()
    return [{"name": name, "label": labels[name], "html": _rendered(text)} for name, text in record.fields.items()]


def _rendered(text: str) -> SafeString:
    return mark_safe(render(text) if text else "")  # noqa: S308  (sanitized)


def field_labels() -> dict[str, str]:
    """What the four fields of a record are called."""
    words = (_("Problem"), _("Environment"), _("Cause"), _("Resolution"))
    return dict(zip(RECORD_FIELDS, words, strict=True))


def _swarm(thread: Thread, window: PostWindow) -> list[dict[str, Any]]:
    skipped = {thread.author_id, thread.owner_id}
    people = {post.author_id: post for post in window.posts if post.author_id not in skipped and not post.deleted_at}
    return [{"member": post.author} for post in list(people.values())[:_SWARM_SHOWN]]


def _viewer_data(member: Member, thread: Thread, window: PostWindow, rights: Any) -> dict[str, Any]:
    posts = {post.pk: post for post in window.everything}
    voted = voted_among(member, posts)
    offers = offers_by_post(member, posts.values(), rights)
    own = {str(pk): {"voted": pk in voted, "can": can} for pk, can in offers.items()}
    return {**own, **offers_for_new_posts(member, thread, rights)}
