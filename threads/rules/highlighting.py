"""Which part of a text to show for a search, and which words of it to mark."""

from collections.abc import Collection
from dataclasses import dataclass

from threads.rules.words import Word, normal, words_among

EXCERPT = 240
_LOOKED_AT = 40_000


@dataclass(frozen=True)
class Piece:
    """A stretch of text, marked or not."""

    text: str
    marked: bool


def excerpt(text: str, terms: Collection[str], *, length: int = EXCERPT) -> list[Piece]:
    """The stretch of about `length` characters with most different words of `terms`, in pieces; else the start."""
    text = normal(text[:_LOOKED_AT])
    found = list(words_among(text, terms))
    start = _best_start(found, length)
    start = _at_a_space(text, start)
    end = len(text) if len(text) <= start + length else _at_a_space(text, start + length)
    end = end if end > start else start + length
    pieces = _pieces(text, [word for word in found if word.start >= start and word.end <= end], start, end)
    return [Piece("… ", False)] * (start > 0) + pieces + [Piece(" …", False)] * (end < len(text))


def marked(text: str, terms: Collection[str]) -> list[Piece]:
    """The whole of a short text, in pieces."""
    text = normal(text)
    return _pieces(text, list(words_among(text, terms)), 0, len(text))


def _best_start(found: list[Word], length: int) -> int:
    """Some way before the word from which on most different words lie within reach."""
    best, most = 0, 0
    for place, word in enumerate(found[:400]):
        within = set()
        for other in found[place : place + 50]:
            if other.end > word.start + length * 2 // 3:
                break
            within.add(other.term)
        if len(within) > most:
            best, most = word.start, len(within)
    return max(0, best - length // 6)


def _at_a_space(text: str, place: int) -> int:
    """A place near, not after, `place` where a word starts or ends; `place` itself when there is none near."""
    space = text.rfind(" ", max(0, place - 40), place)
    return place if space < 0 else space


def _pieces(text: str, words: list[Word], start: int, end: int) -> list[Piece]:
    pieces = []
    at = start
    for word in words:
        if word.end <= at:
            continue
        pieces.append(Piece(text[at : max(at, word.start)], False))
        pieces.append(Piece(text[max(at, word.start) : word.end], True))
        at = word.end
    pieces.append(Piece(text[at:end], False))
    return [piece for piece in pieces if piece.text]
