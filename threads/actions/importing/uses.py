"""Where the articles of an archive were used."""

from collections.abc import Iterable, Sequence

from community.actions.importing import Archive, lock_archive
from community.events import action
from threads.actions.importing.lookups import known_practices, known_threads
from threads.actions.importing.members import import_people
from threads.actions.judging import recount
from threads.actions.locking import lock_practice
from threads.actions.uses import count_uses
from threads.models import Practice, Reuse
from threads.rules.imported import ImportedUse

Pair = tuple[int, int]


def pairs_of(site: str, uses: Iterable[ImportedUse]) -> list[tuple[ImportedUse, Pair]]:
    """The uses whose thread and practice are there, with the keys of those; no practice is used where it comes from."""
    wanted = list(uses)
    threads = known_threads(site, (use.thread for use in wanted))
    practices = known_practices(site, (use.article for use in wanted))
    own = set(Practice.objects.filter(pk__in=practices.values()).values_list("thread_id", "pk"))
    placed = [
        (use, (threads[use.thread], practices[use.article]))
        for use in wanted
        if use.thread in threads and use.article in practices
    ]
    return [(use, pair) for use, pair in placed if pair not in own]


def known_pairs(pairs: Iterable[Pair]) -> set[Pair]:
    """Those of the pairs of thread and practice that are there, also when somebody took them back here."""
    wanted = set(pairs)
    rows = Reuse.objects.filter(thread__in={thread for thread, _practice in wanted})
    return wanted & set(rows.values_list("thread_id", "practice_id"))


@action
def import_uses(*, archive: Archive, uses: Sequence[ImportedUse]) -> int:
    """Note the uses that are not there; how many. They earn nobody anything, and nobody is told."""
    lock_archive(archive)
    placed = pairs_of(archive.site, uses)
    known = known_pairs(pair for _use, pair in placed)
    new = {pair: use for use, pair in reversed(placed) if pair not in known}
    people, _made = import_people(archive=archive, people=[use.by for use in new.values()])
    rows = [
        Reuse(thread_id=thread, practice_id=practice, by_id=people[use.by.id], at=use.at)
        for (thread, practice), use in reversed(new.items())
    ]
    Reuse.objects.bulk_create(rows)
    for key in sorted({row.practice_id for row in rows}):
        practice = lock_practice(Practice(pk=key))
        count_uses(practice)
        recount(practice)
    return len(rows)
