"""What finding words asks of a database. Ranking is done outside, alike for all."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from django.db.models import QuerySet

from threads.models import SearchEntry

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """Entries of these kinds with every phrase, or `any_of` them; anywhere, or in the title. At least one of each.

    With `begun`, besides, a word that begins with the first of these or is one of the others; then there may be no
    phrase.
    """

    kinds: tuple[str, ...]
    phrases: tuple[Phrase, ...]
    any_of: bool = False
    in_title: bool = False
    begun: tuple[str, ...] = ()


def kind_words(kinds: Collection[str]) -> list[str]:
    """The words by which the index knows entries of these kinds; no text contains them. None when all kinds will do."""
    return [] if set(kinds) >= set(SearchEntry.Kind.values) else [f"§{kind}" for kind in kinds]


class FullText(Protocol):
    """One database's full-text index. Words are those of `rules.words`: they need no quoting."""

    def expression(self, wanted: Wanted) -> str:
        """What is wanted, in the database's own words."""

    def matching(
        self,
        entries: QuerySet[SearchEntry],
        expression: str,
        *,
        in_title: bool = False,
        newest: int = 0,
        listed: bool = False,
    ) -> QuerySet[SearchEntry]:
        """Those of `entries` that match, newest first, so that a slice of them stops early.

        `in_title` as what is expressed; only so many of the `newest` of all that match, unless 0. `listed`: there are
        few `entries`, and many more that match.
        """

    def frequencies(self, terms: Collection[str]) -> dict[str, int]:
        """In how many entries each word is; those in none are left out. Counts of frequent words may be estimates."""
