"""What a search ranks: all that matches, or where common words make that much, the newest.

Half of all there is may have a common word. How much of it each viewer may see the databases cannot know beforehand, so
they would look at all of it; therefore so many of the newest that match are chosen first, and then asked about. With
filters that much fits, the newest things that fit are chosen in the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from threads.queries.candidates import Candidate, affordable, gather, subjects_in
from threads.queries.newest import Narrowed, newest
from threads.rules.ranking import Corpus
from threads.rules.search_text import SearchText

MOST_IN_TITLE = 200
MOST_ANYWHERE = 500
MOST_PARTLY = 500
FEW = 30
NEWEST = (1_000, 8_000)  # of common words so many are looked at, and if the viewer may see too few of these, so many


@dataclass(frozen=True)
class Pool:
    """The entries to be ranked, and whether there are more."""

    rows: list[Candidate]
    bounded: bool

    def __add__(self, other: "Pool") -> "Pool":
        return Pool(self.rows + other.rows, self.bounded or other.bounded)


def pool_of(among: Narrowed, asked: SearchText, frequencies: Mapping[str, int], whole: Corpus) -> Pool:
    """What is to be ranked. When few things have all the words, those with some follow."""
    if not asked.phrases:
        rows = newest(among.findable, MOST_ANYWHERE) if asked.filters else []
        return Pool(rows, len(rows) == MOST_ANYWHERE)
    common = _are_common(asked, frequencies, whole)
    found = _matching(among, asked, MOST_IN_TITLE, common=common, in_title=True)
    found += _matching(among, asked, MOST_ANYWHERE, common=common)
    if len(asked.terms) > 1 and frequencies and len(subjects_in(found.rows)) < FEW:
        rarest = sorted(frequencies, key=lambda term: (frequencies[term], term))
        some = affordable(rarest, frequencies, whole, MOST_PARTLY)
        found += Pool(gather(among.whole, [(term,) for term in some], MOST_PARTLY, any_of=True), bounded=False)
    return found


def _are_common(asked: SearchText, frequencies: Mapping[str, int], whole: Corpus) -> bool:
    """Whether much more than is looked at at first should have all the words, if they do not avoid each other."""
    if not whole.count or any(len(phrase) > 1 for phrase in asked.phrases):
        return False
    share = prod(frequencies.get(term, 0) / whole.count for term in asked.terms)
    return share * whole.count > 2 * NEWEST[0]


def _matching(among: Narrowed, asked: SearchText, most: int, *, common: bool, in_title: bool = False) -> Pool:
    if common and not among.findable.is_plain:
        return _matching_filters(among, asked, most, in_title=in_title)
    for looked_at in NEWEST if common else ():
        rows = gather(among.whole, asked.phrases, most, in_title=in_title, newest=looked_at)
        if len(rows) >= most:
            return Pool(rows, bounded=True)
    rows = gather(among.whole, asked.phrases, most, in_title=in_title)
    return Pool(rows, len(rows) >= most)


def _matching_filters(among: Narrowed, asked: SearchText, most: int, *, in_title: bool) -> Pool:
    for place in among.newest(in_title=in_title):
        rows = gather(place, asked.phrases, most, in_title=in_title, listed=True)
        if len(subjects_in(rows)) >= FEW:
            return Pool(rows, bounded=True)
    whole, listed = among.last(in_title=in_title)
    rows = gather(whole, asked.phrases, most, in_title=in_title, listed=listed)
    return Pool(rows, len(rows) >= most)
