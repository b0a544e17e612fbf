"""One search over threads, practices and members: ranked, highlighted, and only what the viewer may see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from community.models import Member
from community.rules.cursors import decode, encode
from threads.queries.candidates import (
    Candidate,
    affordable,
    best,
    corpus,
    frequencies_of,
    gather,
    newest,
    rarities,
    subjects_in,
)
from threads.queries.findable import KINDS, Findable, known
from threads.queries.hits import Hit, hits
from threads.queries.standing import in_order
from threads.rules.ranking import Corpus
from threads.rules.search_text import SearchText, parse

__all__ = ["KINDS", "Hit", "SearchResult", "search"]

MOST_IN_TITLE = 200
MOST_ANYWHERE = 500
MOST_PARTLY = 500
FEW = 30


@dataclass(frozen=True)
class SearchResult:
    """A page of hits, best first. `total` counts what was ranked; with `bounded` there is more that was not.

    `next` is the cursor of the next page, None at the end. `asked` is how the text was understood.
    """

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    bounded: bool = False
    next: str | None = None
    asked: SearchText = field(default_factory=SearchText)


def search(
    viewer: Member,
    text: str,
    *,
    kinds: Collection[str] = KINDS,
    filters: Mapping[str, str] | None = None,
    limit: int = 20,
    after: str = "",
) -> SearchResult:
    """What the viewer may see that has the words of `text`, one hit for a thread (its best post).

    Any text is allowed; what exceeds its bounds (see rules.search_text) is ignored. Only filters and no word: the
    newest that fit. When few things have all the words, those with some follow. `filters` overrule those in the text;
    besides theirs there is `asker`, the author of the problem. Raises ValueError for a broken cursor.
    """
    start = decode(after)[1] if after else 0
    asked = parse(text)
    asked = replace(asked, filters={**asked.filters, **(filters or {})})
    frequencies = frequencies_of(asked.terms)
    among = Findable(viewer, known(kinds), asked.filters)
    whole = corpus(among.kinds)
    rows, bounded = _candidates(among, asked, frequencies, whole)
    ranked = in_order(best(rows, rarities(frequencies, whole), whole, all_count=True))
    more = start + limit < len(ranked)
    return SearchResult(
        hits=hits(viewer, ranked[start : start + limit], set(asked.terms)),
        total=len(ranked),
        bounded=bounded,
        next=encode("rank", start + limit) if more else None,
        asked=asked,
    )


def _candidates(
    among: Findable, asked: SearchText, frequencies: Mapping[str, int], whole: Corpus
) -> tuple[list[Candidate], bool]:
    """What is to be ranked, and whether a bound was reached."""
    if not asked.phrases:
        rows = newest(among, MOST_ANYWHERE, replies="author" in asked.filters) if asked.filters else []
        return rows, len(rows) == MOST_ANYWHERE
    titled = gather(among, asked.phrases, MOST_IN_TITLE, in_title=True)
    rows = titled + gather(among, asked.phrases, MOST_ANYWHERE)
    bounded = len(titled) >= MOST_IN_TITLE or len(rows) - len(titled) >= MOST_ANYWHERE
    if len(asked.terms) > 1 and frequencies and len(subjects_in(rows)) < FEW:
        rarest = sorted(frequencies, key=lambda term: (frequencies[term], term))
        some = affordable(rarest, frequencies, whole, MOST_PARTLY)
        rows += gather(among, [(term,) for term in some], MOST_PARTLY, any_of=True)
    return rows, bounded
