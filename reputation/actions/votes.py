"""Votes: "this helped", and taking it back."""

from community.errors import Forbidden
from community.events import action
from community.models import Member
from community.policies.members import is_suspended
from community.rules import clock
from reputation.actions.awards import About, grant, reverse, standing_for, take_back
from reputation.actions.importing import append_awards
from reputation.actions.sums import lock_standing
from reputation.models import Award, Vote


@action
def cast(*, voter: Member, post_id: int, receiver: Member, about: About) -> bool:
    """Say that a post helped. False when the voter said so before. Refused for one's own post.

    The caller has judged that the voter may see and vote for the post.
    """
    if voter.pk == receiver.pk:
        raise Forbidden("no_vote_for_oneself")
    _vote, made = Vote.objects.get_or_create(
        voter=voter, post_id=post_id, defaults={"receiver": receiver, "at": clock.now()}
    )
    if made:
        cause, subject = _cause(voter, post_id), f"post:{post_id}"
        grant(member=receiver, rule=Award.Rule.HELPED, cause=cause, subject=subject, about=about, giver=voter)
    return made


@action
def withdraw(*, voter: Member, post_id: int) -> bool:
    """Take the voter's vote back. False when none counted: one that is withheld still goes."""
    rows = Vote.objects.filter(voter=voter, post_id=post_id)
    gone, _by_model = rows.filter(withheld_at=None).delete()
    if not gone:
        rows.delete()
    else:
        reverse(cause=_cause(voter, post_id), subject=f"post:{post_id}", why=Award.Why.UNVOTED)
    return bool(gone)


@action
def take_back_votes(*, post_id: int, why: Award.Why) -> None:
    """Take back what all votes for a post gave; the votes stay."""
    for award in standing_for(f"post:{post_id}").filter(rule=Award.Rule.HELPED, cause__startswith="vote:"):
        take_back(award=award, why=why)


@action
def give_votes_again(*, post_id: int, receiver: Member, about: About) -> None:
    """Give again what the votes for a post give that does not stand; not those of suspended members."""
    for vote in Vote.objects.filter(post_id=post_id, withheld_at=None).select_related("voter").order_by("pk"):
        cause, subject = _cause(vote.voter, post_id), f"post:{post_id}"
        grant(member=receiver, rule=Award.Rule.HELPED, cause=cause, subject=subject, about=about, giver=vote.voter)
    _give_imported_again(f"post:{post_id}")


def _give_imported_again(subject: str) -> None:
    """What votes elsewhere gave, as an import brought it, and was taken back with the post: as it was, without caps."""
    rows = Award.objects.filter(subject=subject, rule=Award.Rule.HELPED, giver=None, reverses=None).order_by("pk")
    by_vote: dict[str, list[Award]] = {}
    for row in rows.filter(cause__startswith="vote:").select_related("reversal"):
        by_vote.setdefault(row.cause.partition("#")[0], []).append(row)
    again = []
    for cause, given in by_vote.items():
        last = given[-1]
        if hasattr(last, "reversal") and last.reversal.why == Award.Why.DELETED:
            last.pk, last.cause = None, f"{cause}#{len(given) + 1}"
            again.append(last)
    if again:
        lock_standing(again[0].member_id)
        append_awards(awards=again)


@action
def settle_vote(*, vote_id: int, post_stands: bool, about: About) -> int:
    """Have a vote count or not, as its voter may now: 1 when it counts again, -1 when it counts no more, 0 as before.

    The caller has locked the post. What a deleted post earned stays away.
    """
    vote = Vote.objects.select_for_update(of=("self",)).select_related("voter", "receiver").filter(pk=vote_id).first()
    held = vote is not None and is_suspended(vote.voter)
    if vote is None or held == (vote.withheld_at is not None):
        return 0
    cause, subject = _cause(vote.voter, vote.post_id), f"post:{vote.post_id}"
    if held:
        reverse(cause=cause, subject=subject, why=Award.Why.SUSPENDED)
    elif post_stands:
        rule = Award.Rule.HELPED
        grant(member=vote.receiver, rule=rule, cause=cause, subject=subject, about=about, giver=vote.voter)
    vote.withheld_at = clock.now() if held else None
    vote.save(update_fields=["withheld_at"])
    return -1 if held else 1


def _cause(voter: Member, post_id: int) -> str:
    return f"vote:{post_id}:{voter.pk}"
