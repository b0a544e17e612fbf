"""Discourse topics made for a test."""

import json
from pathlib import Path
from typing import Any

from tests.threads.dumps import run_import


def at(number: int) -> str:
    """A date as Discourse writes it, later for a higher number."""
    return f"2023-03-{number:02}T10:00:00.000Z"


def said(key: int, number: int, *, by: int = 2, likes: int = 0, **more: Any) -> dict[str, Any]:
    """A post."""
    row = {
        "id": key, "post_number": number, "post_type": 1, "user_id": by, "username": f"user_{by}", "name": f"User {by}",
        "created_at": at(number), "updated_at": at(number), "cooked": f"<p>Post {key}.</p>", "version": 1,
        "actions_summary": [{"id": 2, "count": likes}] if likes else [{"id": 3, "count": 9}],
    }  # fmt: skip
    return row | more


def topic(key: int, *posts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A topic with its posts."""
    row = {
        "id": key, "title": f"Topic {key}", "slug": f"topic-{key}", "category_id": 4, "tags": [], "closed": False,
        "archived": False, "visible": True, "archetype": "regular", "deleted_at": None, "details": {"links": []},
        "post_stream": {"posts": list(posts), "stream": [post["id"] for post in posts]},
    }  # fmt: skip
    return row | more


def write_topics(folder: Path, *topics: dict[str, Any], **files: Any) -> Path:
    """A folder with these topics, and other files by their names."""
    (folder / "t").mkdir(parents=True, exist_ok=True)
    for each in topics:
        (folder / "t" / f"{each['id']}.json").write_text(json.dumps(each), encoding="utf-8")
    for name, what in files.items():
        (folder / f"{name}.json").write_text(json.dumps(what), encoding="utf-8")
    return folder


def run_topics(folder: Path, **options: Any) -> str:
    """Import topics; what the command printed."""
    return run_import(folder, command="import_discourse", **{"site": "forum.example.org", **options})
