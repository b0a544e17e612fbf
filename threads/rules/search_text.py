"""What a person types into a search box: words, "exact phrases" and filters such as `tag:wifi`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from community.rules import clock
from threads.rules.search_filters import FILTERS, SEVERAL, Filter, understood
from threads.rules.words import normal, terms_of, words_in

MAX_QUERY = 1_000
MAX_WORDS = 32
MAX_FILTERS = 16

_PIECE = re.compile(
    r"""(?P<sign>-?)(?P<name>[a-zA-Z]{2,20}):(?:"(?P<long>[^"]*)"|(?P<short>[^\s":/\\][^\s"]*))"""
    r"""|"(?P<quoted>[^"]+)"|(?P<bare>\S+)"""
)


@dataclass(frozen=True)
class SearchText:
    """`phrases` are all to be found, each as words in a row (mostly one); all `filters` are to hold.

    `unknown` is what looks like a filter and is none, and is searched for as words; and filters with a value that means
    nothing to them, and more of them than MAX_FILTERS, which do not narrow.
    """

    phrases: tuple[tuple[str, ...], ...] = ()
    filters: tuple[Filter, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def terms(self) -> list[str]:
        """Every different word, in the order typed."""
        return list(dict.fromkeys(term for phrase in self.phrases for term in phrase))


def parse(text: str) -> SearchText:
    """Read any text whatever; never refuses. Only the first MAX_QUERY characters and MAX_WORDS words count.

    What is joined without spaces (an address, an error code, `wi-fi`) is a phrase. Of equal filters the last counts,
    but of `tag:`, `has:` and those that exclude every one.
    """
    phrases: dict[tuple[str, ...], None] = {}
    filters: dict[tuple[str, str, bool], Filter] = {}
    unknown: dict[str, None] = {}
    left = MAX_WORDS
    for piece in _pieces(text):
        found = _filter_in(piece)
        if isinstance(found, Filter) and len(filters) < MAX_FILTERS:
            several = found.excluded or found.name in SEVERAL
            filters[found.name, found.value if several else "", found.excluded] = found
        elif found is not None:
            unknown[piece[0]] = None
        if found is None or piece["name"].lower() not in FILTERS:
            phrase = tuple(terms_of(piece["quoted"] or piece[0]))[:left]
            left -= len(phrase)
            if phrase:
                phrases[phrase] = None
    return SearchText(tuple(phrases), tuple(filters.values()), tuple(unknown))


def clean(text: str) -> str:
    """As much of a text as is read, without characters that are none."""
    return text[:MAX_QUERY].encode(errors="ignore").decode().replace("\0", " ")


def _pieces(text: str) -> Iterator[re.Match[str]]:
    return _PIECE.finditer(clean(text))


def _filter_in(piece: re.Match[str]) -> Filter | str | None:
    """The filter that a piece is, or the name of what looks like one; None when it is words."""
    name = (piece["name"] or "").lower()
    if not name:
        return None
    if name not in FILTERS:
        return name
    value = piece["short"] if piece["long"] is None else piece["long"]
    return understood(name, value, excluded=bool(piece["sign"]), now=clock.now()) or name


def with_filter(text: str, wanted: Filter) -> str:
    """The text with one more filter, in the place of the one of its name where only one can be."""
    single = wanted.name not in SEVERAL
    kept = [piece[0] for piece in _pieces(text) if not _is(piece, wanted, any_value=single and not wanted.excluded)]
    return " ".join([*kept, str(wanted)])


def without(text: str, taken: Filter | str) -> str:
    """The text without a filter, or without a piece as it was typed."""
    return " ".join(piece[0] for piece in _pieces(text) if not _is(piece, taken))


def words_alone(text: str) -> str:
    """What is searched for as words, as it was typed but without quotes."""
    kept = (piece["quoted"] or piece[0] for piece in _pieces(text) if not isinstance(_filter_in(piece), Filter))
    return " ".join(kept)


def _is(piece: re.Match[str], asked: Filter | str, *, any_value: bool = False) -> bool:
    if isinstance(asked, str):
        return piece[0] == asked
    found = _filter_in(piece)
    if not isinstance(found, Filter) or (found.name, found.excluded) != (asked.name, asked.excluded):
        return False
    return any_value or found.value == asked.value


def typed_words(text: str) -> dict[str, str]:
    """The words that are looked for by themselves, and not in quotes or joined to others, as they are typed."""
    found: dict[str, str] = {}
    for piece in _pieces(text):
        words = list(words_in(normal(piece["bare"] or "")))
        if len(words) == 1:
            found.setdefault(words[0].term, normal(piece["bare"])[words[0].start : words[0].end])
    return found


def mended(text: str, words: Mapping[str, str]) -> str:
    """The text with other words in the place of some that were typed, by what these are looked for as."""
    return " ".join(_mended(piece, words) for piece in _pieces(text))


def _mended(piece: re.Match[str], words: Mapping[str, str]) -> str:
    bare = normal(piece["bare"] or "")
    found = list(words_in(bare))
    if len(found) != 1 or found[0].term not in words:
        return piece[0]
    return bare[: found[0].start] + words[found[0].term] + bare[found[0].end :]
