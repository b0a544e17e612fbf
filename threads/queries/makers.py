"""Who made a practice, and what was merged into it."""

from collections.abc import Collection

from community.models import Member
from threads.models import Practice
from threads.policies.making import made_by


def makers_of(practice: Practice) -> list[int]:
    """The ids of those who made it: recorded it, wrote it or its record, had an edit taken up, or solved the thread.

    The makers of what was merged into it count too. Only who has (or had) an account here.
    """
    ids = [practice.pk, *Practice.objects.filter(merged_into=practice).values_list("pk", flat=True)]
    found: Collection[Member] = made_by(ids)[0].none()
    for way in made_by(ids):
        found = {*found, *way.filter(source_site="")}
    return sorted(member.pk for member in found)
