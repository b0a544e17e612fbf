"""What an award was given for: locked before the award is taken back or given again, and whether it still stands."""

import time
from collections.abc import Callable, Hashable
from typing import TypeVar

from community.errors import NotThere
from community.rules.numbers import whole
from reputation.actions.mentoring import still_said
from reputation.models import Award, Vote
from threads.actions.locking import lock_post, lock_thread
from threads.actions.thread_rewards import answer_stands
from threads.models import Asked, Post, Reuse

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
        if noun == "request":
            return _answer_stands(award)
        if noun == "mentoring":
            return still_said(award.cause)
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
        return post.resolutions.filter(reopened_at__isnull=True).exclude(resolved_by=award.member_id).exists()
    return post.deleted_at is None


def _use_stands(pk: int) -> bool:
    use = Reuse.objects.filter(pk=pk).first()
    if use is None:
        return False
    lock_thread(use.thread_id)
    now = Reuse.objects.get(pk=pk)
    if now.until is None or now.ended_by_id is not None:
        return now.until is None
    return Reuse.objects.filter(thread=now.thread_id, practice=now.practice_id, until__isnull=True).exists()


def _answer_stands(award: Award) -> bool:
    number = whole(award.cause.partition("#")[0].rpartition(":")[2]) or 0
    asked = Asked.objects.select_related("request").filter(pk=number).first()
    if asked is None:
        return False
    asked.request.thread = lock_thread(asked.request.thread_id)
    return answer_stands(asked)
