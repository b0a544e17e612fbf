"""People who vote for each other in threads, for tests of what becomes of it."""

from community.models import Member
from reputation.actions.rebuilding import differences
from reputation.models import Award, Vote
from tests.cast import Cast
from threads.actions import withholding
from threads.actions.posts import post_reply
from threads.actions.threads import open_thread
from threads.actions.votes import vote
from threads.models import Post, Thread


def thread_of(cast: Cast, title: str = "Mail loops", by: str = "zoe") -> Thread:
    return open_thread(by=cast.people[by], space=cast.spaces["lobby"], title=title, body="Help.")


def replies(thread: Thread, by: Member, count: int) -> list[Post]:
    return [post_reply(by=by, thread=thread, body=f"Try number {number}.") for number in range(count)]


def vote_for(by: Member, posts: list[Post]) -> None:
    for post in posts:
        vote(by=by, post=post, value=True)


def settle_all() -> None:
    """What the worker does, until nothing is left."""
    while withholding.settle_waiting():
        pass


def counters_hold() -> bool:
    """Each post counts the votes that are not withheld; standing is the sum of the ledger; nobody is credited twice."""
    counted = {
        post.pk: Vote.objects.filter(post=post, withheld_at=None).count() for post in Post.objects.order_by("pk")
    }
    causes = [row.cause.partition("#")[0] for row in Award.objects.filter(reverses=None, reversal=None)]
    once = len(causes) == len(set(causes))
    return once and differences(most=1)[0] == 0 and counted == dict(Post.objects.values_list("pk", "votes"))
