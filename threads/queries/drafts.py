"""What a member typed and has not sent."""

from community.models import Member
from threads.models import Draft


def draft_at(member: Member, place: str) -> Draft | None:
    """The member's draft at a place."""
    return Draft.objects.filter(member=member, place=place).first()
