"""Threads, replies and notes of an archive."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from community.actions.importing import Archive, lock_archive
from community.events import action, emit_change
from community.rendering.markdown import render, sanitize
from threads.actions.importing.lookups import Place, known_notes, known_posts, tag_keys
from threads.actions.importing.members import import_people
from threads.actions.importing.products import products_named
from threads.actions.importing.resolutions import import_resolutions
from threads.actions.importing.tags import import_tags
from threads.actions.indexing import index_posts
from threads.models import Post, Product, Thread, WorkingRecord
from threads.rules.imported import ImportedNote, ImportedReply, ImportedThread, Writing

_GROWN = ["last_number", "reply_count", "last_activity_at", "last_post_by", "version"]

Row = ImportedThread | ImportedReply | ImportedNote


@dataclass(frozen=True)
class Made:
    """How many rows a batch added; `people` are authors that no list of members had named."""

    posts: int
    notes: int
    people: int


@action
def import_posts(*, archive: Archive, rows: Sequence[Row]) -> Made:
    """Store those rows that are not there, each under the number that follows in its thread.

    A thread must come before its replies, and a post before its notes, here or in an earlier call; what has no place is
    left out. An accepted reply resolves its thread unless the thread has been resolved before.
    """
    lock_archive(archive)
    batch = _Batch.of(archive, rows)
    authors, people = import_people(archive=archive, people=[row.post.author for row in batch.new])
    batch.authors = authors
    batch.products = products_named(row.product for row in batch.new if isinstance(row, ImportedThread))
    for row in batch.new:
        batch.place(row)
    batch.store()
    solutions = [(row, batch.post_of(row)) for row in rows if isinstance(row, ImportedReply) and row.accepted_at]
    import_resolutions(solutions=[(row, post) for row, post in solutions if post is not None])
    if batch.posts or batch.notes:
        emit_change(f"space:{archive.space.slug}")
    return Made(len(batch.posts), len(batch.notes), people)


@dataclass
class _Batch:
    """Rows on their way: first all are placed in memory, then stored, whatever others refer to first."""

    archive: Archive
    new: list[Row]
    known: dict[str, Place]
    threads: dict[int, Thread]
    authors: dict[str, int] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    opened: dict[str, tuple[Thread, ImportedThread]] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    notes: list[Post] = field(default_factory=list)
    notes_under: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, archive: Archive, rows: Sequence[Row]) -> "_Batch":
        """Find out what of the rows is there, and lock the threads that will grow."""
        known = known_posts(archive.site, [key for row in rows for key in _needed_posts(row)])
        notes = known_notes(archive.site, [row.post.origin.id for row in rows if isinstance(row, ImportedNote)])
        new = [row for row in rows if row.post.origin.id not in (notes if isinstance(row, ImportedNote) else known)]
        grown = {known[key].thread for row in new for key in _needed_posts(row) if key in known}
        threads = Thread.objects.select_for_update().order_by("pk").in_bulk(grown)
        return cls(archive, new, known, threads)

    def place(self, row: Row) -> None:
        """Give one row its place in its thread."""
        if isinstance(row, ImportedThread):
            thread = self._opened(row)
            self.posts[row.post.origin.id] = self._next(thread, row)
            return
        above = row.thread if isinstance(row, ImportedReply) else row.parent
        found = self._thread_of(above)
        if found is None:
            return
        post = self._next(found, row)
        if isinstance(row, ImportedReply):
            found.reply_count += 1
            self.posts[row.post.origin.id] = post
        else:
            self._put_under(post, row.parent)

    def store(self) -> None:
        """Write everything that was placed."""
        Thread.objects.bulk_create([thread for thread, _row in self.opened.values()])
        WorkingRecord.objects.bulk_create([WorkingRecord(thread=thread) for thread, _row in self.opened.values()])
        self._tag()
        Post.objects.bulk_create(self.posts.values())
        Post.objects.bulk_create(self.notes)
        index_posts([*self.posts.values(), *self.notes])
        self._count_notes()
        Thread.objects.bulk_update(self.threads.values(), _GROWN, batch_size=200)

    def post_of(self, row: ImportedReply) -> Place | None:
        """Where a reply is, new or not."""
        key = row.post.origin.id
        made = self.posts.get(key)
        return Place(made.pk, made.thread_id) if made else self.known.get(key)

    def _thread_of(self, key: str) -> Thread | None:
        if key in self.posts:
            return self.posts[key].thread
        return self.threads[self.known[key].thread] if key in self.known else None

    def _opened(self, row: ImportedThread) -> Thread:
        post = row.post
        thread = Thread(
            space=self.archive.space, organization=self.archive.organization, title=row.title,
            author_id=self.authors[post.author.id], status=Thread.Status.CLOSED if row.closed else Thread.Status.OPEN,
            product=self.products.get(row.product), created_at=post.created_at, last_activity_at=post.created_at,
            version=0, **self._source(post),
        )  # fmt: skip
        self.opened[post.origin.id] = (thread, row)
        return thread

    def _next(self, thread: Thread, row: Row) -> Post:
        """The thread's next post. The thread's version rises with each, however rows are batched."""
        writing = row.post
        author = self.authors[writing.author.id]
        thread.last_number += 1
        thread.version += 1
        if writing.created_at >= thread.last_activity_at:
            thread.last_activity_at = writing.created_at
            thread.last_post_by_id = author
        is_note = isinstance(row, ImportedNote)
        html = render(writing.body) if is_note else sanitize(writing.body)
        markup = Post.Markup.MARKDOWN if is_note else Post.Markup.HTML
        return Post(
            thread=thread, number=thread.last_number, author_id=author, organization=self.archive.organization,
            body=writing.body, markup=markup, html=html, created_at=writing.created_at,
            edited_at=writing.edited_at, imported_score=writing.score, **self._source(writing),
        )  # fmt: skip

    def _source(self, writing: Writing) -> dict[str, str]:
        return {
            "source_site": self.archive.site,
            "source_id": writing.origin.id,
            "source_url": writing.origin.url,
            "source_license": writing.origin.license,
        }

    def _put_under(self, note: Post, parent: str) -> None:
        if parent in self.posts:
            note.parent = self.posts[parent]
            note.parent.note_count += 1
        else:
            note.parent_id = self.known[parent].post
            self.notes_under[note.parent_id] += 1
        self.notes.append(note)

    def _tag(self) -> None:
        slugs = {slug for _thread, row in self.opened.values() for slug in row.tags}
        import_tags(slugs=sorted(slugs))
        keys = tag_keys(slugs)
        through = Thread.tags.through
        through.objects.bulk_create(
            [
                through(thread_id=thread.pk, tag_id=keys[slug])
                for thread, row in self.opened.values()
                for slug in dict.fromkeys(row.tags)
            ]
        )

    def _count_notes(self) -> None:
        rows = Post.objects.only("pk", "note_count").in_bulk(self.notes_under)
        for key, post in rows.items():
            post.note_count += self.notes_under[key]
        Post.objects.bulk_update(rows.values(), ["note_count"], batch_size=200)


def _needed_posts(row: Row) -> tuple[str, ...]:
    """Ids of the posts that have to be looked up to place a row."""
    if isinstance(row, ImportedNote):
        return (row.parent,)
    return (row.post.origin.id, row.thread) if isinstance(row, ImportedReply) else (row.post.origin.id,)
