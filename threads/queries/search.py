"""One search over threads, practices, playbooks and members: ranked, highlighted, and only what the viewer may see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from community.models import Member
from community.rules.cursors import decode, encode
from threads.queries.candidates import Ranked, best, corpus, frequencies_of, rarities
from threads.queries.facets import Facets, facets_of
from threads.queries.findable import KINDS, Findable, known
from threads.queries.hits import Hit, hits
from threads.queries.narrowing import filled, identified
from threads.queries.newest import Narrowed
from threads.queries.pools import FEW, Pool, pool_of
from threads.queries.spelling import commoner, meant, mended_phrases, written
from threads.queries.standing import in_order
from threads.rules.search_filters import Filter
from threads.rules.search_text import SearchText, mended, parse, typed_words

__all__ = ["KINDS", "Hit", "SearchResult", "search"]


@dataclass(frozen=True)
class SearchResult:
    """A page of hits, best first. `total` counts what was ranked; with `bounded` there is more that was not.

    `next` is the cursor of the next page, None at the end. `asked` is how the text was understood; where nothing was
    found, filters that nothing that the viewer may see fulfils are among its `unknown`. `corrected` is the text that
    was searched for instead, None when that is the one given; `suggested` one that finds much more, in whose place
    little was found. `facets` only where they were asked for.
    """

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    bounded: bool = False
    next: str | None = None
    asked: SearchText = field(default_factory=SearchText)
    corrected: str | None = None
    suggested: str | None = None
    facets: Facets = field(default_factory=dict)


@dataclass(frozen=True)
class _Found:
    """What was looked at, those of it that are ranked, and in how many entries the words are."""

    pool: Pool
    ranked: list[Ranked]
    frequencies: Mapping[str, int]


def search(
    viewer: Member,
    text: str,
    *,
    kinds: Collection[str] = KINDS,
    filters: Mapping[str, str] | None = None,
    limit: int = 20,
    after: str = "",
    mend: bool = False,
    facets: bool = False,
) -> SearchResult:
    """What the viewer may see that has the words of `text`, one hit for a thread (its best post).

    Any text is allowed; what exceeds its bounds (see rules.search_text) is ignored. Only filters and no word: the
    newest that fit. When few things have all the words, those with some follow. `filters` overrule those in the text;
    besides theirs there is `asker`, the author of the problem. With `mend` words that nothing has are taken for
    mistyped, when what was meant finds something, and another text may be `suggested`.

    Raises ValueError for a broken cursor.
    """
    start = decode(after)[1] if after else 0
    asked = _with(filters or {}, parse(text))
    narrowing = identified([each for each in asked.filters if each.name != "kind"])
    among = Findable(viewer, _kinds(kinds, asked), narrowing)
    narrow = Narrowed(among)
    found = _found(narrow, asked)
    words = meant(narrow.whole, asked, typed_words(text), found.pool.rows) if mend and asked.phrases else {}
    if words:
        asked = replace(asked, phrases=mended_phrases(asked, words))
        found = _found(narrow, asked)
    if not found.ranked:
        asked = replace(asked, unknown=(*asked.unknown, *_unfilled(among)))
    more = start + limit < len(found.ranked)
    shown = hits(viewer, found.ranked[start : start + limit], set(asked.terms))
    corrected = mended(text, written(words, shown)) if words else None
    return SearchResult(
        hits=shown,
        total=len(found.ranked),
        bounded=found.pool.bounded,
        next=encode("rank", start + limit) if more else None,
        asked=asked,
        corrected=corrected,
        suggested=_suggested(narrow, asked, corrected or text, found) if mend and found.ranked and not start else None,
        facets=facets_of(viewer, (row.candidate.subject for row in found.ranked)) if facets else {},
    )


def _suggested(among: Narrowed, asked: SearchText, text: str, found: _Found) -> str | None:
    """The text with words that many more things have in the place of rare ones."""
    words = commoner(among.whole, typed_words(text), found.frequencies) if asked.phrases else {}
    if not words:
        return None
    other = replace(asked, phrases=mended_phrases(asked, words))
    more = _found(among, other)
    shown = hits(among.whole.viewer, more.ranked[:FEW], set(other.terms))
    return mended(text, written(words, shown)) if shown else None


def _with(given: Mapping[str, str], asked: SearchText) -> SearchText:
    """What the text asks, with these filters in the place of its own of the same names."""
    kept = [each for each in asked.filters if each.name not in given]
    return replace(asked, filters=(*kept, *(Filter(name, value.lower()) for name, value in given.items())))


def _kinds(kinds: Collection[str], asked: SearchText) -> tuple[str, ...]:
    """Those of the kinds that the text asks for too."""
    wanted = [each for each in asked.filters if each.name == "kind"]
    return tuple(kind for kind in known(kinds) if all((each.value == kind) != each.excluded for each in wanted))


def _unfilled(among: Findable) -> list[str]:
    """Filters that nothing that the viewer may see fulfils: whether there is no such thing, or they do not see it."""
    return [str(each) for each in among.filters if not filled(among.viewer, each)]


def _found(among: Narrowed, asked: SearchText) -> _Found:
    frequencies, whole = frequencies_of(asked.terms), corpus(among.whole.kinds)
    pool = pool_of(among, asked, frequencies, whole)
    return _Found(pool, in_order(best(pool.rows, rarities(frequencies, whole))), frequencies)
