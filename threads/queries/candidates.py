"""The bounded set of entries that are ranked, and the ranking.

Common words match half of all there is. Only so many entries are ever read, the newest that the viewer may see first;
those that match in the title have their own share, so that a busy thread cannot crowd them out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache as once
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

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
    title: str = ""
    labels: str = ""
    body: str = ""
    size: int = 0

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
    among: Findable,
    phrases: Sequence[Phrase],
    most: int,
    *,
    any_of: bool = False,
    in_title: bool = False,
    newest: int = 0,
    listed: bool = False,
) -> list[Candidate]:
    """Up to `most` entries that match (see Wanted), newest first. When few threads fill it, more of the others.

    Only so many of the `newest` that match are looked at, whoever may see them, unless 0. `listed`: where these are
    `within` a list of things, and much more has the words.
    """
    rows: list[Candidate] = []
    if not (among.kinds and phrases):
        return rows
    wanted = Wanted(among.kinds, tuple(phrases), any_of=any_of, in_title=in_title)
    for _round in range(_ROUNDS):
        batch = _batch(among, rows, wanted, most, newest, listed=listed)
        rows += batch
        if len(batch) < most or len(subjects_in(rows)) >= min(ENOUGH, most):
            break
    return rows


def _batch(
    among: Findable, rows: list[Candidate], wanted: Wanted, most: int, newest: int, *, listed: bool
) -> list[Candidate]:
    expression = full_text().expression(wanted)
    if among.is_plain and not rows:
        asked = _plain(among.asked, among.replies, wanted.in_title, most, newest)
        return [Candidate(*row) for row in asked(among.viewer, wanted=expression).rows]
    entries = _except_threads(among.entries, rows)
    found = full_text().matching(entries, expression, in_title=wanted.in_title, newest=newest, listed=listed)
    return _read(found[:most])


@once
def _plain(asked: tuple[str, ...], replies: bool, in_title: bool, most: int, newest: int) -> Prepared[Any]:
    def build(viewer: Member, wanted: str) -> "QuerySet[Any, Any]":
        entries = Findable(viewer, asked, replies=replies).entries
        matching = full_text().matching(entries, wanted, in_title=in_title, newest=newest)
        return matching.values_list(*Candidate._fields)[:most]

    # How it is best answered depends on the words.
    return Prepared(build, planned_anew=True)


def how_many(among: Findable, term: str, most: int) -> int:
    """How many entries have the word, counted up to `most`."""
    wanted = full_text().expression(Wanted(among.kinds, ((term,),)))
    return len(full_text().matching(among.entries, wanted).values_list("pk")[:most]) if among.kinds else 0


def subjects_in(rows: Iterable[Candidate]) -> set[tuple[str, int]]:
    """What different things the entries make found."""
    return {row.subject for row in rows}


def _read(entries: QuerySet[SearchEntry]) -> list[Candidate]:
    return [Candidate(*row) for row in entries.values_list(*Candidate._fields)]


def _except_threads(entries: QuerySet[SearchEntry], rows: list[Candidate]) -> QuerySet[SearchEntry]:
    ids = {row.subject_id for row in rows if row.kind in POSTS}
    return entries.exclude(Q(kind__in=POSTS, subject_id__in=ids)) if ids else entries


def _by_kind() -> "QuerySet[Any, Any]":
    return SearchEntry.objects.values_list("kind").annotate(Count("id")).order_by()


_figures: Prepared[Any] = Prepared(_by_kind)


def corpus(kinds: Collection[str]) -> Corpus:
    """How much there is, and how much of it is of these kinds."""
    figures = counts_by_kind()
    whole = sum(figures.values())
    return Corpus(count=whole, share=sum(figures.get(kind, 0) for kind in kinds) / max(1, whole))


def counts_by_kind() -> dict[str, int]:
    """How many entries of each kind there are; remembered for ten minutes once they are many."""
    figures: dict[str, int] | None = cache.get("search.counts")
    if figures is None:
        figures = dict(_figures().rows)
        if sum(figures.values()) > _SMALL:
            cache.set("search.counts", figures, _REMEMBERED)
    return figures


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
    return {term: rarity(count, whole.count) for term, count in frequencies.items()}


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


def best(rows: Iterable[Candidate], wanted: Mapping[str, float]) -> list[Ranked]:
    """The best entry of each subject. One that lacks words loses more than their own score."""
    found: dict[tuple[str, int], Ranked] = {}
    weight = sum(wanted.values()) or 1.0
    for row in {(row.kind, row.object_id): row for row in rows}.values():
        result = scored(wanted, row)
        score = result.score * (result.found / weight) ** 2
        held = found.get(row.subject)
        if held is None or score > held.score:
            found[row.subject] = Ranked(row, score)
    return list(found.values())
