"""What a resolution earns: those whose posts solved the problem, and those who came in time when help was asked for."""

from collections.abc import Callable, Iterable, Sequence

from community.models import Member
from reputation.actions.awards import grant, reverse
from reputation.models import Award
from threads.actions.telling import about
from threads.models import Post, Thread
from threads.queries.answered import accepted_in, answered_in_time

Due = tuple[int, str, Callable[[], object]]


def reward(thread: Thread, solutions: Sequence[Post], *, by: Member) -> None:
    """Award what a locked thread's resolution earns, nobody for their own problem or by their own word.

    Whoever accepted a request for help before it was due, and wrote in the thread afterwards, is given that by whoever
    asked for help: once in a thread, however often they were asked.
    """
    subjects = about(thread)
    given_by_others = [post for post in solutions if post.author_id not in {thread.author_id, by.pk}]
    solved = [
        _due(
            post.author_id, _solved(post.pk), lambda post=post: grant(
                member=post.author, rule=Award.Rule.SOLUTION, cause=_solved(post.pk), subject=f"post:{post.pk}",
                about=subjects, giver=by,
            ),
        )
        for post in given_by_others
    ]  # fmt: skip
    answered = [
        _due(
            asked.member_id, _answered(asked.pk), lambda asked=asked: grant(
                member=asked.member, rule=Award.Rule.ANSWERED, cause=_answered(asked.pk),
                subject=f"request:{asked.request_id}", about=subjects, giver=asked.request.by,
            ),
        )
        for asked in answered_in_time(thread)
        if asked.member_id not in {thread.author_id, by.pk}
    ]  # fmt: skip
    _in_order([*solved, *answered])


def take_rewards_back(thread: Thread, solutions: Iterable[Post]) -> None:
    """Take back what the resolution of a locked thread earned, now that the thread is open again."""
    solved = [
        _due(
            post.author_id, _solved(post.pk),
            lambda post=post: reverse(cause=_solved(post.pk), subject=f"post:{post.pk}", why=Award.Why.REOPENED),
        )
        for post in solutions
    ]  # fmt: skip
    answered = [
        _due(
            asked.member_id, _answered(asked.pk), lambda asked=asked: reverse(
                cause=_answered(asked.pk), subject=f"request:{asked.request_id}", why=Award.Why.REOPENED
            ),
        )
        for asked in accepted_in(thread)
    ]  # fmt: skip
    _in_order([*solved, *answered])


def _due(member: int, cause: str, act: Callable[[], object]) -> Due:
    return member, cause, act


def _in_order(dues: list[Due]) -> None:
    """Standings are locked by member, so that two resolutions cannot wait for each other."""
    for _member, _cause, act in sorted(dues, key=lambda due: due[:2]):
        act()


def _solved(post: int) -> str:
    return f"solution:{post}"


def _answered(asked: int) -> str:
    return f"answered:{asked}"
