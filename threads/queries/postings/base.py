"""What ranking by likeness asks of a database."""

from collections.abc import Collection, Sequence
from typing import NewType, Protocol

from threads.models import Shelf
from threads.rules.likeness import Weight

MOST_WORDS = 24  # whose lists are looked through
Row = tuple[int, int, int]
"""Slot, impact and entry."""
Unseen = NewType("Unseen", int)
"""The id of an entry that nobody's eyes were asked about yet: shown to nobody before."""


class Postings(Protocol):
    """One database's postings. Whole numbers only, so that all of them add up and order alike."""

    def best(self, weights: Sequence[Weight], shelf: Shelf, *, per: int, most: int) -> list[Unseen]:
        """Up to `most` entries of a shelf, the most promising first: those high up in the lists of the heaviest words.

        These are the first MOST_WORDS of those that anything on the shelf has.
        Of each list only the first `per` are looked at, so that it costs the same however much there is.
        """

    def scores(self, entries: Collection[int], weights: Sequence[Weight], shelf: Shelf) -> dict[int, int]:
        """The exact scores of these entries of a shelf; those that have none of the words are left out."""

    def held(self, entries: Collection[int]) -> list[Row]:
        """All that these entries have."""

    def put(self, rows: Sequence[Row]) -> None:
        """Write these, which are not there."""

    def drop(self, rows: Sequence[Row]) -> None:
        """Take these away."""

    def known(self, words: Collection[str]) -> dict[str, tuple[int, int, bool]]:
        """The keys of words, in how many things each was when that was counted last, and whether it ever was."""

    def counted(self, keys: Collection[int], *, most: int) -> dict[int, int]:
        """In how many things each of the words with these keys is, counted now; from `most` on only that."""

    def hold(self, *, alone: bool) -> None:
        """Until the transaction ends nobody forgets a word; or, `alone`, nobody writes any. Waits for who does it now.

        Asked for before any word is read, and once in a transaction.
        """
