"""How people come in, describe themselves, and leave."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from community.actions.checks import check_center, check_zone
from community.errors import Conflict, Forbidden, Invalid
from community.events import action
from community.events.reactors import DOORS_CHANGED, MEMBER_CHANGED, MEMBER_MOVED, react
from community.models import Center, Invitation, Member, Organization
from community.policies.members import may_invite, may_suspend
from community.rules import clock
from community.rules.handles import RESERVED

INVITATION_DAYS = 14


@action
def invite(*, by: Member, email: str, organization: Organization, center: Center | None = None) -> Invitation:
    """Invite a person into an organization. Refused to all but its administrators.

    Raises Invalid for an address already in use, and for a center of another organization.
    """
    if not may_invite(by, organization):
        raise Forbidden("only_administrators_invite")
    address = email.strip().lower()
    if Member.objects.filter(email=address).exists():
        raise Invalid({"email": _("Somebody with this e-mail address is a member already.")})
    check_center(center, organization)
    expires = clock.now() + timedelta(days=INVITATION_DAYS)
    return Invitation.objects.create(
        email=address,
        organization=organization,
        center=center,
        invited_by=by,
        invited_at=clock.now(),
        expires_at=expires,
    )


@action
def accept_invitation(*, invitation: Invitation, name: str, handle: str, password: str) -> Member:
    """Become a member by an invitation.

    Raises Conflict when it was used, has expired, or names a member's address; Invalid for a handle that is taken.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at is not None:
        raise Conflict("invitation_used")
    if invitation.expires_at < clock.now():
        raise Conflict("invitation_expired")
    handle = handle.strip().lower()
    if handle in RESERVED or Member.objects.filter(handle=handle).exists():
        raise Invalid({"handle": _("This handle is taken. Choose another one.")})
    if Member.objects.filter(email=invitation.email).exists():
        raise Conflict("already_a_member")
    member = _join(invitation, password, handle=handle, name=name.strip())
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=member, accepted_at=clock.now())
    react(MEMBER_CHANGED, member=member)
    return member


def _join(invitation: Invitation, password: str, *, handle: str, name: str) -> Member:
    try:
        with transaction.atomic():
            return Member.objects.create_user(
                invitation.email, password, handle=handle, name=name,
                organization=invitation.organization, center=invitation.center, joined_at=clock.now(),
            )  # fmt: skip
    except IntegrityError as error:
        # Somebody else took the handle in the same moment.
        raise Invalid({"handle": _("This handle is taken. Choose another one.")}) from error


@action
def edit_profile(
    *, by: Member, name: str, about: str, time_zone: str, present_without_name: bool | None = None
) -> Member:
    """Change what a member says of themselves, and whether others see them by name where they are present.

    Raises Invalid without a name, and for what is no time zone.
    """
    if not name.strip():
        raise Invalid({"name": _("Say what people call you.")})
    if time_zone:
        check_zone(time_zone)
    member = Member.objects.select_for_update(no_key=True).get(pk=by.pk)
    member.name, member.about, member.time_zone = name.strip(), about.strip(), time_zone
    if present_without_name is not None:
        member.present_without_name = present_without_name
    member.save(update_fields=["name", "about", "time_zone", "present_without_name"])
    react(MEMBER_CHANGED, member=member)
    return member


@action
def suspend(*, by: Member, member: Member) -> None:
    """End a member's access at once; their contributions stay, their votes count no more until they are back.

    Refused to all but administrators.
    """
    _change_access(by, member, is_active=False, left=False)


@action
def let_go(*, by: Member, member: Member) -> None:
    """End the access of somebody who leaves in good standing: all that they said goes on counting.

    Refused to all but administrators.
    """
    _change_access(by, member, is_active=False, left=True)


@action
def reinstate(*, by: Member, member: Member) -> None:
    """Give a member access again, and have their votes count again. Refused to all but administrators."""
    _change_access(by, member, is_active=True, left=False)


def _change_access(by: Member, member: Member, *, is_active: bool, left: bool) -> None:
    if not may_suspend(by, member):
        raise Forbidden("only_administrators_suspend")
    if member.erased_at is not None:
        raise Conflict("erased", _("They were erased. Invite them anew."))
    member.is_active, member.left_at = is_active, clock.now() if left else None
    member.save(update_fields=["is_active", "left_at"])
    react(MEMBER_CHANGED, member=member)
    react(MEMBER_MOVED, member=member)
    react(DOORS_CHANGED, member_ids=[member.pk])
