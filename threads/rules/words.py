"""Which words a text has for searching. The same for what is indexed and what is asked, on every database.

Words are folded (case, accents, width), stemmed, and function words of English left out. Scripts written without spaces
between words are cut into overlapping pairs of characters. A word consists of letters, digits and vowel signs only,
so that it means nothing to any query syntax.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from threads.rules.stemming import stem

LONGEST_WORD = 40

# Accents and vowel points as own characters, and the blocks of scripts whose vowel signs are no letters to `re`.
_POINTS = "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
_SIGNS = f"{_POINTS}\u0900-\u0963\u0966-\u0dff"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3"
_WORD = re.compile(f"(?P<unspaced>[{_UNSPACED}]+)|(?:(?![{_UNSPACED}])[^\\W_]|[{_SIGNS}])+")
# In a text without any of those characters the same words are found much faster.
_SPECIAL = re.compile(f"[{_UNSPACED}{_SIGNS}]")
_PLAIN = re.compile(r"[^\W_]+")
# Signs that make another word; accents and the points of Hebrew and Arabic are often left out and do not.
_VOWEL_SIGN = re.compile("[\u0900-\u0963\u0966-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3099\u309a]")

_FUNCTION_WORDS = frozenset({
    "a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "d", "did",
    "do", "does", "for", "from", "had", "has", "have", "he", "her", "him", "his", "how", "i", "if", "in", "into",
    "is", "it", "its", "just", "ll", "m", "me", "my", "of", "on", "or", "our", "re", "s", "she", "should", "so",
    "some", "such", "t", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "to",
    "too", "us", "ve", "was", "we", "were", "what", "when", "where", "which", "who", "why", "will", "with", "would",
    "you", "your",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text as it is searched for, and where it stands."""

    term: str
    start: int
    end: int


def words_in(text: str) -> Iterator[Word]:
    """The words of `text`, which has to be `normal`, in order."""
    special = not text.isascii() and _SPECIAL.search(text)
    for match in (_WORD if special else _PLAIN).finditer(text):
        if special and match["unspaced"]:
            yield from _pairs(match[0], match.start())
        elif term := _term(match[0]):
            yield Word(term, match.start(), match.end())


def words_among(text: str, terms: Collection[str]) -> Iterator[Word]:
    """Those of the words of `text` that are searched for as one of `terms`, in order."""
    if not text.isascii() and _SPECIAL.search(text):
        yield from (word for word in words_in(text) if word.term in terms)
        return
    wanted = {found: term for found in set(_PLAIN.findall(text)) if (term := _term(found)) in terms}
    for match in _PLAIN.finditer(text) if wanted else ():
        if match[0] in wanted:
            yield Word(wanted[match[0]], match.start(), match.end())


def terms_of(text: str) -> list[str]:
    """The words of any text as they are searched for."""
    return [word.term for word in words_in(normal(text))]


def typed_words(text: str) -> tuple[list[str], str]:
    """The words of a text that is still being typed, and what there is of its last one: folded and not stemmed.

    That is empty where the text does not end in a word, or in a script without spaces, whose pairs of characters are
    words at once.
    """
    text = normal(text)
    last = next((match for match in _WORD.finditer(text) if match.end() == len(text)), None)
    if last is None or last["unspaced"]:
        return terms_of(text), ""
    return terms_of(text[: last.start()]), _folded(last[0])[:LONGEST_WORD]


def normal(text: str) -> str:
    """The text with every accented letter as one character: what positions refer to."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _pairs(run: str, start: int) -> Iterator[Word]:
    for offset in range(max(1, len(run) - 1)):
        pair = run[offset : offset + 2]
        if term := _folded(pair):
            yield Word(term, start + offset, start + offset + len(pair))


@lru_cache(maxsize=100_000)
def _term(found: str) -> str:
    folded = found.lower() if found.isascii() else _folded(found)
    if folded in _FUNCTION_WORDS:
        return ""
    term = stem(folded) if folded.isascii() and folded.isalpha() else folded
    return term[:LONGEST_WORD]


def _folded(found: str) -> str:
    apart = unicodedata.normalize("NFKD", found.casefold()).casefold()
    kept = "".join(char for char in apart if char.isalnum() or _VOWEL_SIGN.match(char))
    return unicodedata.normalize("NFC", kept)
