"""Badges of an archive's authors."""

from collections.abc import Sequence

from community.actions.importing import Archive, known_members, lock_archive
from community.events import action
from reputation.actions.importing import import_badges as store_badges
from reputation.models import Badge
from threads.rules.imported import ImportedBadge


@action
def import_badges(*, archive: Archive, badges: Sequence[ImportedBadge]) -> int:
    """Give the badges that are not there yet to members that are; how many."""
    lock_archive(archive)
    members = known_members(archive.site, (badge.member for badge in badges))
    rows = [
        Badge(
            member_id=members[badge.member], name=badge.name, given_at=badge.given_at,
            source_site=archive.site, source_id=badge.origin.id, source_url=badge.origin.url,
        )
        for badge in badges
        if badge.member in members
    ]  # fmt: skip
    return store_badges(site=archive.site, badges=rows)
