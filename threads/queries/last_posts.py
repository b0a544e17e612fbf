"""What members wrote last: the newest posts of each, however many they have written."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection

from community.models import Member
from threads.queries.details import threads_seen_among
from threads.rules.matching import Written

LAST = 40

# The newest of each by the index of an author's posts; SQLite has no LATERAL, PostgreSQL makes no plan of the other.
_NEWEST = {
    "sqlite": """
        SELECT post.author_id, post.thread_id, post.created_at,
            post.number > 1 AND post.parent_id IS NULL, {solved}
        FROM community_member AS member JOIN threads_post AS post ON post.id IN (
            SELECT own.id FROM threads_post AS own WHERE own.author_id = member.id ORDER BY own.id DESC LIMIT %s
        )
        WHERE post.deleted_at IS NULL AND member.id IN ({ids})""",
    "postgresql": """
        SELECT post.author_id, post.thread_id, post.created_at,
            post.number > 1 AND post.parent_id IS NULL, {solved}
        FROM community_member AS member CROSS JOIN LATERAL (
            SELECT * FROM threads_post AS own WHERE own.author_id = member.id ORDER BY own.id DESC LIMIT %s
        ) AS post
        WHERE post.deleted_at IS NULL AND member.id IN ({ids})""",
}
_SOLVED = """EXISTS (
            SELECT 1 FROM threads_resolution_posts AS solving
            JOIN threads_resolution AS resolution ON resolution.id = solving.resolution_id
            WHERE solving.post_id = post.id AND resolution.reopened_at IS NULL
        )"""


class _Row(NamedTuple):
    author: int
    thread: int
    at: datetime | str
    is_reply: bool
    solved: bool


def last_posts(viewer: Member, member_ids: Collection[int]) -> dict[int, list[Written]]:
    """Of the last posts of each member those that the viewer may see and that were not deleted; in two queries."""
    if not member_ids:
        return {}
    sql = _NEWEST[connection.vendor].format(solved=_SOLVED, ids=", ".join(["%s"] * len(member_ids)))
    with connection.cursor() as cursor:
        cursor.execute(sql, [LAST, *sorted(member_ids)])
        rows = [_Row._make(row) for row in cursor.fetchall()]
    seen = threads_seen_among(viewer, {row.thread for row in rows})
    found: dict[int, list[Written]] = {}
    for row in rows:
        if row.thread in seen:
            written = Written(_moment(row.at), bool(row.is_reply), bool(row.solved))
            found.setdefault(row.author, []).append(written)
    return found


def _moment(at: datetime | str) -> datetime:
    """SQLite gives times as they are stored: in UTC, without saying so."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
