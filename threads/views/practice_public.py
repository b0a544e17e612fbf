"""What the page of a practice says of its public page."""

from typing import Any

from community.models import Member
from threads.models import Practice, PracticeAudience
from threads.policies.public import may_handle_reports
from threads.queries.public_reports import waiting_reports


def public_context(member: Member, practice: Practice) -> dict[str, Any]:
    """Where strangers read a practice, and what they said of it, for who deals with that; nothing for most."""
    if practice.slug is None:
        return {}
    shown = practice.audience == PracticeAudience.PUBLIC
    handles = may_handle_reports(member, practice)
    return {"is_outside": shown, "public_reports": waiting_reports(practice) if handles else []}
