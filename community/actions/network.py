"""What the actions of network administrators share."""

from community.errors import Forbidden
from community.models import Member
from community.policies.network import may_administer


def judge_administrator(by: Member) -> None:
    """Refuse everybody but network administrators."""
    if not may_administer(by):
        raise Forbidden("only_network_administrators")
