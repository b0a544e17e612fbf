"""The bounded set of entries that are ranked, and the ranking. Common words match half of all there is: only as many
entries as stated here are ever read, the newest that the viewer may see first; those that match in the title have their own
share, so that a busy thread cannot crowd them out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Avg, Count, Q, QuerySet

from threads.models import SearchEntry
from threads.queries.findable import POSTS
from threads.queries.fulltext import Wanted, full_text
from threads.rules.ranking import Corpus, Scored, rarity, scored

ENOUGH = 60
_ROUNDS = 3
_REMEMBERED = 600
_SMALL = 2_000


class Candidate(NamedTuple):
    """An entry as ranking reads it."""

    kind: str
    subject_id: int
    object_id: int
    title: str
    labels: str
    body: str
    size: int

    @property
    def subject(self) -> tuple[str, int]:
        """What the entry makes found: posts their thread."""
        return ("thread" if self.kind in POSTS else self.kind, self.subject_id)


@dataclass(frozen=True)
class Ranked:
    """A candidate with its score."""

    candidate: Candidate
    score: float


def gather(entries: QuerySet[SearchEntry], wanted: Wanted, most: int) -> list[Candidate]:
    """Up to `most` matching entries, newest first. When few threads fill it, more of the others."""
    rows: list[Candidate] = []
    for _round in range(_ROUNDS):
        batch = _read(full_text().matching(_except_threads(entries, rows), wanted)[:most])
        rows += batch
        if len(batch) < most or len(subjects_in(rows)) >= ENOUGH:
            break
    return rows


def newest(entries: QuerySet[SearchEntry], most: int) -> list[Candidate]:
    """The newest entries, whatever they say; of threads the problem only."""
    return _read(entries.exclude(kind=SearchEntry.Kind.POST).order_by("-id")[:most])


def subjects_in(rows: Iterable[Candidate]) -> set[tuple[str, int]]:
    """What different things the entries make found."""
    return {row.subject for row in rows}


def _read(entries: QuerySet[SearchEntry]) -> list[Candidate]:
    return [Candidate(*row) for row in entries.values_list(*Candidate._fields)]


def _except_threads(entries: QuerySet[SearchEntry], rows: list[Candidate]) -> QuerySet[SearchEntry]:
    ids = {row.subject_id for row in rows if row.kind in POSTS}
    return entries.exclude(Q(kind__in=POSTS, subject_id__in=ids)) if ids else entries


def corpus() -> Corpus:
    """How much there is, in all; remembered for ten minutes once it is much."""
    known: Corpus | None = cache.get("search.corpus")
    if known is not None:
        return known
    figures = SearchEntry.objects.aggregate(count=Count("id"), average=Avg("size"))
    found = Corpus(figures["count"], float(figures["average"] or 1) or 1.0)
    if found.count > _SMALL:
        cache.set("search.corpus", found, _REMEMBERED)
    return found


def rarities(frequencies: Mapping[str, int], whole: Corpus) -> dict[str, float]:
    """The weight of each word, by in how many entries it is."""
    return {term: rarity(count, whole) for term, count in frequencies.items()}


def rarest(frequencies: Mapping[str, int], *, most: int) -> list[str]:
    """Words, rarest first, that together are in at most `most` entries; the rarest in any case."""
    chosen: list[str] = []
    left = most
    for term in sorted(frequencies, key=lambda term: (frequencies[term], term)):
        left -= frequencies[term]
        if chosen and left < 0:
            break
        chosen.append(term)
    return chosen


def best(rows: Iterable[Candidate], wanted: Mapping[str, float], whole: Corpus, *, all_count: bool) -> list[Ranked]:
    """The best entry of each subject. With `all_count` one that lacks words loses more than their own score."""
    found: dict[tuple[str, int], Ranked] = {}
    for row in rows:
        result: Scored = scored(wanted, row.title, row.labels, row.body, row.size, whole)
        score = result.score * result.coverage**2 if all_count else result.score
        held = found.get(row.subject)
        if held is None or score > held.score:
            found[row.subject] = Ranked(row, score)
    return list(found.values())
