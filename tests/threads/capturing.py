"""Practices for tests, and the people who read and write them."""

from typing import Any

from community.models import Grant, Member
from tests.cast import Cast
from tests.threads.asking import problem
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.models import Practice, Thread

FIELDS = {
    "problem": "Mail waits in the queue.",
    "environment": "Version 2.1",
    "cause": "A stale cache.",
    "resolution": "1. Stop the queue.\n2. Empty the cache.\n3. Start the queue.",
}


def resolved(cast: Cast, space: str = "lobby", **more: Any) -> Thread:
    """Ada's thread, resolved by a summary."""
    thread = problem(cast, space, **more)
    resolve(by=cast.ada, thread=thread, summary="Emptied the cache.", record=FIELDS)
    return thread


def recorded(cast: Cast, space: str = "lobby", by: Member | None = None, **more: Any) -> Practice:
    """The practice of such a thread, recorded by Ada."""
    return record_practice(by=by or cast.ada, thread=resolved(cast, space, **more), title="Mail waits in the queue")


def curator(cast: Cast, member: Member, space: str = "lobby") -> Member:
    """The member, who curates a space from now on."""
    Grant.objects.create(member=member, role=Grant.Role.CURATOR, space=cast.spaces[space])
    return member
