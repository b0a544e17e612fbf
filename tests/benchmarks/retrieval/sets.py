"""The questions that are asked, what may be found, and how it comes into the database."""

import csv
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from community.rendering.markdown import plain_text, sanitize

Texts = dict[str, tuple[str, str]]
_BEGAN = datetime(2026, 1, 1, tzinfo=timezone(timedelta(0)))
_AT_ONCE = 500


@dataclass(frozen=True)
class Found:
    """Threads and things in the database, by the ids that they have in the data."""

    threads: dict[str, int]
    things: dict[str, int]


@dataclass(frozen=True)
class Set:
    """Titles and plain texts of what may be found (a `kind` of things) and of what is asked, and what answers what."""

    name: str
    kind: str
    documents: Texts
    questions: Texts
    relevant: dict[str, set[str]]
    fill: Callable[[], Found]


def set_of(folder: Path, most: int | None) -> Set:
    """The data in a folder, whichever of the two shapes it has."""
    made = _questions(folder) if (folder / "corpus.jsonl").exists() else _articles(folder)
    asked = sorted(made.questions)[:most]
    return Set(
        made.name, made.kind, made.documents, {key: made.questions[key] for key in asked}, made.relevant, made.fill
    )


def _questions(folder: Path) -> Set:
    corpus = {row["_id"]: (row["title"], row["text"]) for row in _lines(folder / "corpus.jsonl")}
    asked = {row["_id"]: (row["title"], plain(row["text"])) for row in _lines(folder / "queries.jsonl")}
    relevant: dict[str, set[str]] = {}
    with (folder / "qrels.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            relevant.setdefault(row["query-id"], set()).add(row["corpus-id"])
    documents = {key: (title, plain(html)) for key, (title, html) in corpus.items()}
    wanted = {key: texts for key, texts in asked.items() if key in relevant}
    return Set("questions", "thread", documents, wanted, relevant, lambda: _import(corpus))


def _articles(folder: Path) -> Set:
    articles = {row["slug"]: row for row in rows_of(folder / "articles.csv")}
    documents = {key: (row["title"], plain(f"{row['summary']}<br>{row['html']}")) for key, row in articles.items()}
    relevant: dict[str, set[str]] = {}
    with (folder / "question_article.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["article_slug"] in articles:
                relevant.setdefault(row["question_id"], set()).add(row["article_slug"])
    asked = {
        row["id"]: (row["title"], plain(row["content"])) for row in rows_of(folder / "questions.csv")
        if row["id"] in relevant
    }  # fmt: skip
    return Set("articles", "practice", documents, asked, relevant, lambda: _import_support(folder))


def _import(corpus: Texts) -> Found:
    """Every question as a thread, through the importers' own action."""
    from community.actions.importing import open_archive
    from threads.actions.importing import import_posts
    from threads.actions.postings import count_all_words
    from threads.models import Thread
    from threads.rules.imported import ImportedThread, Origin, Person, Writing

    call_command("migrate", verbosity=0, skip_checks=True)
    archive = open_archive(site="measured", space="measured")
    author = Person("1", "Somebody", _BEGAN)
    rows = [
        ImportedThread(Writing(Origin(key), author, html, _BEGAN + timedelta(minutes=number)), title[:200])
        for number, (key, (title, html)) in enumerate(corpus.items())
    ]
    for start in range(0, len(rows), _AT_ONCE):
        import_posts(archive=archive, rows=rows[start : start + _AT_ONCE])
    list(count_all_words())
    threads = dict(Thread.objects.values_list("source_id", "pk"))
    return Found(threads, threads)


def _import_support(folder: Path) -> Found:
    """The whole archive: questions, answers, articles and the uses that answers' links tell of."""
    from threads.actions.postings import count_all_words
    from threads.models import Practice, Thread

    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("import_mozilla_support", str(folder), space="measured", verbosity=0, stdout=StringIO())
    list(count_all_words())
    threads = dict(Thread.objects.values_list("source_id", "pk"))
    return Found(threads, dict(Practice.objects.values_list("source_id", "pk")))


def plain(html: str) -> str:
    """What HTML says."""
    return plain_text(sanitize(html))


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table, packed or not."""
    csv.field_size_limit(10_000_000)
    packed = path.with_name(f"{path.name}.gz")
    with gzip.open(packed, "rt", encoding="utf-8", newline="") if packed.exists() else path.open(newline="") as file:
        yield from csv.DictReader(file)
