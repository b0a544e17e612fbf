"""What members show of their contribution profile, and switching an organization's leaderboard on and off."""

from community.errors import Forbidden
from community.events import action
from community.models import Member, Organization
from community.rules import clock
from reputation.models import Leaderboard, ProfileChoice
from reputation.models.profile import Circle
from reputation.policies.profile import leaderboard_of, may_choose, may_switch_leaderboard


@action
def choose_shown(
    *,
    by: Member,
    contributions: Circle | None = None,
    ledger: Circle | None = None,
    peers: Circle | None = None,
    off_leaderboards: bool | None = None,
) -> ProfileChoice:
    """Say to whom one's profile is shown, part by part, and whether one is left out of leaderboards.

    What is not given stays as it is. It holds from now on, for what was earned before as well.
    """
    if not may_choose(by):
        raise Forbidden("only_members_choose")
    given = {
        "contributions": contributions, "ledger": ledger, "peers": peers, "off_leaderboards": off_leaderboards,
    }  # fmt: skip
    changed = {name: value for name, value in given.items() if value is not None}
    Member.objects.select_for_update(no_key=True).get(pk=by.pk)
    row, _made = ProfileChoice.objects.update_or_create(member=by, defaults={**changed, "changed_at": clock.now()})
    return row


@action
def switch_leaderboard(*, by: Member, on: bool) -> Leaderboard | None:
    """Have the administrator's organization compare its people, or do so no more. The same again changes nothing."""
    if not may_switch_leaderboard(by):
        raise Forbidden("only_organization_admins")
    Organization.objects.select_for_update(no_key=True).get(pk=by.organization_id)
    standing = leaderboard_of(by)
    if standing is None and on:
        return Leaderboard.objects.create(organization_id=by.organization_id, switched_on_by=by, since=clock.now())
    if standing is not None and not on:
        standing.until, standing.switched_off_by = clock.now(), by
        standing.save(update_fields=["until", "switched_off_by"])
        return None
    return standing
