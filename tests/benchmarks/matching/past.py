"""A site made of an imported dump that is taken back in time, question by question, from the newest to the oldest.

What had not happened when a question was asked is deleted for good: younger threads, replies, resolutions, awards,
what they add up to. The question itself is there as it was first posted, bare. Votes and acceptances count from the day
after, because dumps give their day only. So the site's own code answers as it would have answered then.
"""

# ruff: noqa: S608  (statements are put together from names that stand here)

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from lxml import etree

_DAY = timedelta(days=1)
_TITLE, _BODY, _TAGS = "1", "2", "3"
_FAR = 1_000_000_000


class Question(NamedTuple):
    """A thread that somebody else than its asker solved, and when it was asked."""

    thread: int
    asker: int
    solver: int
    at: datetime


class First(NamedTuple):
    """What a question said when it was posted."""

    title: str
    body: str
    tags: tuple[str, ...]


class _Earned(NamedTuple):
    member: int
    thread: int
    points: int
    counts_from: datetime


@dataclass
class Past:
    """The site, as it was at the moment of the question that it was last taken back to."""

    earned: list[_Earned] = field(default_factory=list)
    tags: dict[int, tuple[str, ...]] = field(default_factory=dict)
    entries: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, dump: Path) -> "Past":
        """Import the dump into the database in use, which is empty, and make its authors ordinary members."""
        from community.models import Member
        from threads.importers.run import Order
        from threads.importers.stackexchange.run import import_dump

        call_command("migrate", verbosity=0, skip_checks=True)
        import_dump(Order(dump, "measured", "measured", lambda *_facts: _NoBar()))
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
        past = cls()
        past._say_it_as_at_first(first_texts(dump))
        past._number_posts_by_time()
        past._note_what_was_earned()
        Member.objects.update(source_site="", is_active=True)
        return past

    def questions(self, dump: Path) -> list[Question]:
        """Those that can be asked about, newest first: asker and solver have accounts of their own."""
        from threads.models import Resolution

        people = {row.get("Id") for row in _rows(dump / "Users.xml")}
        solving = Resolution.posts.through.objects.filter(resolution__reopened_at__isnull=True)
        rows = solving.values_list(
            "resolution__thread_id", "resolution__thread__author_id", "post__author_id",
            "post__author__source_id", "resolution__thread__created_at",
        )  # fmt: skip
        found = [Question(row[0], row[1], row[2], row[4]) for row in rows if row[3] in people and row[1] != row[2]]
        return sorted(found, key=lambda question: (question.at, question.thread), reverse=True)

    def back_to(self, question: Question) -> None:
        """Delete everything that had not happened yet."""
        at = question.at
        with connection.cursor() as cursor:
            younger = "SELECT id FROM threads_thread WHERE created_at >= %s AND id <> %s"
            own = (
                "SELECT id FROM threads_post"
                " WHERE (created_at >= %s AND thread_id <> %s) OR (thread_id = %s AND number > 1)"
            )
            gone = self._ids(own, [at, question.thread, question.thread])
            for table, column in _OF_POSTS:
                cursor.execute(f"DELETE FROM {table} WHERE {column} IN ({own})", [at, question.thread, question.thread])
            for start in range(0, len(gone), 900):
                old = [self.entries[pk] for pk in gone[start : start + 900]]
                marks = ", ".join(["%s"] * len(old))
                cursor.execute(
                    f"DELETE FROM threads_searchentry WHERE kind IN ('thread', 'post') AND object_id IN ({marks})", old
                )
            cursor.execute(f"DELETE FROM threads_post WHERE id IN ({own})", [at, question.thread, question.thread])
            for table, column in _OF_THREADS:
                cursor.execute(f"DELETE FROM {table} WHERE {column} IN ({younger})", [at, question.thread])
            late = "SELECT id FROM threads_resolution WHERE thread_id = %s OR resolved_at > %s"
            late_values: list[Any] = [question.thread, at - _DAY]
            cursor.execute(f"DELETE FROM threads_resolution_posts WHERE resolution_id IN ({late})", late_values)
            cursor.execute(f"DELETE FROM threads_resolution WHERE id IN ({late})", late_values)
            cursor.execute(
                "UPDATE threads_thread SET last_activity_at = "
                "(SELECT MAX(created_at) FROM threads_post WHERE thread_id = threads_thread.id)"
            )
            cursor.execute("UPDATE threads_thread SET status = 'open' WHERE id = %s", [question.thread])
        self._add_up(at)
        cache.clear()

    def _ids(self, sql: str, values: list[Any]) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [pk for (pk,) in cursor.fetchall()]

    def _say_it_as_at_first(self, texts: Mapping[str, First]) -> None:
        """Undo edits of questions: title, text and tags."""
        from community.rendering.markdown import render
        from threads.actions.indexing import rebuild_index
        from threads.models import Post, Tag, Thread

        known = {tag.slug: tag.pk for tag in Tag.objects.all()}
        through = Thread.tags.through
        for thread in Thread.objects.prefetch_related("tags"):
            first = texts.get(thread.source_id)
            if first is None:
                self.tags[thread.pk] = tuple(tag.slug for tag in thread.tags.all())
                continue
            self.tags[thread.pk] = tuple(slug for slug in first.tags if slug in known)
            thread.title = first.title[:200]
            thread.save(update_fields=["title"])
            Post.objects.filter(thread=thread, number=1).update(html=render(first.body))
            through.objects.filter(thread_id=thread.pk).delete()
            through.objects.bulk_create(
                through(thread_id=thread.pk, tag_id=known[slug]) for slug in self.tags[thread.pk]
            )
        for _done in rebuild_index():
            pass

    def _number_posts_by_time(self) -> None:
        """An import numbers replies first and then notes; posts written here are numbered as they come."""
        from threads.models import Post

        order = list(Post.objects.order_by("created_at", "pk").values_list("pk", flat=True))
        new = {old: place for place, old in enumerate(order, 1)}
        self.entries = {place: old for old, place in new.items()}
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE renumbered (old INTEGER PRIMARY KEY, new INTEGER)")
            cursor.executemany("INSERT INTO renumbered VALUES (%s, %s)", list(new.items()))
            named = "(SELECT new FROM renumbered WHERE old = {})"
            cursor.execute(
                f"UPDATE threads_post SET parent_id = {named.format('parent_id')} WHERE parent_id IS NOT NULL"
            )
            cursor.execute(f"UPDATE threads_post SET id = {_FAR} + {named.format('id')}")
            cursor.execute(f"UPDATE threads_post SET id = id - {_FAR}")
            cursor.execute(f"UPDATE threads_resolution_posts SET post_id = {named.format('post_id')}")

    def _note_what_was_earned(self) -> None:
        from reputation.models import Award
        from threads.models import Post

        places = {old: new for new, old in self.entries.items()}
        threads = dict(Post.objects.values_list("pk", "thread_id"))
        for member, subject, points, at in Award.objects.values_list("member_id", "subject", "points", "at"):
            thread = threads[places[int(subject.partition(":")[2])]]
            midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
            self.earned.append(_Earned(member, thread, points, midnight + _DAY))

    def _add_up(self, at: datetime) -> None:
        from reputation.models import Standing

        points: Counter[tuple[int, str]] = Counter()
        for row in self.earned:
            if row.counts_from <= at:
                for scope in ("", *(f"tag:{slug}" for slug in self.tags[row.thread])):
                    points[row.member, scope] += row.points
        Standing.objects.all().delete()
        Standing.objects.bulk_create(
            Standing(member_id=member, scope=scope, points=sum_, awards=1) for (member, scope), sum_ in points.items()
        )


_OF_POSTS = (
    ("threads_resolution_posts", "post_id"),
    ("threads_postrevision", "post_id"),
)
_OF_THREADS = (
    ("threads_thread_tags", "thread_id"),
    ("threads_workingrecord", "thread_id"),
    ("threads_relation", "thread_id"),
    ("threads_relation", "other_id"),
    ("threads_resolution", "thread_id"),
    ("threads_thread", "id"),
)


def first_texts(dump: Path) -> dict[str, First]:
    """What each question said at first, by its id."""
    parts: dict[tuple[str, str], str] = {}
    for row in _rows(dump / "PostHistory.xml"):
        if row["PostHistoryTypeId"] in {_TITLE, _BODY, _TAGS}:
            parts.setdefault((row["PostId"], row["PostHistoryTypeId"]), row.get("Text", ""))
    return {
        post: First(title, parts.get((post, _BODY), ""), tuple(_tags(parts.get((post, _TAGS), ""))))
        for (post, kind), title in parts.items()
        if kind == _TITLE
    }


def _tags(text: str) -> Iterable[str]:
    return dict.fromkeys(tag for tag in re.split(r"[<>|]+", text) if tag)


def _rows(file: Path) -> Iterator[dict[str, str]]:
    for _event, row in etree.iterparse(str(file), tag="row"):
        yield {str(key): str(value) for key, value in row.attrib.items()}


class _NoBar:
    def update(self, n: float | None = 1) -> bool | None:
        """Show nothing."""

    def close(self) -> None:
        """Nothing was opened."""
