"""Who may do what on the curators' desk: see reviews and talk in them, plan terms, draw and score samples."""

from django.db.models import QuerySet

from community.models import Grant, Member, Space
from community.policies.network import may_administer
from community.policies.spaces import is_curator
from threads.models import Governance, Keeper, Post, Review, ReviewComment, Sample, Thread
from threads.policies.audience import may_see
from threads.policies.making import has_made
from threads.policies.practices import LOOKED_AT, may_approve, may_curate, wrote_between
from threads.rules.reviews import APPROVED, CHANGES_ASKED, outcomes_of


def has_desk(member: Member) -> bool:
    """Curators of any space, keepers of any rule, and network administrators."""
    if not member.is_active or member.is_superuser:
        return member.is_active
    return _curates_anywhere(member) or kept_by(member).exists()


def kept_by(member: Member) -> QuerySet[Keeper]:
    """For which rules that want approval the member is responsible."""
    return Keeper.objects.filter(member=member, governance__mode=Governance.Mode.COMPLIANCE)


def _curates_anywhere(member: Member) -> bool:
    return Grant.objects.filter(member=member, role=Grant.Role.CURATOR, space__isnull=False).exists()


def may_see_review(member: Member, review: Review) -> bool:
    """Who decides about practices of this kind, and whose text it is: recorder, owner, authors under review.

    What is new or changed, also who earned it.
    """
    practice = review.practice
    if may_curate(member, practice) or (may_see(member, practice) and _has_part(member, review)):
        return True
    return review.kind in LOOKED_AT and may_approve(member, practice)


def _has_part(member: Member, review: Review) -> bool:
    practice = review.practice
    if member.pk in (practice.recorded_by_id, practice.owner_id):
        return True
    return wrote_between(member, practice, review.base_version, practice.version)


def outcomes_for(member: Member, review: Review) -> tuple[str, ...]:
    """What may come of a review that the member decides: who does not curate approves, or asks for changes."""
    outcomes = outcomes_of(review.kind)
    if may_curate(member, review.practice):
        return outcomes
    return tuple(outcome for outcome in outcomes if outcome in (APPROVED, CHANGES_ASKED))


def may_comment(member: Member, review: Review) -> bool:
    """Everybody who sees a review talks in it, until it is closed."""
    return review.state != Review.State.CLOSED and may_see_review(member, review)


def may_settle(member: Member, comment: ReviewComment) -> bool:
    """Whoever may talk in the review says that a comment is done."""
    return may_comment(member, comment.review)


def may_plan_terms(member: Member) -> bool:
    """Network administrators say who curates from when until when."""
    return may_administer(member)


def may_draw(member: Member, space: Space) -> bool:
    """Curators of a space draw samples of what is in it."""
    return is_curator(member, space)


def may_score(member: Member, sample: Sample) -> bool:
    """Curators of the space score what they see and have no part in."""
    if not is_curator(member, sample.round.space):
        return False
    if sample.practice is not None:
        practice = sample.practice
        return may_see(member, practice) and not (practice.owner_id == member.pk or has_made(member, practice))
    thread = sample.thread
    return thread is not None and may_see(member, thread) and not _took_part(member, thread.pk)


def _took_part(member: Member, thread_id: int) -> bool:
    """Whether they asked, own the thread, or wrote in it."""
    owned = Thread.objects.filter(pk=thread_id, owner=member)
    return Post.objects.filter(thread_id=thread_id, author=member).exists() or owned.exists()
