"""Who reads what strangers say of a practice, and deals with it."""

from community.models import Member
from threads.models import Practice
from threads.policies.audience import may_see
from threads.policies.practices import may_curate


def may_handle_reports(member: Member, practice: Practice) -> bool:
    """Who looks after the practice, and who decides about it."""
    return may_see(member, practice) and (practice.owner_id == member.pk or may_curate(member, practice))
