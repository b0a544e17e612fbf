"""Rating the part that others had in a thread: judged here, kept by `reputation`, which knows no threads."""

from community.errors import Forbidden
from community.events import action
from community.models import Member
from reputation.actions.evaluations import Place, Said, evaluate
from reputation.models import Evaluation
from threads.actions.locking import lock_post_in, lock_thread
from threads.actions.telling import about
from threads.models import Post, Thread
from threads.policies.evaluating import may_be_evaluated, may_evaluate


@action
def rate_part(
    *, by: Member, thread: Thread, member: Member, said: Said, post: Post | None = None, version: int | None = None
) -> Evaluation:
    """Rate a member's part in a resolved thread, or one post of theirs. For those who took part, while they see it.

    Forbidden for others, for oneself, of who took no part, and of deleted posts. With the `version` that one read it
    changes what one said.
    """
    thread = lock_thread(thread)
    if not may_evaluate(by, thread):
        raise Forbidden("may_not_evaluate")
    if post is not None and (post := lock_post_in(thread, post)) is None:
        raise Forbidden("took_no_part")
    if by.pk != member.pk and not may_be_evaluated(member, thread, post):
        raise Forbidden("took_no_part")
    place = Place(
        thread.pk, thread.space_id, post_id=post.pk if post else None,
        by_requester=thread.author_id == by.pk, about=about(thread),
    )  # fmt: skip
    return evaluate(by=by, rated=member, place=place, said=said, version=version)
