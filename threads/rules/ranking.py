"""BM25: how well an entry answers, by how rare the words are and how short it is. The title's words count more.

Lengths are measured against a fixed one and not against the average of all, so that what a word counts in an entry
depends on that entry alone and stays right however much is added.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

TITLE_WEIGHT = 3
K1 = 2.0
B = 0.85
PIVOT = 100


@dataclass(frozen=True)
class Corpus:
    """How many entries there are, and what share of them those of the kinds looked among are."""

    count: int
    share: float = 1.0


def size(title: str, labels: str, body: str) -> int:
    """How long an entry is: its words, those of the title as often as they count."""
    return TITLE_WEIGHT * _count(title) + _count(labels) + _count(body)


def _count(words: str) -> int:
    return words.count(" ") + 1 if words else 0


def rarity(documents: int, whole: int) -> float:
    """The weight of a word that so many of all entries contain; never below zero."""
    return math.log(1 + (max(whole, documents) - documents + 0.5) / (documents + 0.5))


def saturated(count: int, length: int) -> float:
    """What a word counts that stands so often in an entry of that `size`: each further time less, at most K1 + 1."""
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length / PIVOT))


@dataclass(frozen=True, slots=True)
class Scored:
    """A BM25 score, and the weight of the words that were found at all."""

    score: float
    found: float


class Rankable(Protocol):
    """The texts of an entry, and their `size`."""

    @property
    def title(self) -> str: ...
    @property
    def labels(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def size(self) -> int: ...


def scored(wanted: Mapping[str, float], entry: Rankable) -> Scored:
    """How well an entry answers for words with their weights."""
    counts: dict[str, int] = {}
    for text, weight in ((entry.title, TITLE_WEIGHT), (entry.labels, 1), (entry.body, 1)):
        words = text.split(" ")
        for word in wanted.keys() & words:
            counts[word] = counts.get(word, 0) + weight * words.count(word)
    score = sum(wanted[word] * saturated(count, entry.size) for word, count in counts.items())
    return Scored(score, sum(wanted[word] for word in counts))
