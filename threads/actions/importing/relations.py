"""Which threads of an archive belong together."""

from collections.abc import Iterable, Sequence

from community.actions.importing import Archive, lock_archive
from community.events import action
from threads.actions.importing.lookups import known_threads
from threads.models import Relation
from threads.rules.imported import ImportedRelation

Link = tuple[int, int, str]


def links_of(site: str, relations: Iterable[ImportedRelation]) -> list[tuple[ImportedRelation, Link]]:
    """The relations between threads that are there, with those threads' keys."""
    wanted = list(relations)
    keys = known_threads(site, [one for relation in wanted for one in (relation.thread, relation.other)])
    return [
        (relation, (keys[relation.thread], keys[relation.other], _kind(relation)))
        for relation in wanted
        if relation.thread in keys and relation.other in keys
    ]


def known_links(links: Iterable[Link]) -> set[Link]:
    """Those of the links that are there."""
    wanted = set(links)
    rows = Relation.objects.filter(thread__in={thread for thread, _other, _kind in wanted})
    return wanted & set(rows.values_list("thread_id", "other_id", "kind"))


@action
def import_relations(*, archive: Archive, relations: Sequence[ImportedRelation]) -> int:
    """Relate the threads that are not related so yet; how many."""
    lock_archive(archive)
    links = links_of(archive.site, relations)
    known = known_links(link for _relation, link in links)
    rows = {
        link: Relation(thread_id=link[0], other_id=link[1], kind=link[2], added_at=relation.at)
        for relation, link in links
        if link not in known
    }
    return len(Relation.objects.bulk_create(rows.values()))


def _kind(relation: ImportedRelation) -> str:
    return Relation.Kind.DUPLICATE.value if relation.duplicate else Relation.Kind.RELATED.value
