"""Keeps the search index: called by whatever writes, in the same transaction, so that the index is never behind.

The index knows no audience; queries check each hit against the viewer. What indexes one thing leaves word of it for
those who saved a search; what indexes many, as imports and rebuilding do, does not.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from community.models import Member
from community.rendering.markdown import plain_text
from community.rules.statements import execute
from reputation.queries.skills import declared_words
from threads.actions.entries import (
    event_entry,
    labels_in_replies,
    member_entry,
    playbook_entry,
    post_entry,
    practice_entry,
    with_labels,
    words_of,
)
from threads.actions.index_work import put_work
from threads.actions.postings import drop_postings, drop_stray_postings, put_postings
from threads.actions.vectors import drop_stray_vectors, drop_vectors, note_written
from threads.models import Playbook, Post, Practice, PublicWord, SearchEntry, Thread, TimelineEntry
from threads.rendering.event_texts import FOUND, text_of_entry
from threads.rules.ranking import size
from threads.rules.words import terms_of

M = TypeVar("M", bound=Model)

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


def index_public(practice: Practice) -> None:
    """Have strangers find a locked practice by the words of the title in its public copy, and by no others."""
    PublicWord.objects.filter(practice=practice).delete()
    words = dict.fromkeys(terms_of(practice.public_text.get("title", "")))
    PublicWord.objects.bulk_create(PublicWord(practice=practice, word=word) for word in words)


def index_post(post: Post) -> None:
    """Make a post found by what it and its thread say now; a deleted one not at all."""
    if post.deleted_at is not None:
        return
    if not post.is_problem:
        index_reply(post)
        return
    index_posts([post])
    put_work(SearchEntry.Kind.THREAD, [post.pk])
    if post.version > 1:
        _relabel_replies(with_labels([post.thread_id])[post.thread_id])


def index_reply(post: Post) -> None:
    """Make a reply or note found by what it says and by what its thread is found by: title, product, version, tags.

    In a thread that is locked: nothing but this and the problem's entry is looked at, in one statement.
    """
    body = words_of(plain_text(post.html))
    execute(_REPLY, [post.thread_id, post.pk, body, size(title="", labels="", body=body), post.thread_id])
    put_work(SearchEntry.Kind.POST, [post.pk])


def index_posts(posts: Iterable[Post]) -> None:
    """Make many posts found, in a few queries for each 200."""
    rows = list(posts)
    for start in range(0, len(rows), _BATCH):
        batch = [post for post in rows[start : start + _BATCH] if post.deleted_at is None]
        threads = with_labels({post.thread_id for post in batch})
        _write([post_entry(post, threads[post.thread_id]) for post in batch])


def unindex_post(post: Post) -> None:
    """Make a post found no more; the other posts of its thread still are."""
    gone = SearchEntry.objects.filter(kind__in=_POSTS, object_id=post.pk)
    if post.is_problem:
        _drop(gone)
    else:
        gone.delete()


def index_thread(thread: Thread) -> None:
    """After a change of what its labels, environment or resolution say: make the thread and its replies found by it."""
    _relabel_replies(index_problem(thread))


def index_problem(thread: Thread) -> Thread:
    """Make the thread found by what it and its record say, but leave its replies; gives it as it is now."""
    current = with_labels([thread.pk])[thread.pk]
    problem = list(Post.objects.filter(thread=thread, number=1, deleted_at__isnull=True))
    _write([post_entry(post, current) for post in problem])
    put_work(SearchEntry.Kind.THREAD, [post.pk for post in problem])
    return current


def index_event(entry: TimelineEntry) -> None:
    """Make an entry of the timeline found by what somebody wrote there, and its thread with it; most say nothing."""
    if text_of_entry(entry.kind, entry.data):
        index_events([entry])
        put_work(SearchEntry.Kind.EVENT, [entry.pk])


def index_events(entries: Iterable[TimelineEntry]) -> None:
    """Make many entries of timelines found."""
    _write([event_entry(entry) for entry in entries if text_of_entry(entry.kind, entry.data)])


def unindex_event(entry_id: int) -> None:
    """Make an entry of the timeline found no more."""
    SearchEntry.objects.filter(kind=SearchEntry.Kind.EVENT, object_id=entry_id).delete()


def index_practice(practice: Practice) -> None:
    """Make a practice found by what it says now."""
    index_practices([practice])
    put_work(SearchEntry.Kind.PRACTICE, [practice.pk])


def unindex_practice(practice: Practice) -> None:
    """Make a practice found no more: it was merged into another one."""
    _drop(SearchEntry.objects.filter(kind=SearchEntry.Kind.PRACTICE, object_id=practice.pk))


def index_practices(practices: Iterable[Practice]) -> None:
    """Make many practices found, in a few queries for each 200."""
    ids = [practice.pk for practice in practices]
    for start in range(0, len(ids), _BATCH):
        rows = Practice.objects.filter(pk__in=ids[start : start + _BATCH])
        _write([practice_entry(row) for row in rows.select_related("product").prefetch_related("tags")])


def index_playbook(playbook: Playbook) -> None:
    """Make a playbook found by what it says now."""
    index_playbooks([playbook])
    put_work(SearchEntry.Kind.PLAYBOOK, [playbook.pk])


def index_playbooks(playbooks: Iterable[Playbook]) -> None:
    """Make many playbooks found, in a few queries for each 200."""
    ids = [playbook.pk for playbook in playbooks]
    for start in range(0, len(ids), _BATCH):
        rows = Playbook.objects.filter(pk__in=ids[start : start + _BATCH])
        _write([playbook_entry(row) for row in rows.select_related("product").prefetch_related("tags")])


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
        _write([member_entry(row, declared.get(row.pk, [])) for row in rows if row.is_active])


def rebuild_index() -> Iterator[int]:
    """Write every entry anew, batch by batch, while people search and write, and drop entries of what is gone.

    Yields how many things each batch had. May be interrupted and repeated at any time.
    """
    yield from _rebuild(Post.objects.all(), index_posts)
    yield from _rebuild(Practice.objects.filter(merged_into__isnull=True), index_practices)
    yield from _rebuild(Playbook.objects.all(), index_playbooks)
    yield from _rebuild(Member.objects.all(), index_members)
    yield from _rebuild(_found_events(), index_events)
    for kind in _POSTS:
        _drop_gone(kind, Post.objects.filter(deleted_at__isnull=True))
    _drop_gone(SearchEntry.Kind.PRACTICE, Practice.objects.filter(merged_into__isnull=True))
    _drop_gone(SearchEntry.Kind.PLAYBOOK, Playbook.objects.all())
    _drop_gone(SearchEntry.Kind.MEMBER, Member.objects.filter(is_active=True))
    _drop_gone(SearchEntry.Kind.EVENT, _found_events())
    drop_stray_postings()
    drop_stray_vectors()


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


def _relabel_replies(thread: Thread) -> None:
    labels = labels_in_replies(thread)
    replies = SearchEntry.objects.filter(kind=SearchEntry.Kind.POST, subject_id=thread.pk)
    replies.exclude(labels=labels).update(labels=labels)


def _write(entries: list[SearchEntry]) -> None:
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["subject_id", "title", "labels", "body", "size"],
    )
    put_postings(entries)
    note_written(entries)


def _drop(gone: QuerySet[SearchEntry]) -> None:
    rows = list(gone.values_list("pk", "kind", "subject_id"))
    drop_postings([pk for pk, _kind, _subject in rows])
    gone.delete()
    for _pk, kind, subject in rows:
        drop_vectors(kind, [subject])
