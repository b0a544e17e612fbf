"""What the page of a thread shows, put together for its template."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from community.events import thread_stream
from community.models import Member
from community.queries.prepared import held
from community.rendering.markdown import render
from community.rules.memo import Memo
from community.views.shared import SharedPage
from threads.forms.posts import ReplyForm
from threads.models import RECORD_FIELDS, Post, Thread, TimelineEntry, WorkingRecord
from threads.offers import offers_for_new_posts, post_offers, thread_offers
from threads.queries.thread_page import ThreadPage
from threads.queries.windows import PostWindow, ShownPost
from threads.rendering.fragments import PostFacts, fragment
from threads.rendering.timeline import line_of

_SWARM_SHOWN = 8
_MOST_EVENTS_KEPT = 4 * 1024 * 1024

_drawn_events: Memo[str] = Memo(most=_MOST_EVENTS_KEPT, size=len)


@dataclass(frozen=True)
class Named:
    """Something that is shown by its name."""

    name: str


@dataclass(frozen=True)
class Working:
    """Somebody who wrote in the thread, as the panel names them."""

    pk: int
    handle: str
    name: str
    organization: Named
    center: Named | None


def shared_thread(member: Member, found: ThreadPage) -> SharedPage:
    """The page of a thread: what all who may do the same in it see alike, and beside it the posts and what is the
    viewer's."""
    thread, window = found.thread, found.window
    offers = thread_offers(member, thread, found.rights)
    can = tuple(name for name in offers if name != "record_practice" or found.practice is None)
    swarm, page, replied = _swarm(thread, window), _pages(thread, window), thread.reply_count > 0

    def context() -> dict[str, Any]:
        return {
            **_shared_context(found),
            "can": dict.fromkeys(can, True),
            "cannot_reply_reason": "" if "reply" in can else _("This thread is closed. A moderator can open it again."),
            "swarm": swarm,
            "page": page,
            "replied": replied,
        }

    return SharedPage(
        template="threads/thread.html",
        facts=(found.shared, can, found.following, swarm, tuple(page.items()), replied),
        context=context,
        own={
            "seq": str(found.seq),
            "problem": fragment(window.problem.facts),
            "posts": "\n".join(_items(found)),
            "post_viewer": _viewer_data(member, found),
        },
        space=thread.space_id,
    )


def _shared_context(found: ThreadPage) -> dict[str, Any]:
    thread, resolution = found.thread, found.resolution
    record = getattr(thread, "record", None) or WorkingRecord(thread=thread)
    held(thread, "tags", found.tags.objects())
    held(thread, "audience_organizations", found.organizations.objects())
    return {
        "thread": thread, "space": thread.space, "stream": str(thread_stream(thread.pk)),
        "first_window": found.window.previous is None,
        "resolution": resolution,
        "resolution_summary": _rendered(resolution.summary) if resolution else "",
        "solutions": [_solution(post) for post in found.solutions],
        "practice": found.practice,
        "following": found.following,
        "form": ReplyForm(),
        "record": record,
        "record_fields": record_fields(record),
        "relations": [{"kind": kind, "other": other} for kind, other in found.relations],
    }  # fmt: skip


def _items(found: ThreadPage) -> Iterator[str]:
    """Posts, their notes, and what happened between them, in order."""
    window, events = found.window, _Events(found)
    yield from _notes(window, window.problem)
    for post in window.posts:
        yield from events.before(post.facts.number)
        yield fragment(post.facts, is_solution=post.beside.solves)
        yield from _notes(window, post)
    yield from events.before(None)


class _Events:
    """What happened between posts, each stretch of it drawn once for all viewers of one language."""

    def __init__(self, found: ThreadPage) -> None:
        self._entries = found.entries
        self._numbers = found.entries.column("after_number")
        self._place = 0

    def before(self, number: int | None) -> Iterator[str]:
        """What happened before the post with this number and after the one asked for last; None for the rest."""
        start = self._place
        while self._place < len(self._numbers) and (number is None or self._numbers[self._place] < number):
            self._place += 1
        if start < self._place:
            stretch = slice(start, self._place)
            rows = tuple(self._entries.rows[stretch])
            yield _drawn_events.get((rows, get_language()), lambda: _draw(self._entries.objects()[stretch]))


def _draw(entries: list[TimelineEntry]) -> str:
    return render_to_string("threads/parts/events.html", {"lines": [line_of(entry) for entry in entries]})


def _notes(window: PostWindow, post: ShownPost) -> Iterator[str]:
    notes = window.notes.get(post.facts.pk, [])
    yield from (fragment(note.facts) for note in notes)
    if post.beside.note_count > len(notes):
        yield _more_notes(post.facts.pk, post.beside.note_count - len(notes))


def _more_notes(post_id: int, count: int) -> SafeString:
    words = _("%(count)d more notes") % {"count": count}
    address = reverse("post", args=[post_id])
    return format_html('<p class="post note more-notes"><a href="{}#notes">{}</a></p>', address, words)


def _solution(post: PostFacts) -> dict[str, Any]:
    """A solving post for the place under the problem."""
    rendered = mark_safe(post.html)  # noqa: S308  (sanitized when written)
    return {"post": post, "url": reverse("post-permalink", args=[post.pk]), "rendered": rendered}


def _pages(thread: Thread, window: PostWindow) -> dict[str, Any]:
    last = {"is_last": window.next is None}
    if window.previous is None and window.next is None:
        return last
    base = reverse("thread", args=[thread.pk])
    shown = [post.facts.number for post in window.posts]
    return last | {
        "first_number": shown[0] if shown else 1,
        "last_number": shown[-1] if shown else 1,
        "total": thread.last_number,
        "first_url": base,
        "previous_url": f"{base}?from={window.previous}" if window.previous is not None else None,
        "next_url": f"{base}?from={window.next}" if window.next is not None else None,
        "last_url": f"{base}?from=last" if window.next is not None else None,
    }


def _swarm(thread: Thread, window: PostWindow) -> tuple[Working, ...]:
    skipped = {thread.author_id, thread.owner_id}
    people: dict[int, Working] = {}
    for post in window.posts:
        facts, beside = post.facts, post.beside
        if facts.author_id not in skipped and facts.deleted_at is None:
            center = Named(beside.center_now) if beside.center_now else None
            organization = Named(beside.organization_now)
            people[facts.author_id] = Working(facts.author_id, facts.handle, facts.name, organization, center)
    return tuple(people.values())[:_SWARM_SHOWN]


def _viewer_data(member: Member, found: ThreadPage) -> SafeString:
    """What the viewer voted for and what they may do with each post, for the script."""
    window = found.window
    notes = [note for under in window.notes.values() for note in under]
    offers = _Offers(member, found)
    own = {
        post.facts.pk: {"voted": bool(post.beside.voted), "can": offers.of(post)}
        for post in (window.problem, *window.posts, *notes)
    }
    return json_script({**own, **offers_for_new_posts(member, found.thread, found.rights)}, "post-viewer")


class _Offers:
    """What the viewer may do with posts, found out once for posts that are alike to the policies."""

    def __init__(self, member: Member, found: ThreadPage) -> None:
        self._member, self._thread, self._rights = member, found.thread, found.rights
        self._known: dict[tuple[bool, ...], list[str]] = {}

    def of(self, post: ShownPost) -> list[str]:
        """The offers of a post."""
        facts, me = post.facts, self._member.pk
        deleted, by_me = facts.deleted_at is not None, post.beside.deleted_by_id == me
        alike = (facts.number == 1, facts.parent_id is not None, facts.author_id == me, deleted, by_me)
        if alike not in self._known:
            like = {"number": facts.number, "parent_id": facts.parent_id, "author_id": facts.author_id}
            gone = {"deleted_at": facts.deleted_at, "deleted_by_id": post.beside.deleted_by_id}
            stand_in = Post(thread=self._thread, **like, **gone)
            self._known[alike] = post_offers(self._member, stand_in, self._rights)
        return self._known[alike]


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
