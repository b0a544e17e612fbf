"""BM25: how well an entry answers, by how rare the words are and how short it is. The title's words count more."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

TITLE_WEIGHT = 3
K1 = 1.2
B = 0.75


@dataclass(frozen=True)
class Corpus:
    """How many entries there are; of those of the kinds looked among, their average length (see `size`) and share."""

    count: int
    average: float
    share: float = 1.0


def size(title: str, labels: str, body: str) -> int:
    """How long an entry is: its words, those of the title as often as they count."""
    return TITLE_WEIGHT * _count(title) + _count(labels) + _count(body)


def _count(words: str) -> int:
    return words.count(" ") + 1 if words else 0


def rarity(documents: int, corpus: Corpus) -> float:
    """The weight of a word that so many entries contain; never below zero."""
    return math.log(1 + (max(corpus.count, documents) - documents + 0.5) / (documents + 0.5))


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


def scored(wanted: Mapping[str, float], entry: Rankable, corpus: Corpus) -> Scored:
    """How well an entry answers for words with their weights."""
    counts: dict[str, int] = {}
    for text, weight in ((entry.title, TITLE_WEIGHT), (entry.labels, 1), (entry.body, 1)):
        words = text.split(" ")
        for word in wanted.keys() & words:
            counts[word] = counts.get(word, 0) + weight * words.count(word)
    norm = K1 * (1 - B + B * entry.size / corpus.average)
    score = sum(wanted[word] * count * (K1 + 1) / (count + norm) for word, count in counts.items())
    return Scored(score, sum(wanted[word] for word in counts))
