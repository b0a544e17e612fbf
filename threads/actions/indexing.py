"""Keeps the search index: called by whatever writes, in the same transaction, so that the index is never behind.

The index knows no audience; queries check each hit against the viewer.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, Prefetch, QuerySet

from community.models import Member
from community.rendering.markdown import plain_text
from community.rules.statements import execute
from reputation.queries.skills import declared_words
from threads.models import Post, Practice, Resolution, SearchEntry, Thread, TimelineEntry
from threads.rendering.event_texts import FOUND, text_of_entry
from threads.rules.ranking import size
from threads.rules.words import terms_of

M = TypeVar("M", bound=Model)

MAX_TEXT = 40_000
_BATCH = 200
_POSTS = (SearchEntry.Kind.THREAD, SearchEntry.Kind.POST)
# The labels of a reply are the title and labels of its thread's own entry; its size is that of its text and theirs.
_REPLY = """
    INSERT INTO threads_searchentry (kind, subject_id, object_id, title, labels, body, size)
    SELECT 'post', %s, %s, '', labels, %s,
           %s + CASE labels WHEN '' THEN 0 ELSE length(labels) - length(replace(labels, ' ', '')) + 1 END
    FROM (
        SELECT coalesce(max(trim(title || ' ' || labels)), '') AS labels
        FROM threads_searchentry WHERE kind = 'thread' AND subject_id = %s
    ) AS thread
    WHERE true
    ON CONFLICT (kind, object_id) DO UPDATE
    SET subject_id = excluded.subject_id, title = excluded.title, labels = excluded.labels, body = excluded.body,
        size = excluded.size
"""


def index_post(post: Post) -> None:
    """Make a post found by what it and its thread say now; a deleted one not at all."""
    if post.deleted_at is not None:
        return
    if not post.is_problem:
        index_reply(post)
        return
    index_posts([post])
    if post.version > 1:
        _relabel_replies(_with_labels([post.thread_id])[post.thread_id])


def index_reply(post: Post) -> None:
    """Make a reply or note found by what it says and by what its thread is found by: title, product, version, tags.

    In a thread that is locked: nothing but this and the problem's entry is looked at, in one statement.
    """
    body = _words(plain_text(post.html))
    execute(_REPLY, [post.thread_id, post.pk, body, size(title="", labels="", body=body), post.thread_id])


def index_posts(posts: Iterable[Post]) -> None:
    """Make many posts found, in a few queries for each 200."""
    rows = list(posts)
    for start in range(0, len(rows), _BATCH):
        batch = [post for post in rows[start : start + _BATCH] if post.deleted_at is None]
        threads = _with_labels({post.thread_id for post in batch})
        _write([_post_entry(post, threads[post.thread_id]) for post in batch])


def unindex_post(post: Post) -> None:
    """Make a post found no more; the other posts of its thread still are."""
    SearchEntry.objects.filter(kind__in=_POSTS, object_id=post.pk).delete()


def index_thread(thread: Thread) -> None:
    """After a change of what its labels, environment or resolution say: make the thread and its replies found by it."""
    _relabel_replies(index_problem(thread))


def index_problem(thread: Thread) -> Thread:
    """Make the thread found by what it and its record say, but leave its replies; gives it as it is now."""
    current = _with_labels([thread.pk])[thread.pk]
    problem = Post.objects.filter(thread=thread, number=1, deleted_at__isnull=True)
    _write([_post_entry(post, current) for post in problem])
    return current


def index_event(entry: TimelineEntry) -> None:
    """Make an entry of the timeline found by what somebody wrote there, and its thread with it; most say nothing."""
    if text_of_entry(entry.kind, entry.data):
        index_events([entry])


def index_events(entries: Iterable[TimelineEntry]) -> None:
    """Make many entries of timelines found."""
    _write([_event_entry(entry) for entry in entries if text_of_entry(entry.kind, entry.data)])


def unindex_event(entry_id: int) -> None:
    """Make an entry of the timeline found no more."""
    SearchEntry.objects.filter(kind=SearchEntry.Kind.EVENT, object_id=entry_id).delete()


def index_practice(practice: Practice) -> None:
    """Make a practice found by what it says now."""
    index_practices([practice])


def unindex_practice(practice: Practice) -> None:
    """Make a practice found no more: it was merged into another one."""
    SearchEntry.objects.filter(kind=SearchEntry.Kind.PRACTICE, object_id=practice.pk).delete()


def index_practices(practices: Iterable[Practice]) -> None:
    """Make many practices found, in a few queries for each 200."""
    ids = [practice.pk for practice in practices]
    for start in range(0, len(ids), _BATCH):
        rows = Practice.objects.filter(pk__in=ids[start : start + _BATCH])
        _write([_practice_entry(row) for row in rows.select_related("product").prefetch_related("tags")])


def index_member(member: Member) -> None:
    """Make a member found by name, handle, organization, center, what they say of themselves and what they declared;
    nobody who left."""
    index_members([member])


def index_members(members: Iterable[Member]) -> None:
    """Make many members found, in a few queries for each 200."""
    ids = [member.pk for member in members]
    for start in range(0, len(ids), _BATCH):
        rows = list(Member.objects.filter(pk__in=ids[start : start + _BATCH]).select_related("organization", "center"))
        gone = [row.pk for row in rows if not row.is_active]
        SearchEntry.objects.filter(kind=SearchEntry.Kind.MEMBER, object_id__in=gone).delete()
        declared = declared_words([row.pk for row in rows])
        _write([_member_entry(row, declared.get(row.pk, [])) for row in rows if row.is_active])


def rebuild_index() -> Iterator[int]:
    """Write every entry anew, batch by batch, while people search and write, and drop entries of what is gone.

    Yields how many things each batch had. May be interrupted and repeated at any time.
    """
    yield from _rebuild(Post.objects.all(), index_posts)
    yield from _rebuild(Practice.objects.filter(merged_into__isnull=True), index_practices)
    yield from _rebuild(Member.objects.all(), index_members)
    yield from _rebuild(_found_events(), index_events)
    for kind in _POSTS:
        _drop_gone(kind, Post.objects.filter(deleted_at__isnull=True))
    _drop_gone(SearchEntry.Kind.PRACTICE, Practice.objects.filter(merged_into__isnull=True))
    _drop_gone(SearchEntry.Kind.MEMBER, Member.objects.filter(is_active=True))
    _drop_gone(SearchEntry.Kind.EVENT, _found_events())


def _found_events() -> QuerySet[TimelineEntry]:
    return TimelineEntry.objects.filter(kind__in=FOUND)


def _rebuild(things: QuerySet[M], index: Callable[[Iterable[M]], None]) -> Iterator[int]:
    last = 0
    while True:
        with transaction.atomic():
            batch = list(things.filter(pk__gt=last).order_by("pk").select_for_update(no_key=True)[:_BATCH])
            index(batch)
        if not batch:
            return
        last = batch[-1].pk
        yield len(batch)


def _drop_gone(kind: str, living: QuerySet[Any]) -> None:
    SearchEntry.objects.filter(kind=kind).exclude(object_id__in=living.values("pk")).delete()


def _with_labels(thread_ids: Iterable[int]) -> dict[int, Thread]:
    threads = Thread.objects.filter(pk__in=list(thread_ids)).select_related("product", "product_version", "record")
    standing = Prefetch("resolutions", Resolution.objects.filter(reopened_at__isnull=True))
    return {thread.pk: thread for thread in threads.prefetch_related("tags", standing)}


def _relabel_replies(thread: Thread) -> None:
    labels = _words(thread.title, *_labels(thread))
    replies = SearchEntry.objects.filter(kind=SearchEntry.Kind.POST, subject_id=thread.pk)
    replies.exclude(labels=labels).update(labels=labels)


def _record(thread: Thread) -> str:
    """What the working record says."""
    record = getattr(thread, "record", None)
    return "\n".join(record.fields.values()) if record else ""


def _labels(thing: Thread | Practice) -> list[str]:
    """Product, version and tags."""
    version = thing.product_version if isinstance(thing, Thread) else None
    names = [thing.product.name] if thing.product else []
    names += [version.name] if version else []
    return names + [tag.slug for tag in thing.tags.all()]


def _post_entry(post: Post, thread: Thread) -> SearchEntry:
    text = plain_text(post.html)
    if post.is_problem:
        title, labels = _words(thread.title), _words(*_labels(thread))
        fixes = (resolution.summary for resolution in thread.resolutions.all())
        body = _words(text, thread.environment, *fixes, _record(thread))
        return _entry(SearchEntry.Kind.THREAD, thread.pk, post.pk, title=title, labels=labels, body=body)
    labels = _words(thread.title, *_labels(thread))
    return _entry(SearchEntry.Kind.POST, thread.pk, post.pk, title="", labels=labels, body=_words(text))


def _event_entry(entry: TimelineEntry) -> SearchEntry:
    text = _words(text_of_entry(entry.kind, entry.data))
    return _entry(SearchEntry.Kind.EVENT, entry.thread_id, entry.pk, title="", labels="", body=text)


def _practice_entry(practice: Practice) -> SearchEntry:
    texts = (practice.problem_html, practice.environment_html, practice.cause_html, practice.resolution_html)
    body = _words(*(plain_text(text) for text in texts))
    title, labels = _words(practice.title), _words(*_labels(practice))
    return _entry(SearchEntry.Kind.PRACTICE, practice.pk, practice.pk, title=title, labels=labels, body=body)


def _member_entry(member: Member, declared: list[str]) -> SearchEntry:
    labels = _words(member.organization.name, member.center.name if member.center else "", *declared)
    title, about = _words(member.name, member.handle), _words(member.about)
    return _entry(SearchEntry.Kind.MEMBER, member.pk, member.pk, title=title, labels=labels, body=about)


def _words(*texts: str) -> str:
    return " ".join(term for text in texts for term in terms_of(text[:MAX_TEXT]))


def _entry(kind: str, subject_id: int, object_id: int, **texts: str) -> SearchEntry:
    return SearchEntry(kind=kind, subject_id=subject_id, object_id=object_id, size=size(**texts), **texts)


def _write(entries: list[SearchEntry]) -> None:
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["subject_id", "title", "labels", "body", "size"],
    )
