"""Copies of the threads of a site, each text varied, with all that they are found by, written in bulk."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count, cycle

from community.rendering.markdown import plain_text
from tests.benchmarks.search.bulk import Postings, Row, next_id, put, read
from tests.benchmarks.search.varying import Pieced, Pieces, Varied, varied
from threads.models import SHELVES, SearchWord, Shelf
from threads.rules.likeness import impacts
from threads.rules.ranking import size

THREADS, TAGS, POSTS, ENTRIES = "threads_thread", "threads_thread_tags", "threads_post", "threads_searchentry"
_AT_ONCE = 20_000
_OWN = {"source_site": "", "source_id": "", "source_url": "", "source_license": ""}

Named = dict[str, object]


@dataclass(frozen=True)
class _Thread:
    """A thread to copy: its row, its posts with their texts, its tags, its title, its labels in the index."""

    row: Named
    posts: list[tuple[Named, Pieces]]
    tags: list[object]
    title: Pieces
    labels: str


@dataclass
class _Rows:
    """The rows of copies on their way, by table, and the next id of each."""

    ids: dict[str, "count[int]"]
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, named: Named) -> int:
        """One more row, under an id of its own."""
        key = next(self.ids[table])
        self.rows[table].append(tuple((named | {"id": key}).values()))
        return key


class Copier:
    """Copies the threads that are there when it is made, one after the other, over and over."""

    def __init__(self, draw: random.Random) -> None:
        self._draw, cut = draw, Pieced()
        self._columns = {table: read(table)[0] for table in (THREADS, TAGS, POSTS, ENTRIES)}
        posts: defaultdict[object, list[tuple[Named, Pieces]]] = defaultdict(list)
        self._problems: list[Pieces] = []
        self._replies: list[Pieces] = []
        for post in _named(POSTS):
            text = cut(plain_text(str(post["html"])))
            posts[post["thread_id"]].append((post | _OWN, text))
            (self._problems if post["number"] == 1 else self._replies).append(text)
        tags: defaultdict[object, list[object]] = defaultdict(list)
        for row in _named(TAGS):
            tags[row["thread_id"]].append(row["tag_id"])
        labels = {row["subject_id"]: str(row["labels"]) for row in _named(ENTRIES) if row["kind"] == "thread"}
        titles = {row["id"]: cut(str(row["title"])) for row in _named(THREADS)}
        self._turn = cycle([
            _Thread(row | _OWN, posts[row["id"]], tags[row["id"]], titles[row["id"]], labels[row["id"]])
            for row in _named(THREADS)
        ])  # fmt: skip
        found = {
            word for text in (*self._problems, *titles.values()) for _piece, words in text for word in words.split()
        }
        known = set(SearchWord.objects.values_list("word", flat=True))
        SearchWord.objects.bulk_create([SearchWord(word=word) for word in sorted(found - known)])

    def write(self, posts: int) -> int:
        """Write copies that have so many posts or a few more; how many postings that made."""
        self._slots = {word: key * SHELVES + Shelf.THREAD for key, word in SearchWord.objects.values_list("pk", "word")}
        self._postings = Postings()
        rows = _Rows({table: count(next_id(table)) for table in self._columns})
        while posts > 0:
            posts -= self._copy(next(self._turn), rows)
            if posts <= 0 or len(rows.rows[POSTS]) >= _AT_ONCE:
                for table, columns in self._columns.items():
                    put(table, columns, rows.rows.pop(table, []))
        return self._postings.write()

    def _copy(self, thread: _Thread, rows: _Rows) -> int:
        title = varied(self._draw, thread.title)
        pk = rows.add(THREADS, thread.row | {"title": title.text[:200]})
        for tag in thread.tags:
            rows.add(TAGS, {"id": 0, "thread_id": pk, "tag_id": tag})
        for post, pieces in thread.posts:
            is_problem = post["number"] == 1
            text = varied(self._draw, pieces, self._problems if is_problem else self._replies)
            key = rows.add(POSTS, post | {"thread_id": pk, "body": text.html, "html": text.html})
            if is_problem:
                entry = self._entry(rows, "thread", pk, key, title.words, thread.labels, text)
                said = impacts(title.words, thread.labels, text.words)
                self._postings.add(entry, ((self._slots[word], impact) for word, impact in said.items()))
            else:
                self._entry(rows, "post", pk, key, "", f"{title.words} {thread.labels}".strip(), text)
        return len(thread.posts)

    def _entry(self, rows: _Rows, kind: str, thread: int, post: int, title: str, labels: str, text: Varied) -> int:
        said = {"title": title, "labels": labels, "body": text.words}
        named = {"id": 0, "kind": kind, "subject_id": thread, "object_id": post, **said, "size": size(**said)}
        return rows.add(ENTRIES, {name: named[name] for name in self._columns[ENTRIES]})


def _named(table: str) -> list[Named]:
    columns, rows = read(table)
    return [dict(zip(columns, row, strict=True)) for row in rows]
