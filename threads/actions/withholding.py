"""The votes and credits of suspended members leave posts and standings, and come back with them.

Each gift is an action of its own, locked as people lock it, so nobody waits for five thousand of them: the first few
are done as soon as the suspension is committed, the worker does the rest.
"""

from functools import partial

from django.db import transaction

from community.actions.duties import each, put_off
from community.events import action
from community.events.duties import every
from community.events.reactors import MEMBER_MOVED, react_with
from community.models import Member
from reputation.actions import withholding
from reputation.actions.votes import settle_vote
from reputation.models import Award, Vote, WithheldAward
from reputation.queries.withholding import Due, due_of, settled, to_settle, unnoticed, withholding_of
from threads.actions.grounds import locked_ground, with_rest
from threads.actions.locking import lock_post
from threads.actions.telling import about, tell
from threads.facts.threads import POST_VOTED

SETTLING, NOTICING = "withhold what suspended members gave", "notice who was suspended"
AT_ONCE, A_TURN = 25, 100


def begin(*, member: Member) -> None:
    """Have the first of a member's gifts follow as soon as their suspension, or its end, is committed."""
    transaction.on_commit(partial(_begin, member), robust=True)


def _begin(member: Member) -> None:
    row = withholding_of(member)
    if row is not None and row.settled_at is None:
        each(SETTLING, due_of(row, limit=AT_ONCE, besides=put_off(SETTLING)), settle)


def settle_waiting() -> int:
    """Settle what waits, and note of whom nothing is left."""
    done = each(SETTLING, to_settle(limit=A_TURN, besides=put_off(SETTLING)), with_rest(settle))
    for row in settled() if done < A_TURN else []:
        withholding.finish_withholding(member_id=row.member_id, changed_at=row.changed_at)
    return done


def notice() -> int:
    """Take up suspensions that no action told of."""
    return each(NOTICING, unnoticed(), lambda member: withholding.note_suspension(member=member))


def settle(due: Due) -> int:
    """Have one gift follow its giver."""
    done = {"vote": _settle_vote, "award": _withhold, "withheld": _release}[due.kind](pk=due.pk)
    return int(done)


@action
def _settle_vote(*, pk: int) -> bool:
    vote = Vote.objects.select_related("post").filter(pk=pk).first()
    if vote is None:
        return False
    post = lock_post(vote.post)
    change = settle_vote(vote_id=pk, post_stands=post.deleted_at is None, about=about(post.thread))
    if not change:
        return False
    post.votes = max(0, post.votes + change)
    post.save(update_fields=["votes"])
    tell(post.thread, POST_VOTED, by=None, data={"post": post.pk, "number": post.number, "helped": post.helped})
    return True


@action
def _withhold(*, pk: int) -> bool:
    award = Award.objects.filter(pk=pk).first()
    if award is None:
        return False
    locked_ground(award)
    return withholding.withhold_award(award=award)


@action
def _release(*, pk: int) -> bool:
    withheld = WithheldAward.objects.select_related("award").filter(pk=pk).first()
    if withheld is None:
        return False
    return withholding.release_award(withheld=withheld, stands=locked_ground(withheld.award))


def register() -> None:
    """Have suspensions begin it and the worker do all of it; called once at start-up."""
    react_with(MEMBER_MOVED, begin)
    every(2, SETTLING, settle_waiting)
    every(300, NOTICING, notice)
