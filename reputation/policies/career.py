"""Who takes a record of contributions, and who withdraws it."""

from community.models import Member
from reputation.models import CareerRecord


def may_issue(by: Member) -> bool:
    """Everybody for themselves, as long as they have access."""
    return by.is_active and not by.source_site


def may_withdraw(by: Member, record: CareerRecord) -> bool:
    """Whoever it is about."""
    return by.is_active and record.member_id == by.pk
