"""What a resolution earns: those whose posts solved the problem, and those who came in time when help was asked for."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from community.models import Member
from reputation.actions.awards import give_again, grant, reverse
from reputation.models import Award
from threads.actions.telling import about
from threads.models import Asked, Post, Resolution, Thread
from threads.queries.answered import accepted_in, answered_in_time, helped_after


class _Due(NamedTuple):
    """What somebody is due. In this order standings are locked, so that two resolutions never wait for each other."""

    member_id: int
    cause: str
    subject: str
    rule: Award.Rule
    member: Member
    giver: Member | None = None


def reward(thread: Thread, solutions: Sequence[Post], *, by: Member) -> None:
    """Award what a locked thread's resolution earns; nobody for their own problem, nor by their own word.

    Whoever accepted a request for help before it was due, and wrote in the thread afterwards, is given that by whoever
    asked for help: once in a thread, however often they were asked.
    """
    dues = [*(_solved(post, by) for post in solutions), *(_answered(asked) for asked in answered_in_time(thread))]
    for due in sorted(dues, key=_place):
        if due.member_id not in {thread.author_id, by.pk}:
            grant(
                member=due.member, rule=due.rule, cause=due.cause, subject=due.subject, about=about(thread),
                giver=due.giver,
            )  # fmt: skip


def take_rewards_back(thread: Thread, solutions: Iterable[Post]) -> None:
    """Take back what the resolution of a locked thread earned, because the thread is open again."""
    dues = [*(_solved(post) for post in solutions), *(_answered(asked) for asked in accepted_in(thread))]
    for due in sorted(dues, key=_place):
        reverse(cause=due.cause, subject=due.subject, why=Award.Why.REOPENED)


def settle_answering(post: Post) -> None:
    """Have what its author earned by answering follow a post that was deleted, or brought back; its thread is locked.

    Taken back while nothing that they wrote before the thread was resolved stands; given again where it was taken back
    for that, or by moderators who thought better of it meanwhile.
    """
    resolution = Resolution.objects.filter(thread=post.thread, reopened_at__isnull=True).first()
    if resolution is None:
        return
    helped = set(helped_after(post.thread, until=resolution.resolved_at).values_list("pk", flat=True))
    earns = post.author_id not in {post.thread.author_id, resolution.resolved_by_id}
    for asked in accepted_in(post.thread).filter(member=post.author_id):
        due = _answered(asked)
        if asked.pk not in helped:
            reverse(cause=due.cause, subject=due.subject, why=Award.Why.DELETED)
        elif earns:
            for why in (Award.Why.DELETED, Award.Why.GAMED):
                give_again(cause=due.cause, subject=due.subject, why=why)


def answer_stands(asked: Asked) -> bool:
    """Whether what somebody answered still earns: its locked thread is resolved, and they helped before."""
    resolution = Resolution.objects.filter(thread=asked.request.thread_id, reopened_at__isnull=True).first()
    if resolution is None or asked.member_id == resolution.resolved_by_id:
        return False
    return helped_after(asked.request.thread, until=resolution.resolved_at).filter(pk=asked.pk).exists()


def _solved(post: Post, by: Member | None = None) -> _Due:
    cause, subject = f"solution:{post.pk}", f"post:{post.pk}"
    return _Due(post.author_id, cause, subject, Award.Rule.SOLUTION, post.author, by)


def _answered(asked: Asked) -> _Due:
    cause, subject = f"answered:{asked.pk}", f"request:{asked.request_id}"
    return _Due(asked.member_id, cause, subject, Award.Rule.ANSWERED, asked.member, asked.request.by)


def _place(due: _Due) -> tuple[int, str]:
    return due.member_id, due.cause
