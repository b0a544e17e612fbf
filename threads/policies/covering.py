"""Whether a practice reaches everybody whom another one reaches, so that its text may stand there."""

from community.models import Space
from threads.models import BEYOND_THE_SPACE, Audience, Practice

_INSIDE_ONE = (Audience.CENTER, Audience.ORGANIZATION)


def covers(practice: Practice, other: Practice) -> bool:
    """Whether it is sure that everybody who sees the other one sees this one. What is not sure is false."""
    network_wide = practice.audience == Audience.SPACE and practice.space.audience == Space.Audience.NETWORK
    if network_wide or practice.audience in BEYOND_THE_SPACE:
        return True
    if other.audience in BEYOND_THE_SPACE or practice.space_id != other.space_id:
        return False
    return practice.audience == Audience.SPACE or (other.audience != Audience.SPACE and _reaches(practice, other))


def _reaches(practice: Practice, other: Practice) -> bool:
    """Both are for some organizations, or a center of one, in one space."""
    if practice.audience == Audience.CENTER:
        return other.audience == Audience.CENTER and practice.center_id == other.center_id
    if other.audience in _INSIDE_ONE:
        return other.organization_id in _organizations(practice)
    return _organizations(other) <= _organizations(practice)


def _organizations(practice: Practice) -> set[int]:
    named = {practice.organization_id}
    if practice.audience == Audience.ORGANIZATIONS:
        named.update(practice.audience_organizations.values_list("pk", flat=True))
    return named
