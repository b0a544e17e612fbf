"""The names that an organization has masked in what its members write: of customers, and ends of host names."""

from django.utils.translation import gettext as _

from community.errors import Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from threads.models import Practice, WatchedName
from threads.policies.names import may_add_name, may_remove_name
from threads.rules.details import SHORTEST_NAME, folded
from threads.rules.limits import MOST_WATCHED_NAMES, WATCHED_NAME_LENGTH
from threads.rules.texts import one_line


@action
def watch_name(*, by: Member, name: str) -> WatchedName:
    """Have a name masked from now on in what members of one's organization write, and soon where a practice of theirs
    is shown as work in progress. Again is no matter."""
    if not may_add_name(by):
        raise Forbidden("not_active")
    name = one_line("name", name, most=WATCHED_NAME_LENGTH, needed=True)
    if len(folded(name)) < SHORTEST_NAME or not folded(name)[0].isalnum():
        raise Invalid({"name": _("Give at least three characters, beginning with a letter or digit.")})
    mine = WatchedName.objects.filter(organization_id=by.organization_id)
    found = mine.filter(folded=folded(name)[:WATCHED_NAME_LENGTH]).first()
    if found is None and mine.count() >= MOST_WATCHED_NAMES:
        raise Invalid({"name": _("Your organization watches for as many names as it can. Remove one first.")})
    if found is None:
        found = WatchedName.objects.create(
            organization_id=by.organization_id, name=name, folded=folded(name)[:WATCHED_NAME_LENGTH],
            added_by=by, at=clock.now(),
        )  # fmt: skip
        Practice.objects.filter(organization_id=by.organization_id, follows_record=True).update(mask_anew=True)
    return found


@action
def unwatch_name(*, by: Member, name: WatchedName) -> None:
    """Mask a name no more. For administrators of the organization."""
    found = WatchedName.objects.filter(pk=name.pk, organization_id=by.organization_id).first()
    if found is None:
        raise NotThere("no_name")
    if not may_remove_name(by):
        raise Forbidden("only_organization_admins")
    found.delete()
