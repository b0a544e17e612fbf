"""Invitations."""

from community.models import Invitation


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation with that address, used or not; the action says when it cannot be used any more."""
    return Invitation.objects.select_related("organization", "center", "invited_by").filter(token=token).first()
