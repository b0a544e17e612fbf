"""Keeps what `similar` finds with: written with the entries of the search index, in the same transaction.

Whoever writes an entry holds its row, so that two of them write its postings one after the other. New words are what
everybody shares: they are added once for each action, at its end, in the order of the alphabet, so that writers wait
for each other only while they commit, and never in a circle. In how many things each word is, is counted by the worker
and not by whoever writes: no two writers wait for each other's common words. Words are forgotten only while nobody
writes any (`Postings.hold`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from community.events import at_end
from community.events.duties import every
from community.rules import clock
from threads.models import SHELF_OF, SHELVES, Posting, SearchEntry, SearchWord
from threads.queries.postings import postings
from threads.rules.likeness import impacts
from threads.rules.words import terms_of

COUNTED_AT_ONCE = 500
_EVERY_ONE = 2**31 - 1
_AT_ONCE = 1_000
_ENTRIES_AT_ONCE = 200

R = TypeVar("R")


class _Said(NamedTuple):
    """What an entry with this id says now: the impacts of words on a shelf. Without a shelf it is gone."""

    entry: int
    shelf: int | None
    counts: Mapping[str, int]


def put_postings(entries: Sequence[SearchEntry]) -> None:
    """Have things found by what their entries, just written, say; where that is what they said, nothing is written.

    At the end of the action. Of other entries than those of problems, practices and playbooks there are none.
    """
    said = [
        _Said(entry.pk, SHELF_OF[entry.kind], impacts(entry.title, entry.labels, entry.body))
        for entry in entries
        if entry.kind in SHELF_OF
    ]
    if said:
        at_end(_keep, [*said])


def drop_postings(entries: Collection[int]) -> None:
    """Have things found no more, from the end of the action on: those whose entries have these ids."""
    if entries:
        at_end(_keep, [_Said(entry, None, {}) for entry in entries])


def forget_words(texts: Iterable[str]) -> None:
    """Keep none of the words of these texts that are in nothing any more: what was taken out is to stand nowhere."""
    words = sorted({word for text in texts for word in terms_of(text)})
    if words:
        at_end(_keep, [*words])


def drop_stray_postings() -> None:
    """Drop postings of entries that are gone, and words that are in nothing any more. Not within an action."""
    there = SearchEntry.objects.filter(pk=OuterRef("entry_id"), kind__in=SHELF_OF)
    stray = Posting.objects.filter(~Exists(there)).order_by().values_list("entry_id", flat=True).distinct()
    for batch in _batches(list(stray), _AT_ONCE):
        drop_postings(batch)
    for words in _batches(list(_unused(SearchWord.objects.all()).values_list("word", flat=True)), _AT_ONCE):
        _keep([*words])


def _keep(pieces: Sequence[_Said | str]) -> None:
    """Write what entries say now, the last of what each was said to say; then forget those words that are in nothing.

    Whoever forgets any waits for those who write to commit, and they for them.
    """
    forgotten = [piece for piece in pieces if isinstance(piece, str)]
    said = {piece.entry: piece for piece in pieces if isinstance(piece, _Said)}
    with transaction.atomic(savepoint=False):
        postings().hold(alone=bool(forgotten))
        keys = _keys({word for each in said.values() for word in each.counts})
        for batch in _batches([*said.values()], _ENTRIES_AT_ONCE):
            _write(batch, keys)
        for words in _batches(forgotten, _AT_ONCE):
            _unused(SearchWord.objects.filter(word__in=words)).delete()


def _write(said: Sequence[_Said], keys: Mapping[str, int]) -> None:
    held = set(postings().held([each.entry for each in said]))
    rows = {
        (keys[word] * SHELVES + (each.shelf or 0), impact, each.entry)
        for each in said
        for word, impact in each.counts.items()
    }
    postings().drop(sorted(held - rows))
    postings().put(sorted(rows - held))


def _unused(words: QuerySet[SearchWord]) -> QuerySet[SearchWord]:
    there = Posting.objects.filter(slot__gte=OuterRef("first"), slot__lt=OuterRef("first") + SHELVES)
    return words.alias(first=F("pk") * SHELVES).filter(~Exists(there))


def _keys(words: Collection[str]) -> dict[str, int]:
    """The keys of words; of new ones too, which are added in the order of the alphabet."""
    if not words:
        return {}
    known = {word: key for word, (key, _documents, _counted) in postings().known(words).items()}
    missing = sorted(set(words) - known.keys())
    if missing:
        SearchWord.objects.bulk_create([SearchWord(word=word) for word in missing], ignore_conflicts=True)
        known |= {word: key for word, (key, _documents, _counted) in postings().known(missing).items()}
    return known


def count_words() -> int:
    """Count anew in how many things the words are that were counted longest ago. Says how many words that were."""
    never, before = (SearchWord.objects.filter(counted_at__isnull=new) for new in (True, False))
    # One after the other: PostgreSQL's index has those never counted at its end.
    return _count(never[:COUNTED_AT_ONCE]) or _count(before.order_by("counted_at")[:COUNTED_AT_ONCE])


def count_all_words() -> Iterator[int]:
    """Count all words anew, as after much was written at once; yields how many each time."""
    began = clock.now()
    due = SearchWord.objects.filter(Q(counted_at__isnull=True) | Q(counted_at__lt=began)).order_by("pk")
    while done := _count(due[:_AT_ONCE]):
        yield done


def _count(due: QuerySet[SearchWord]) -> int:
    words = dict(due.values_list("pk", "documents"))
    counted, now = postings().counted(words, most=_EVERY_ONE), clock.now()
    changed = [SearchWord(pk=key, documents=count) for key, count in counted.items() if count != words[key]]
    SearchWord.objects.bulk_update(changed, ["documents"])
    SearchWord.objects.filter(pk__in=list(words)).update(counted_at=now)
    return len(words)


def _batches(rows: Sequence[R], most: int) -> Iterable[Sequence[R]]:
    return (rows[start : start + most] for start in range(0, len(rows), most))


def register() -> None:
    """Have the worker count; called once at start-up."""
    every(10, "count words", count_words)
