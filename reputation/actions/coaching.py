"""Naming coaches, and ending it."""

from django.db.models import Q
from django.utils.translation import gettext as _

from community.errors import Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from reputation.models import Coaching
from reputation.policies.evaluations import may_be_coached, may_name_coaches


@action
def name_coach(*, by: Member, coach: Member, member: Member) -> Coaching:
    """Name somebody coach of a colleague, in place of whoever was. For administrators of both's organization.

    Raises Invalid for who is not of it. The same again changes nothing.
    """
    if not may_name_coaches(by):
        raise Forbidden("only_organization_admins")
    if not may_be_coached(by, coach, member):
        raise Invalid({"coach": _("Choose two different members of your organization.")})
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    now = clock.now()
    before = Coaching.objects.filter(member=member, until__isnull=True).first()
    if before is not None and (before.coach_id, before.organization_id) == (coach.pk, by.organization_id):
        return before
    Coaching.objects.filter(member=member, until__isnull=True).update(until=now)
    return Coaching.objects.create(
        organization_id=by.organization_id, coach=coach, member=member, named_by=by, since=now
    )


@action
def end_coaching(*, by: Member, coaching: Coaching) -> None:
    """Somebody coaches a colleague no more. For administrators of the organization; ended already is no matter."""
    if coaching.organization_id != by.organization_id:
        raise NotThere("no_coaching")
    if not may_name_coaches(by):
        raise Forbidden("only_organization_admins")
    Coaching.objects.filter(pk=coaching.pk, until__isnull=True).update(until=clock.now())


def end_coachings_of(member: Member) -> None:
    """Whoever left an organization, or the network, coaches nobody there and has no coach there."""
    theirs = Coaching.objects.filter(Q(coach=member) | Q(member=member), until__isnull=True)
    if member.is_active:
        theirs = theirs.exclude(organization_id=member.organization_id)
    theirs.update(until=clock.now())
