"""Who wrote what of a text: followed through its changes, and kept as lengths with a member's id, 0 for nobody."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from threads.rules.texts import plain

NOBODY = 0
_MORE = -1  # a byte that goes on with the character before
Runs = list[list[int]]


class Change(NamedTuple):
    """At a byte of the text in UTF-8, as it is after the changes before: so many bytes go, and this comes."""

    at: int
    removed: int
    inserted: str


class Followed:
    """One text with the writer of each of its characters."""

    def __init__(self, text: str) -> None:
        self._writers = _signed(text, NOBODY)

    def take(self, changes: Iterable[Change], writer: int) -> tuple[int, int]:
        """Somebody changed it; how many characters they put in and took out."""
        inserted = deleted = 0
        for at, removed, new in changes:
            gone = self._writers[at : at + removed]
            self._writers[at : at + removed] = _signed(new, writer)
            inserted, deleted = inserted + len(new), deleted + len(gone) - gone.count(_MORE)
        return inserted, deleted

    def runs(self, text: str) -> Runs:
        """Who wrote the text, which it has become, as a column holds it: without control characters."""
        writers = [writer for writer in self._writers if writer != _MORE]
        if len(writers) != len(text):
            return [[len(plain(text)), NOBODY]]
        if plain(text) != text:
            writers = [writer for character, writer in zip(text, writers, strict=True) if plain(character)]
        return [[len(list(group)), writer] for writer, group in groupby(writers)]


def _signed(text: str, writer: int) -> list[int]:
    if text.isascii():
        return [writer] * len(text)
    return [each for character in text for each in (writer, *[_MORE] * (len(character.encode()) - 1))]
