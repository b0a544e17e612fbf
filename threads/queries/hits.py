"""From ranked entries to what a page or the API shows."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from community.models import Member
from community.queries.members import members_visible_to
from community.queries.prepared import Prepared
from community.rendering.markdown import plain_text
from threads.models import Playbook, Post, Practice, Resolution, SearchEntry, Thread, TimelineEntry
from threads.queries.archive import PRACTICE_PARTS, practices_visible_to
from threads.queries.candidates import Ranked
from threads.queries.carried import carrying
from threads.queries.findable import POSTS
from threads.queries.playbooks import playbooks_visible_to
from threads.queries.threads import THREAD_PARTS, threads_visible_to
from threads.rendering.event_texts import text_of_entry
from threads.rendering.highlights import highlighted, highlighted_excerpt
from threads.rendering.playbook_texts import text_of_playbook

Subject = Thread | Practice | Playbook | Member

_PLAYBOOK_PARTS = ("product", "space", "organization", "center")


@dataclass(frozen=True)
class Hit:
    """One thing found. `highlight` and `heading` (the title) are safe HTML with the words found in `<mark>`.

    `url` opens a thread at its best post. `score` is a share of the best hit's. `subject` is the thread, practice,
    playbook or member itself, with what a row shows; `facts` are all that was read of it. `because` says what raised
    it, where something did.
    """

    kind: str
    id: int
    title: str
    url: str
    score: float
    highlight: SafeString
    heading: SafeString
    source: dict[str, str] | None
    subject: Subject
    facts: Hashable
    because: str = ""


_thread_rows, _practice_rows, _playbook_rows = carrying(Thread), carrying(Practice), carrying(Playbook)
_threads = Prepared(lambda viewer, ids: threads_visible_to(viewer).filter(pk__in=ids).select_related(*THREAD_PARTS))
_practices = Prepared(
    lambda viewer, ids: practices_visible_to(viewer).filter(pk__in=ids).select_related(*PRACTICE_PARTS)
)
_playbooks = Prepared(
    lambda viewer, ids: playbooks_visible_to(viewer).filter(pk__in=ids).select_related(*_PLAYBOOK_PARTS)
)
_members = Prepared(lambda viewer, ids: members_visible_to(viewer).filter(pk__in=ids))
_standing_posts = Prepared(lambda ids: Post.objects.filter(deleted_at__isnull=True, pk__in=ids))


def _standing(threads: list[int]) -> "QuerySet[Any, Any]":
    standing = Resolution.objects.filter(thread_id__in=threads, reopened_at__isnull=True)
    return standing.values_list("thread_id", "summary")


_summaries: Prepared[Any] = Prepared(_standing)


def hits(viewer: Member, ranked: list[Ranked], terms: Collection[str]) -> list[Hit]:
    """Hits in the same order, loaded through the viewer; what they may not see (any more) is left out."""
    subjects = _subjects(viewer, [row.candidate.subject for row in ranked])
    fixes = _fixes(pk for kind, pk in subjects if kind == "thread")
    shown = [row for row in ranked if row.candidate.subject in subjects]
    posts, events = _posts(shown), _events(shown)
    return [
        _of_event(row, subjects[row.candidate.subject], events[row.candidate.object_id], terms)
        if row.candidate.kind == SearchEntry.Kind.EVENT and row.candidate.object_id in events
        else _hit(row, subjects[row.candidate.subject], posts.get(row.candidate.object_id), fixes, terms)
        for row in shown
    ]


def _subjects(viewer: Member, keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], tuple[Subject, Hashable]]:
    ids: dict[str, list[int]] = {}
    for kind, pk in keys:
        ids.setdefault(kind, []).append(pk)
    found: dict[tuple[str, int], tuple[Subject, Hashable]] = {}
    if "thread" in ids:
        (threads,) = _thread_rows(_threads(viewer, ids=ids["thread"]))
        found |= {("thread", row.pk): (row.thing(), row.facts) for row in threads}
    if "practice" in ids:
        (practices,) = _practice_rows(_practices(viewer, ids=ids["practice"]))
        found |= {("practice", row.pk): (row.thing(), row.facts) for row in practices}
    if "playbook" in ids:
        (playbooks,) = _playbook_rows(_playbooks(viewer, ids=ids["playbook"]))
        found |= {("playbook", row.pk): (row.thing(), row.facts) for row in playbooks}
    if "member" in ids:
        members = _members(viewer, ids=ids["member"])
        found |= {("member", row.pk): (row, facts) for row, facts in zip(members.things(), members.rows, strict=True)}
    return found


def _posts(ranked: Iterable[Ranked]) -> Mapping[int, Post]:
    """The best posts of threads that the viewer may see."""
    ids = [row.candidate.object_id for row in ranked if row.candidate.kind in POSTS[:2]]
    return {post.pk: post for post in _standing_posts(ids=ids).things()}


def _events(ranked: Iterable[Ranked]) -> Mapping[int, str]:
    """What was written into the timelines of threads that the viewer may see."""
    ids = [row.candidate.object_id for row in ranked if row.candidate.kind == SearchEntry.Kind.EVENT]
    entries = TimelineEntry.objects.filter(pk__in=ids).values_list("pk", "kind", "data") if ids else []
    return {pk: text_of_entry(kind, data) for pk, kind, data in entries}


def _of_event(row: Ranked, known: tuple[Subject, Hashable], text: str, terms: Collection[str]) -> Hit:
    """A thread found by what was written into its timeline; it opens there."""
    found, pk = _hit(row, known, None, {}, terms), row.candidate.object_id
    url = f"{reverse('thread-timeline', args=[found.id])}?from={pk}#event-{pk}"
    return replace(found, url=url, highlight=highlighted_excerpt(text, terms))


def _fixes(thread_ids: Iterable[int]) -> dict[int, str]:
    """What is said to have fixed the threads."""
    return dict(_summaries(threads=list(thread_ids)).rows)


def _hit(
    row: Ranked, known: tuple[Subject, Hashable], post: Post | None, fixes: Mapping[int, str], terms: Collection[str]
) -> Hit:
    (subject, facts), (kind, pk) = known, row.candidate.subject
    title = str(subject)
    shown = post if row.candidate.kind == SearchEntry.Kind.POST and post else subject
    return Hit(
        kind=kind,
        id=pk,
        title=title,
        url=shown.get_absolute_url(),
        score=round(row.score, 2),
        highlight=highlighted_excerpt(_text(subject, post, fixes), terms),
        heading=highlighted(title, terms),
        source=None if isinstance(subject, Playbook) else subject.source,
        subject=subject,
        facts=facts,
    )


def _text(subject: Subject, post: Post | None, fixes: Mapping[int, str]) -> str:
    """What the entry was made of, except the title."""
    if isinstance(subject, Thread):
        text = plain_text(post.html) if post else ""
        more = [subject.environment, fixes.get(subject.pk, "")] if post and post.is_problem else []
        return " · ".join(part for part in (text, *more) if part)
    if isinstance(subject, Practice):
        return plain_text(f"{subject.problem_html}<br>{subject.cause_html}<br>{subject.resolution_html}")
    if isinstance(subject, Playbook):
        return text_of_playbook(subject)
    return " · ".join(part for part in (f"@{subject.handle}", subject.organization.name, subject.about) if part)
