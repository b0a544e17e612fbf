"""Who voted for what."""

from collections.abc import Collection

from community.models import Member
from reputation.models import Vote


def voted_among(member: Member, post_ids: Collection[int]) -> set[int]:
    """Those of the posts that the member said helped."""
    return set(Vote.objects.filter(voter=member, post_id__in=post_ids).values_list("post_id", flat=True))
