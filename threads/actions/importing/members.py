"""The authors of an archive."""

from collections.abc import Iterable

from community.actions.importing import Archive, import_members, lock_archive
from community.events import action
from threads.actions.indexing import index_members
from threads.rules.imported import Person


@action
def import_people(*, archive: Archive, people: Iterable[Person]) -> tuple[dict[str, int], int]:
    """Make these people members, findable ones: all their keys by their ids there, and how many are new."""
    lock_archive(archive)
    keys, made = import_members(archive=archive, people=people)
    index_members(made)
    return keys, len(made)
