"""What a member may see, on the people side."""

from community.queries.inbox import inbox_of, unread_count
from community.queries.members import member_by_token, members_visible_to
from community.queries.spaces import spaces_visible_to

__all__ = ["inbox_of", "member_by_token", "members_visible_to", "spaces_visible_to", "unread_count"]
