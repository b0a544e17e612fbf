"""What the page of a thread shows, put together for its template."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from community.events import thread_stream
from community.models import Member
from community.rendering.markdown import render
from community.rules.memo import Memo
from community.views.shared import KeptPage, SharedPage, own
from threads.forms.posts import ReplyForm
from threads.models import RECORD_FIELDS, Post, Practice, Relation, Thread, TimelineEntry, WorkingRecord
from threads.offers import offers_for_new_posts, post_offers, thread_offers
from threads.queries.thread_page import Linked, ThreadPage
from threads.queries.thread_part import Part
from threads.queries.windows import PostWindow, ShownPost
from threads.rendering.fragments import PostFacts, fragment
from threads.rendering.since import since_words
from threads.rendering.timeline import line_of
from threads.views.swarm_panel import swarm_context

Kinds = tuple[tuple[str, str], tuple[str, str]]

_BOTH = (False, True)
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


def kept_thread(found: ThreadPage) -> KeptPage:
    """The page of a thread for whoever has this part in it; besides, what is the viewer's own."""
    return KeptPage(("thread", found.key), lambda: shared_thread(found), partial(_own, found))


def _own(found: ThreadPage, page: SharedPage) -> dict[str, str]:
    offers: Offers = page.kept
    return {
        "seq": str(found.seq),
        "post_viewer": offers.for_viewer(found.viewer.pk, found.voted),
        **since_words(found.thread_id, found.position, found.newest, news=found.has_news),
        "shown_last": str(found.window.numbers[-1] if found.window.numbers else 1),
    }


def shared_thread(found: ThreadPage) -> SharedPage:
    """The page of a thread: what all who may do the same in it see alike, and its posts."""
    thread, window, part = found.thread, found.window, found.part
    offers = thread_offers(
        found.viewer, thread, part.rights, recorded=found.recorded, practised=found.practised, helps=part.helps
    )
    can = tuple(offers)
    swarm, page = _swarm(found), _pages(thread, window)
    matches_now = thread.is_unresolved and _is_part(part)

    def context() -> dict[str, Any]:
        return {
            **_shared_context(found),
            **swarm_context(found, can),
            "can": dict.fromkeys(can, True),
            "cannot_reply_reason": "" if "reply" in can else _("This thread is closed. A moderator can open it again."),
            "swarm": swarm,
            "matches_now": matches_now,
            "page": page,
            "replied": found.replied,
        }

    return SharedPage(
        template="threads/thread.html",
        facts=(
            found.shared,
            can,
            part.follows,
            part.asked,
            part.owns,
            part.handed,
            found.note.key,
            swarm,
            tuple(page.items()),
            found.replied,
            matches_now,
        ),
        context=context,
        own={"problem": fragment(window.problem.facts), "posts": "\n".join(_items(found))},
        space=thread.space_id,
        kept=Offers(found),
    )


def _shared_context(found: ThreadPage) -> dict[str, Any]:
    thread, resolution = found.thread, found.resolution
    record = getattr(thread, "record", None) or WorkingRecord(thread=thread)
    return {
        "thread": thread, "space": thread.space, "stream": str(thread_stream(thread.pk)),
        "seq": own("seq"), "post_viewer": own("post_viewer"),
        "since": own("since"), "seen": own("seen"), "shown_last": own("shown_last"),
        "first_window": found.window.previous is None,
        "resolution": resolution,
        "resolution_summary": _rendered(resolution.summary) if resolution else "",
        "solutions": [_solution(post) for post in found.solutions],
        "practice": found.practice,
        "following": found.part.follows,
        "form": ReplyForm(),
        "record": record,
        "record_fields": record_fields(record),
        "relations": [_relation(link) for link in found.relations],
    }  # fmt: skip


def _relation(link: Linked) -> dict[str, Any]:
    other = Thread(pk=link.pk, title=link.title, status=link.status)
    return {"kind": Relation.Kind(link.kind).label, "other": other}


def _items(found: ThreadPage) -> Iterator[str]:
    """Posts, their notes, and what happened between them, in order."""
    window, events, notes = found.window, _Events(found), found.window.notes()
    yield from _notes(notes, window.problem)
    for post in window.posts():
        yield from events.before(post.facts.number)
        yield fragment(post.facts, is_solution=post.beside.solves)
        yield from _notes(notes, post)
    yield from events.before(None)


class _Events:
    """What happened between posts, each stretch of it drawn once for all who see the same of it in one language."""

    def __init__(self, found: ThreadPage) -> None:
        self._entries = found.entries
        self._numbers = found.entries.column("after_number")
        self._about = found.entries.column("practice_id")
        self._told = found.told
        self._place = 0

    def before(self, number: int | None) -> Iterator[str]:
        """What happened before the post with this number and after the one asked for last; None for the rest."""
        start = self._place
        while self._place < len(self._numbers) and (number is None or self._numbers[self._place] < number):
            self._place += 1
        if start < self._place:
            stretch = slice(start, self._place)
            rows = tuple(self._entries.rows[stretch])
            told = {pk: self._told[pk] for pk in self._about[stretch] if pk in self._told}
            titles = tuple(practice.title for practice in told.values())
            key = rows, tuple(told), titles, get_language()
            yield _drawn_events.get(key, lambda: _draw(self._entries.things()[stretch], told))


def _draw(entries: list[TimelineEntry], told: Mapping[int, Practice]) -> str:
    lines = []
    for entry in entries:
        if entry.practice_id is not None:
            if entry.practice_id not in told:
                continue
            entry.practice = told[entry.practice_id]
        lines.append(line_of(entry))
    return render_to_string("threads/parts/events.html", {"lines": lines}) if lines else ""


def _notes(under: dict[int, list[ShownPost]], post: ShownPost) -> Iterator[str]:
    notes = under.get(post.facts.pk, [])
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
    if not window.is_part:
        return last
    base = reverse("thread", args=[thread.pk])
    shown = window.numbers
    return last | {
        "first_number": shown[0] if shown else 1,
        "last_number": shown[-1] if shown else 1,
        "total": thread.last_number,
        "first_url": base,
        "previous_url": f"{base}?from={window.previous}" if window.previous is not None else None,
        "next_url": f"{base}?from={window.next}" if window.next is not None else None,
        "last_url": f"{base}?from=last" if window.next is not None else None,
    }


def _is_part(part: Part) -> bool:
    """Whether somebody has to do with the thread, so that who could help is found out for them at once."""
    return part.asks or part.owns or part.helps or part.moderates


def _swarm(found: ThreadPage) -> tuple[Working, ...]:
    """Who wrote here lately, besides the asker, the owner and the helpers."""
    thread, window = found.thread, found.window
    skipped = {thread.author_id, thread.owner_id, *found.helpers.column("member_id")}
    people: dict[int, Working] = {}
    for post in window.posts():
        facts, beside = post.facts, post.beside
        if facts.author_id not in skipped and facts.deleted_at is None:
            center = Named(beside.center_now) if beside.center_now else None
            organization = Named(beside.organization_now)
            people[facts.author_id] = Working(facts.author_id, facts.handle, facts.name, organization, center)
    return tuple(people.values())[:_SWARM_SHOWN]


class Offers:
    """What whoever has this part in the thread may do with each of its posts, for the script of the page."""

    def __init__(self, found: ThreadPage) -> None:
        window = found.window
        notes = [note for under in window.notes().values() for note in under]
        self._found = found
        self._stand_in = Post(thread=found.thread)
        self._known: dict[tuple[bool | str, ...], Kinds] = {}
        self._posts = [self._kinds(post) for post in (window.problem, *window.posts(), *notes)]
        new = offers_for_new_posts(found.viewer, found.thread, found.part.rights)
        self._new = json.dumps(new)[1:]
        del self._found, self._stand_in

    def for_viewer(self, me: int, voted: frozenset[int]) -> str:
        """The same for one viewer, with what they voted for."""
        posts = [
            f'"{pk}": {{"voted": {"true" if pk in voted else "false"}, "can": {kinds[author == me][deleter == me]}}}'
            for pk, author, deleter, kinds in self._posts
        ]
        told = f"{{{', '.join(posts)}, {self._new}"
        return f'<script id="post-viewer" type="application/json">{told}</script>'

    def _kinds(self, post: ShownPost) -> tuple[int, int, int | None, Kinds]:
        """The post with its offers, for others and for its author; each for others and for whoever deleted it."""
        facts, beside = post.facts, post.beside
        alike = (
            facts.number == 1, facts.parent_id is not None, facts.deleted_at is not None, beside.author_is_active,
            beside.author_site,
        )  # fmt: skip
        kinds = self._known.get(alike)
        if kinds is None:
            other, author = [self._by_deleter(post, own=own) for own in _BOTH]
            kinds = self._known[alike] = other, author
        return facts.pk, facts.author_id, beside.deleted_by_id, kinds

    def _by_deleter(self, shown: ShownPost, *, own: bool) -> tuple[str, str]:
        others = self._of(shown, own=own, by_me=False)
        return others, self._of(shown, own=own, by_me=True) if shown.facts.deleted_at else others

    def _of(self, shown: ShownPost, *, own: bool, by_me: bool) -> str:
        member, post, facts, beside = self._found.viewer, self._stand_in, shown.facts, shown.beside
        post.number, post.parent_id, post.deleted_at = facts.number, facts.parent_id, facts.deleted_at
        other = Member(pk=0, is_active=beside.author_is_active, source_site=beside.author_site)
        post.author = member if own else other
        post.deleted_by_id = member.pk if by_me else None
        return json.dumps(post_offers(member, post, self._found.part.rights))


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
