"""Who voted for what."""

from collections.abc import Collection

from django.db.models import QuerySet

from community.models import Member
from community.queries.prepared import Prepared
from reputation.models import Vote


def votes_of(member: Member) -> QuerySet[Vote]:
    """The member's votes, to ask for in a larger query."""
    return Vote.objects.filter(voter=member)


def _among(viewer: Member, posts: list[int]) -> QuerySet[Vote, tuple[int]]:
    return votes_of(viewer).filter(post_id__in=posts).values_list("post_id")


_voted = Prepared(_among)


def voted_among(member: Member, post_ids: Collection[int]) -> set[int]:
    """Those of the posts that the member said helped."""
    return {post for (post,) in _voted(member, posts=list(post_ids)).rows}
