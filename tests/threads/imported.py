"""What an import of a small dump made, found by the ids that it had there."""

from datetime import UTC, datetime

from tests.threads.dumps import day, user
from threads.models import Post, Thread

PEOPLE = [user(1, "Ada"), user(2, "Ben"), user(3, "Cleo")]


def post(key: int) -> Post:
    """A problem or reply."""
    return Post.objects.get(source_id=str(key), parent__isnull=True)


def note(key: int) -> Post:
    """A note, whose ids are a series of their own."""
    return Post.objects.get(source_id=str(key), parent__isnull=False)


def thread(key: int) -> Thread:
    """A thread, by the id of its question."""
    return Thread.objects.get(source_id=str(key))


def moment(number: int) -> datetime:
    """When something dated `day(number)` happened."""
    return datetime.fromisoformat(day(number)).replace(tzinfo=UTC)
