"""What this room does when something happens on the people side."""

from community.models import Member
from threads.actions.indexing import index_member


def reindex_member(*, member: Member) -> None:
    """Have a member found by what they say of themselves now, or not at all when they left."""
    index_member(member)
