"""Exports of Mozilla Support made for a test."""

import csv
import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.threads.dumps import run_import

HEADERS = {
    "questions": ("id", "created", "updated", "locale", "product", "title", "topic", "tags", "creator", "content"),
    "answers": ("id", "question_id", "created", "updated", "content", "creator", "num_helpful", "num_unhelpful"),
    "articles": ("id", "title", "slug", "locale", "summary", "html", "text"),
}
Row = dict[str, object]


def stamp(number: int) -> str:
    """A date as the tables write it, later for a higher number."""
    return f"2023-03-{number:02} 10:00:00 +0000"


def asked(number: int, *, at: int = 1, by: str = "ada", **more: object) -> Row:
    """A row of questions."""
    row = {
        "id": number, "created": stamp(at), "updated": stamp(28), "locale": "en-US", "product": "thunderbird",
        "title": f"Problem {number}", "topic": "calendar", "tags": "", "creator": by, "content": "<p>It fails.</p>",
    }  # fmt: skip
    return row | more


def answered(number: int, question: int, *, at: int = 2, by: str = "ben", **more: object) -> Row:
    """A row of answers."""
    row = {
        "id": number, "question_id": question, "created": stamp(at), "updated": stamp(at), "content": "<p>Do.</p>",
        "creator": by, "num_helpful": 0, "num_unhelpful": 0,
    }  # fmt: skip
    return row | more


def article(number: int, slug: str, **more: object) -> Row:
    """A row of articles."""
    row = {
        "id": number, "title": f"About {slug}", "slug": slug, "locale": "en-US", "summary": f"How {slug} works.",
        "html": "<p>Do <b>this</b>.</p>", "text": "Do this.",
    }  # fmt: skip
    return row | more


def pointing(*slugs: str) -> str:
    """What an answer says that links to these articles."""
    return " ".join(f'<a href="https://support.mozilla.org/en-US/kb/{slug}">see</a>' for slug in slugs)


def write_export(folder: Path, *, packed: bool = False, **files: Iterable[Mapping[str, object]]) -> Path:
    """An export in `folder`: rows by the name of their file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEADERS[name])
            writer.writeheader()
            writer.writerows(rows)
        if packed:
            (folder / f"{name}.csv.gz").write_bytes(gzip.compress(path.read_bytes()))
            path.unlink()
    return folder


def run_export(folder: Path, **options: Any) -> str:
    """Import an export; what the command printed."""
    return run_import(folder, command="import_mozilla_support", **options)
