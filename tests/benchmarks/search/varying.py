"""Real texts, and others made of them: some words left out, some of another text put in.

With their words for the search index, which are made once for each piece between spaces.
"""

import random
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from threads.rules.words import terms_of

LEFT_OUT = 0.2
PUT_IN = 12
_LONGEST = 20_000

Pieces = list[tuple[str, str]]
"""What stands between spaces, and the words for the index that are in it."""


class Varied(NamedTuple):
    """A text as people read it, and its words for the index."""

    text: str
    words: str

    @property
    def html(self) -> str:
        """As a post has it."""
        return f"<p>{escape(self.text)}</p>"


class Pieced:
    """Cuts texts into pieces; equal pieces are looked at once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, str]] = {}

    def __call__(self, text: str) -> Pieces:
        return [self._known.get(piece) or self._new(piece) for piece in text[:_LONGEST].split()]

    def _new(self, piece: str) -> tuple[str, str]:
        made = self._known[piece] = (piece, " ".join(terms_of(piece)))
        return made


def varied(draw: random.Random, pieces: Pieces, others: Sequence[Pieces] = ()) -> Varied:
    """A text with a fifth of its words left out, and a few of one of the others put in."""
    chance = draw.random
    kept = [piece for piece in pieces if chance() > LEFT_OUT] or pieces
    if others:
        other = draw.choice(others)
        start = draw.randrange(max(1, len(other)))
        kept = kept + other[start : start + PUT_IN]
    return Varied(" ".join([text for text, _words in kept]), " ".join([words for _text, words in kept if words]))
