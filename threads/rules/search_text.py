"""What a person types into a search box: words, "exact phrases" and filters such as `tag:wifi`."""

import re
from dataclasses import dataclass, field

from threads.rules.words import terms_of

MAX_QUERY = 1_000
MAX_WORDS = 32
FILTERS = ("product", "tag", "status", "author", "space")

_FILTER = re.compile(rf'(?<!\S)({"|".join(FILTERS)}):(?:"([^"]*)"|(\S+))', re.IGNORECASE)
_PIECE = re.compile(r'"([^"]+)"|(\S+)')


@dataclass(frozen=True)
class SearchText:
    """`phrases` are all to be found, each as words in a row (mostly one); `filters` by name, in lower case."""

    phrases: tuple[tuple[str, ...], ...] = ()
    filters: dict[str, str] = field(default_factory=dict)

    @property
    def terms(self) -> list[str]:
        """Every different word, in the order typed."""
        return list(dict.fromkeys(term for phrase in self.phrases for term in phrase))


def parse(text: str) -> SearchText:
    """Read any text whatever; never refuses. Only the first MAX_QUERY characters and MAX_WORDS words count.

    What is joined without spaces (an address, an error code, `wi-fi`) is a phrase. The last of equal filters counts.
    """
    text = text[:MAX_QUERY].encode(errors="ignore").decode().replace("\0", " ")
    filters = {name.lower(): (quoted or bare).strip().lower() for name, quoted, bare in _FILTER.findall(text)}
    return SearchText(_phrases(_FILTER.sub(" ", text)), {name: value for name, value in filters.items() if value})


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    phrases: dict[tuple[str, ...], None] = {}
    left = MAX_WORDS
    for quoted, bare in _PIECE.findall(text):
        phrase = tuple(terms_of(quoted or bare))[:left]
        left -= len(phrase)
        if phrase:
            phrases[phrase] = None
    return tuple(phrases)
