"""Tokens for the API."""

import secrets

from community.errors import Forbidden
from community.events import action
from community.models import ApiToken, Member
from community.queries.members import token_digest
from community.rules import clock


@action
def create_token(*, by: Member, member: Member, name: str) -> str:
    """Make a token for oneself, or as network administrator for anybody.

    It is returned once and kept only as a digest.
    """
    if not member.is_active or not (by.pk == member.pk or by.is_superuser):
        raise Forbidden("only_own_tokens")
    token = f"gh_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(member=member, name=name or "token", digest=token_digest(token), created_at=clock.now())
    return token
