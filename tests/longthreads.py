"""Threads of any length, written without going through the action for each post."""

from collections.abc import Sequence

from django.utils import timezone

from community.models import Member
from threads.models import Post, Thread


def lengthen(thread: Thread, people: Sequence[Member], count: int) -> None:
    """Add `count` replies by these people in turn to a thread that has only its problem."""
    posts = [
        Post(
            thread=thread,
            number=number,
            author=people[number % len(people)],
            organization_id=people[number % len(people)].organization_id,
            body=f"Reply {number}",
            html=f"<p>Reply {number}: have you looked at the relay table? It goes on.</p>",
            created_at=timezone.now(),
        )
        for number in range(2, count + 2)
    ]
    Post.objects.bulk_create(posts, batch_size=500)
    Thread.objects.filter(pk=thread.pk).update(last_number=count + 1, reply_count=count)
