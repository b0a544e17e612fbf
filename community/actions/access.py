"""What ends somebody's access: a session's end, another password, a token taken back. Live connections end with it."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from community.errors import Forbidden
from community.events import action
from community.events.reactors import DOORS_CHANGED, react
from community.models import ApiToken, Member
from community.rules import clock
from community.rules.numbers import whole


@action
def end_session(*, key: str) -> None:
    """Forget a session, and have the doors of whoever was signed in by it asked again."""
    row = Session.objects.filter(session_key=key).first()
    if row is None:
        return
    row.delete()
    member_id = whole(str(row.get_decoded().get(SESSION_KEY, "")))
    if member_id is not None:
        react(DOORS_CHANGED, member_ids=[member_id])


@action
def set_password(*, member: Member, password: str) -> None:
    """Give a member another password; what was signed in by the old one ends."""
    member.set_password(password)
    member.save()


@action
def password_changed(*, member: Member) -> None:
    """Have the doors of a member asked again whose password was just changed, whoever did it."""
    react(DOORS_CHANGED, member_ids=[member.pk])


@action
def revoke_tokens(*, by: Member, member: Member, name: str = "") -> int:
    """Take back a member's tokens, or those of that name; gives how many. One's own, or as network administrator."""
    if not (by.pk == member.pk or by.is_superuser):
        raise Forbidden("only_own_tokens")
    tokens = ApiToken.objects.filter(member=member, revoked_at__isnull=True)
    revoked = (tokens.filter(name=name) if name else tokens).update(revoked_at=clock.now())
    if revoked:
        react(DOORS_CHANGED, member_ids=[member.pk])
    return revoked
