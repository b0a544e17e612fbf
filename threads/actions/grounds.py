"""What an award was given for: locked before the award is taken back or given again, and whether it still stands."""

import time
from collections.abc import Callable, Hashable
from typing import TypeVar

from community.errors import NotThere
from community.rules.numbers import whole
from reputation.models import Award, Vote
from threads.actions.locking import lock_post, lock_thread
from threads.models import Post, Reuse

Due = TypeVar("Due", bound=Hashable)
# Between two of many gifts, each of which takes some milliseconds: on SQLite who waits to write finds their turn then.
_REST_SECONDS = 0.01


def with_rest(act: Callable[[Due], int]) -> Callable[[Due], int]:
    """The same, leaving others their turn after each; for the worker, who has time."""

    def acting(due: Due) -> int:
        done = act(due)
        time.sleep(_REST_SECONDS)
        return done

    return acting


def locked_ground(award: Award) -> bool:
    """Whether what an award was given for stands; its thread and post are locked, where it has one, as people do it."""
    noun, _colon, number = award.subject.partition(":")
    pk = whole(number) or 0
    try:
        if noun == "post":
            return _post_stands(award, pk)
        if noun == "reuse":
            return _use_stands(pk)
    except NotThere:
        return False
    return True


def _post_stands(award: Award, pk: int) -> bool:
    found = Post.objects.filter(pk=pk).first()
    if found is None:
        return False
    post = lock_post(found)
    if award.rule == Award.Rule.HELPED:
        voted = Vote.objects.filter(voter=award.giver_id, post_id=pk, withheld_at=None).exists()
        return voted and post.deleted_at is None
    if award.rule == Award.Rule.SOLUTION:
        return post.resolutions.filter(reopened_at__isnull=True).exists()
    return post.deleted_at is None


def _use_stands(pk: int) -> bool:
    use = Reuse.objects.filter(pk=pk).first()
    if use is None:
        return False
    lock_thread(use.thread_id)
    return Reuse.objects.filter(pk=pk, until__isnull=True).exists()
