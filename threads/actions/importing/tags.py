"""Tags of an archive."""

from collections.abc import Iterable

from community.events import action
from threads.actions.importing.lookups import tag_keys
from threads.models import Tag


@action
def import_tags(*, slugs: Iterable[str]) -> int:
    """Make those of the tags that are not there; how many."""
    wanted = dict.fromkeys(slugs)
    known = tag_keys(wanted)
    return len(Tag.objects.bulk_create([Tag(slug=slug) for slug in wanted if slug not in known]))
