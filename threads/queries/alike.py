"""Which of the things that somebody may see are most like a text, and how like it they are.

The lists of the text's heaviest words give a bounded number of candidates, whatever there is; the database says which
of them may be seen; the best of those are scored exactly. What may not be seen takes nobody's place: whoever sees
little of what the lists give gets longer lists, or is asked about all that they see.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q

from community.models import Member
from community.queries.prepared import Prepared
from threads.models import SHELF_OF, SHELVES, Posting, SearchEntry, SearchWord
from threads.queries.candidates import counts_by_kind
from threads.queries.few import Few, few
from threads.queries.findable import Findable
from threads.queries.postings import postings
from threads.queries.postings.base import MOST_WORDS
from threads.rules.likeness import Weight, counts_of, score_of_itself, weighted

PER_WORD, CANDIDATES = 500, 600
PER_WORD_DEEPER, CANDIDATES_DEEPER = 2_000, 2_400
SCORED = 200
FEW_SEEN = 50
MOST_COUNTED = 1_000

Place = tuple[int, int]
Subject = tuple[str, int]


class Alike(NamedTuple):
    """A thing that is like a text. `object_id` is that of its entry; `score` means something for one text only."""

    kind: str
    id: int
    object_id: int
    score: int


@dataclass(frozen=True)
class Read:
    """A text as it is looked for: how often its words count, the heaviest that other things may have, which are
    scored, and the heaviest of all."""

    counts: Mapping[str, int]
    weights: Sequence[Weight]
    heaviest: Sequence[Weight]

    @cached_property
    def most(self) -> int:
        """What the text would score against itself."""
        return max(1, score_of_itself(self.counts, self.heaviest))

    def share(self, score: int) -> float:
        """A score as a share of that: 0 to 1."""
        return min(1.0, score / self.most)


class Sight:
    """What somebody sees of the things of one kind, asked of the database."""

    def __init__(self, viewer: Member, kind: str) -> None:
        self.viewer = viewer
        self.kind = kind

    def seen(self, entries: Sequence[int]) -> dict[int, Place]:
        """Those of the entries that they see, with the ids of thing and object."""
        return {pk: (subject, thing) for pk, subject, thing in _seen(self.kind)(self.viewer, ids=list(entries)).rows}

    def seen_of(self, things: Sequence[int]) -> dict[int, Place]:
        """The same of the entries of the things with these ids."""
        found = _seen_of(self.kind)(self.viewer, ids=list(things)).rows if things else ()
        return {pk: (subject, thing) for pk, subject, thing in found}

    @cached_property
    def all(self) -> Few | None:
        """All that they see, when it is little."""
        return few(self.viewer, self.kind)


@cache
def _seen_of(kind: str) -> Prepared[Any]:
    return Prepared(
        lambda viewer, ids: (
            Findable(viewer, (kind,), replies=False)
            .entries.filter(subject_id__in=ids)
            .values_list("pk", "subject_id", "object_id")
        )
    )


@cache
def _seen(kind: str) -> Prepared[Any]:
    return Prepared(
        lambda viewer, ids: (
            Findable(viewer, (kind,), replies=False)
            .entries.filter(pk__in=ids)
            .values_list("pk", "subject_id", "object_id")
        )
    )


def read(text: str, *, besides: Collection[Subject] = ()) -> Read:
    """The words of a text and their weights. Words that were never counted are counted now, up to a bound.

    What only these things have is not looked for: of a stored text that is the thing itself, and its own words would
    take the place of those by which others are found.
    """
    counts = counts_of(text)
    known = postings().known(counts) if counts else {}
    new = {key for key, _documents, counted in known.values() if not counted}
    counted = postings().counted(new, most=MOST_COUNTED) if new else {}
    documents = {word: (key, counted.get(key, documents)) for word, (key, documents, _counted) in known.items()}
    there = counts_by_kind()
    whole = sum(there.get(kind, 0) for kind in SHELF_OF)
    heaviest = weighted(counts, documents, whole)
    own = _only_in(besides, [key for key, among in documents.values() if among <= len(besides)])
    others = {word: place for word, place in documents.items() if place[0] not in own}
    return Read(counts, weighted(counts, others, whole) if own else heaviest, heaviest)


def _only_in(subjects: Collection[Subject], keys: Collection[int]) -> set[int]:
    """Those of the words with these keys that nothing has but these things."""
    if not (subjects and keys):
        return set()
    theirs = reduce(or_, (Q(kind=kind, subject_id=pk) for kind, pk in subjects))
    entries = SearchEntry.objects.filter(theirs, kind__in=SHELF_OF).values("pk")
    having = Posting.objects.filter(slot__gte=OuterRef("first"), slot__lt=OuterRef("first") + SHELVES)
    words = SearchWord.objects.filter(pk__in=keys).alias(first=F("pk") * SHELVES)
    return set(words.exclude(Exists(having.exclude(entry_id__in=entries))).values_list("pk", flat=True))


def alike(sight: Sight, weights: Sequence[Weight]) -> list[Alike]:
    """What they see that is most like a text with these weights, best first, of equals the newest."""
    if not weights:
        return []
    engine, shelf = postings(), SHELF_OF[sight.kind]
    found: Sequence[int] = engine.best(weights, shelf, per=PER_WORD, most=CANDIDATES)
    if len(found) < FEW_SEEN and len(weights) > MOST_WORDS:
        lighter = engine.best(weights[MOST_WORDS:], shelf, per=PER_WORD, most=CANDIDATES)
        found = [*dict.fromkeys([*found, *lighter])]
    seen = sight.seen(found)
    if len(seen) < FEW_SEEN and len(found) >= PER_WORD:
        found = [*dict.fromkeys([*_more(sight, weights), *seen])]
        seen |= sight.seen([entry for entry in found if entry not in seen])
    kept = [entry for entry in found if entry in seen][:SCORED]
    scores = engine.scores(kept, weights, shelf)
    return [Alike(sight.kind, *seen[entry], scores[entry]) for entry in _best_first(scores)]


def _more(sight: Sight, weights: Sequence[Weight]) -> Sequence[int]:
    """The most alike of all that they see when that is little, else what longer lists give."""
    engine, shelf, everything = postings(), SHELF_OF[sight.kind], sight.all
    if everything is None:
        return engine.best(weights, shelf, per=PER_WORD_DEEPER, most=CANDIDATES_DEEPER)
    return _best_first(engine.scores(everything.entries, weights[:MOST_WORDS], shelf))[:SCORED]


def _best_first(scores: Mapping[int, int]) -> list[int]:
    return sorted(scores, key=lambda entry: (-scores[entry], -entry))
