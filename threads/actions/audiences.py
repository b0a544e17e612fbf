"""Whom something in a space is for, as somebody chose it: one check for threads, playbooks and bulletins."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from community.errors import Invalid
from community.models import Member, Organization, Space
from community.queries.organizations import organizations_in
from threads.models import Audience


def check_chosen(by: Member, space: Space, audience: str, organizations: Sequence[Organization]) -> None:
    """Raise Invalid for an audience that there is not, or that cannot be chosen by this member in this space."""
    if audience not in Audience.values:
        raise Invalid({"audience": _("Choose who may see this from the list.")})
    if audience == Audience.CENTER and by.center_id is None:
        raise Invalid({"audience": _("You belong to no center. Choose your organization or the whole space.")})
    if audience == Audience.ORGANIZATIONS and not organizations:
        raise Invalid({"organizations": _("Name at least one organization besides your own.")})
    if audience == Audience.ORGANIZATIONS:
        within = {*organizations_in(space).values_list("pk", flat=True), by.organization_id}
        if outside := [organization.name for organization in organizations if organization.pk not in within]:
            message = _("%(names)s cannot enter this space. Name others, or choose another space.")
            raise Invalid({"organizations": message % {"names": ", ".join(outside)}})
