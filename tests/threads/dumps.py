"""Dumps made for a test, importing them, and what the database says afterwards."""

import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from django.core.management import call_command
from django.db.models import Model

DATE = "2020-01-01T00:00:00.000"
Rows = Iterable[dict[str, object]]

# Everything that an import writes, each row by what stays the same in whatever order rows were made.
SNAPSHOT = {
    "community.Member": (
        *(
            "source_site",
            "source_id",
            "handle",
            "name",
            "email",
            "about",
            "joined_at",
            "organization__slug",
            "source_url",
        ),
    ),
    "community.Space": ("slug", "audience"),
    "threads.Tag": ("slug",),
    "threads.Thread": (
        *("source_id", "source_url", "source_license", "title", "author__source_id", "status", "created_at", "version"),
        *("product__slug", "tags__slug"),
        *("last_activity_at", "last_post_by__source_id", "last_number", "reply_count", "space__slug", "audience"),
        "organization__slug",
    ),
    "threads.Post": (
        *("source_id", "source_url", "source_license", "thread__source_id", "number", "parent__source_id", "version"),
        *("author__source_id", "organization__slug", "body", "markup", "html", "created_at", "edited_at", "note_count"),
        *("votes", "imported_votes", "imported_score"),
    ),
    "threads.PostRevision": (
        *("post__source_id", "number", "body", "title", "editor__source_id", "at", "reason", "source_id"),
        "source_license",
    ),
    "threads.Resolution": (
        *("thread__source_id", "posts__source_id", "has_solution", "resolved_by__source_id", "resolved_at"),
    ),
    "threads.Relation": ("thread__source_id", "other__source_id", "kind", "added_at"),
    "threads.WorkingRecord": ("thread__source_id",),
    "threads.Product": ("slug", "name"),
    "threads.Practice": (
        *("source_id", "source_url", "source_license", "title", "problem", "resolution", "resolution_html", "basis"),
        *("confidence", "product__slug", "recorded_by__source_id", "space__slug", "version", "reuse_count"),
    ),
    "threads.PracticeVersion": ("practice__source_id", "number", "title", "fields", "tags", "kind"),
    "threads.Reuse": ("thread__source_id", "practice__source_id", "by__source_id", "at", "until", "solved_at"),
    "threads.SearchEntry": ("kind", "title", "labels", "body"),
    "reputation.Award": ("member__source_id", "rule", "rules_version", "points", "tags", "giver", "at"),
    "reputation.Standing": ("member__source_id", "scope", "points", "awards"),
    "reputation.Badge": ("source_id", "member__source_id", "name", "given_at"),
}


def write_dump(folder: Path, **files: Rows) -> Path:
    """A dump in `folder`: rows by the name of their file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        lines = [
            f"  <row {' '.join(f'{key}={quoteattr(str(value))}' for key, value in row.items())} />" for row in rows
        ]
        root = name.lower()
        text = "\n".join(['\ufeff<?xml version="1.0" encoding="utf-8"?>', f"<{root}>", *lines, f"</{root}>"])
        (folder / f"{name}.xml").write_text(text, encoding="utf-8")
    return folder


def user(number: int, name: str = "", **more: object) -> dict[str, object]:
    """A row of Users."""
    return {"Id": number, "DisplayName": name or f"User {number}", "CreationDate": DATE, **more}


def question(number: int, *, owner: int | None = 1, at: str = DATE, **more: object) -> dict[str, object]:
    """A row of Posts."""
    row = {"Id": number, "PostTypeId": 1, "CreationDate": at, "Title": f"Problem {number}", "Body": "<p>It fails.</p>"}
    return row | ({} if owner is None else {"OwnerUserId": owner}) | more


def answer(number: int, parent: int, *, owner: int | None = 2, at: str = DATE, **more: object) -> dict[str, object]:
    """A row of Posts."""
    row: dict[str, object] = {
        "Id": number,
        "PostTypeId": 2,
        "ParentId": parent,
        "CreationDate": at,
        "Body": "<p>Do.</p>",
    }
    return row | ({} if owner is None else {"OwnerUserId": owner}) | more


def comment(number: int, post: int, *, at: str = DATE, **more: object) -> dict[str, object]:
    """A row of Comments."""
    return {"Id": number, "PostId": post, "CreationDate": at, "Text": "Which one?", "UserId": 3, **more}


def vote(number: int, post: int, kind: int = 2, at: str = DATE) -> dict[str, object]:
    """A row of Votes."""
    return {"Id": number, "PostId": post, "VoteTypeId": kind, "CreationDate": at}


def history(number: int, post: int, kind: int, text: str, guid: str, **more: object) -> dict[str, object]:
    """A row of PostHistory."""
    row = {
        "Id": number,
        "PostId": post,
        "PostHistoryTypeId": kind,
        "CreationDate": DATE,
        "RevisionGUID": guid,
        "Text": text,
    }
    return {**row, **more}


def day(number: int) -> str:
    """A date, later for a higher number."""
    return f"2020-03-{number:02}T10:00:00.000"


def run_import(folder: Path, *, space: str = "archive", command: str = "import_stackexchange", **options: Any) -> str:
    """Import a dump; what the command printed."""
    printed = io.StringIO()
    call_command(command, str(folder), space=space, stdout=printed, verbosity=0, **options)
    return printed.getvalue()


def counts(printed: str) -> dict[str, tuple[int, ...]]:
    """The numbers of the table in a command's output: read, made, already there, skipped."""
    rows = (line.split() for line in printed.splitlines() if not line.startswith(" "))
    return {
        row[0]: tuple(int(cell.replace(",", "")) for cell in row[1:])
        for row in rows
        if len(row) == 5 and row[1][0].isdigit()
    }


def _model(label: str) -> type[Model]:
    from django.apps import apps

    return apps.get_model(label)


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """What the database has, without keys and without the order in which rows were made."""
    return {
        label: sorted(_model(label)._default_manager.order_by().values_list(*fields), key=repr)
        for label, fields in SNAPSHOT.items()
    }


def inconsistencies() -> list[str]:
    """What does not fit together in the database."""
    return [*_threads_wrong(), *_counts_wrong(), *_ledger_wrong()]


def _threads_wrong() -> Iterable[str]:
    from threads.models import Post, Resolution, Thread

    numbers: dict[int, list[int]] = defaultdict(list)
    latest: dict[int, Any] = {}
    for key, number, at in Post.objects.order_by("number").values_list("thread", "number", "created_at"):
        numbers[key].append(number)
        latest[key] = max(at, latest.get(key, at))
    resolved = set(Resolution.objects.filter(posts__isnull=False).values_list("thread", flat=True))
    for thread in Thread.objects.all():
        if numbers[thread.pk] != list(range(1, thread.last_number + 1)):
            yield f"numbers of {thread.source_id}: {numbers[thread.pk]}, last {thread.last_number}"
        if thread.last_activity_at != latest.get(thread.pk):
            yield f"last activity of {thread.source_id}"
        if (thread.status == Thread.Status.RESOLVED) != (thread.pk in resolved):
            yield f"status of {thread.source_id}"
        replies = Post.objects.filter(thread=thread, parent__isnull=True, number__gt=1).count()
        if thread.reply_count != replies:
            yield f"replies of {thread.source_id}"


def _counts_wrong() -> Iterable[str]:
    from reputation.models import Award
    from threads.models import Post, Practice

    helped = Counter(Award.objects.filter(rule="helped").values_list("subject", flat=True))
    for practice in Practice.objects.all():
        if practice.reuse_count != practice.reuses.filter(until__isnull=True).count():
            yield f"uses of {practice.source_id}"
    for post in Post.objects.all():
        if post.note_count != post.notes.count():
            yield f"notes of {post.source_id}"
        if post.imported_votes != helped[f"post:{post.pk}"]:
            yield f"votes of {post.source_id}"
        if post.revisions.exists() and post.version != post.revisions.count():
            yield f"version of {post.source_id}"


def _ledger_wrong() -> Iterable[str]:
    from reputation.models import Award, Standing

    earned: Counter[tuple[int, str]] = Counter()
    for award in Award.objects.all():
        for scope in ("", *(f"tag:{tag}" for tag in award.tags)):
            earned[award.member_id, scope] += award.points
    held = {(row.member_id, row.scope): row.points for row in Standing.objects.all()}
    if held != dict(earned):
        yield "standing differs from the ledger"
