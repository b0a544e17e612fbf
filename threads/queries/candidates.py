"""The bounded set of entries that are ranked, and the ranking.

Common words match half of all there is. Only so many entries are ever read, the newest that the viewer may see first;
those that match in the title have their own share, so that a busy thread cannot crowd them out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache as once
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet, Sum

from community.models import Member
from community.queries.prepared import Prepared
from threads.models import SearchEntry
from threads.queries.findable import POSTS, Findable
from threads.queries.fulltext import Phrase, Wanted, full_text
from threads.rules.ranking import Corpus, rarity, scored

ENOUGH = 60
_ROUNDS = 3
_REMEMBERED = 600
_SMALL = 2_000
_FREQUENT = 1_000


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


def gather(
    among: Findable, phrases: Sequence[Phrase], most: int, *, any_of: bool = False, in_title: bool = False
) -> list[Candidate]:
    """Up to `most` entries that match (see Wanted), newest first. When few threads fill it, more of the others."""
    rows: list[Candidate] = []
    if not (among.kinds and phrases):
        return rows
    wanted = full_text().expression(Wanted(among.kinds, tuple(phrases), any_of=any_of, in_title=in_title))
    for _round in range(_ROUNDS):
        batch = _batch(among, rows, wanted, most)
        rows += batch
        if len(batch) < most or len(subjects_in(rows)) >= min(ENOUGH, most):
            break
    return rows


def _batch(among: Findable, rows: list[Candidate], wanted: str, most: int) -> list[Candidate]:
    if among.is_plain and not rows:
        found = _plain(among.asked, among.replies, most)(among.viewer, wanted=wanted).rows
        return [Candidate(*row) for row in found]
    return _read(full_text().matching(_except_threads(among.entries, rows), wanted)[:most])


@once
def _plain(asked: tuple[str, ...], replies: bool, most: int) -> Prepared[Any]:
    def build(viewer: Member, wanted: str) -> "QuerySet[Any, Any]":
        entries = Findable(viewer, asked, replies=replies).entries
        return full_text().matching(entries, wanted).values_list(*Candidate._fields)[:most]

    # How it is best answered depends on the words.
    return Prepared(build, planned_anew=True)


def newest(among: Findable, most: int, *, replies: bool) -> list[Candidate]:
    """The newest entries, whatever they say; of threads the problem only, or `replies` too."""
    entries = among.entries if replies else among.entries.exclude(kind__in=POSTS[1:])
    return _read(entries.order_by("-id")[:most])


def subjects_in(rows: Iterable[Candidate]) -> set[tuple[str, int]]:
    """What different things the entries make found."""
    return {row.subject for row in rows}


def _read(entries: QuerySet[SearchEntry]) -> list[Candidate]:
    return [Candidate(*row) for row in entries.values_list(*Candidate._fields)]


def _except_threads(entries: QuerySet[SearchEntry], rows: list[Candidate]) -> QuerySet[SearchEntry]:
    ids = {row.subject_id for row in rows if row.kind in POSTS}
    return entries.exclude(Q(kind__in=POSTS, subject_id__in=ids)) if ids else entries


def _by_kind() -> "QuerySet[Any, Any]":
    return SearchEntry.objects.values_list("kind").annotate(Count("id"), Sum("size")).order_by()


_figures: Prepared[Any] = Prepared(_by_kind)


def corpus(kinds: Collection[str]) -> Corpus:
    """How much there is, and how long entries of these kinds are; remembered for ten minutes once it is much."""
    figures: dict[str, tuple[int, int]] | None = cache.get("search.corpus")
    if figures is None:
        figures = {kind: (count, size) for kind, count, size in _figures().rows}
        if sum(count for count, _size in figures.values()) > _SMALL:
            cache.set("search.corpus", figures, _REMEMBERED)
    whole = sum(count for count, _size in figures.values())
    part, size = (sum(figures[kind][place] for kind in kinds if kind in figures) for place in (0, 1))
    return Corpus(count=whole, average=max(1.0, size / max(1, part)), share=part / max(1, whole))


def frequencies_of(terms: Iterable[str]) -> dict[str, int]:
    """In how many entries each word is, of those in any. Counting a frequent one takes long, so it is remembered."""
    keys = {f"search.word.{term}": term for term in terms}
    known: dict[str, int] = {keys[key]: count for key, count in cache.get_many(keys).items()}
    asked = [term for term in keys.values() if term not in known]
    counted = full_text().frequencies(asked) if asked else {}
    frequent = {f"search.word.{term}": count for term, count in counted.items() if count > _FREQUENT}
    if frequent:
        cache.set_many(frequent, _REMEMBERED)
    return known | counted


def rarities(frequencies: Mapping[str, int], whole: Corpus) -> dict[str, float]:
    """The weight of each word, by in how many entries it is."""
    return {term: rarity(count, whole) for term, count in frequencies.items()}


def affordable(terms: Iterable[str], frequencies: Mapping[str, int], whole: Corpus, most: int) -> list[str]:
    """Those words, in order, that together are in about `most` entries of the kinds asked for; the first anyway."""
    chosen: list[str] = []
    left = float(most)
    for term in terms:
        cost = frequencies[term] * whole.share
        if cost <= left or not chosen:
            chosen.append(term)
            left -= cost
    return chosen


def best(rows: Iterable[Candidate], wanted: Mapping[str, float], whole: Corpus, *, all_count: bool) -> list[Ranked]:
    """The best entry of each subject. With `all_count` one that lacks words loses more than their own score."""
    found: dict[tuple[str, int], Ranked] = {}
    weight = sum(wanted.values()) or 1.0
    for row in rows:
        result = scored(wanted, row, whole)
        score = result.score * (result.found / weight) ** 2 if all_count else result.score
        held = found.get(row.subject)
        if held is None or score > held.score:
            found[row.subject] = Ranked(row, score)
    return list(found.values())
