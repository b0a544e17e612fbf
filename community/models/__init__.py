"""What is, on the people side, and the event log."""

from community.models.events import Event, Outbox, Stream
from community.models.inbox import InboxItem, InboxSetting
from community.models.invitations import Invitation
from community.models.marks import Mark
from community.models.members import Assignment, Grant, Member
from community.models.organizations import Center, Organization, WorkRole
from community.models.reach import Reach
from community.models.spaces import Space
from community.models.tokens import ApiToken

__all__ = [
    "ApiToken",
    "Assignment",
    "Center",
    "Event",
    "Grant",
    "InboxItem",
    "InboxSetting",
    "Invitation",
    "Mark",
    "Member",
    "Organization",
    "Outbox",
    "Reach",
    "Space",
    "Stream",
    "WorkRole",
]
