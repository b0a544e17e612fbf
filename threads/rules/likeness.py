"""How like a text the things of the index are: BM25 in whole numbers, so that every database adds up the same.

A word has an impact in each thing, which depends on that thing alone, and a weight in a text, which depends on how rare
the word is. The score is the sum of their products.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from heapq import nlargest, nsmallest
from typing import NamedTuple

from threads.rules.ranking import TITLE_WEIGHT, rarity, saturated
from threads.rules.words import terms_of

MAX_TEXT = 20_000
MOST_TERMS = 200  # of a text, those that stand there most often
MOST_IMPACTS = 400  # of a thing
MOST_WEIGHTS = 64  # that are scored
_FINE = 1_000
_FINE_WEIGHT = 100
MOST_WEIGHT = 700_000  # so that times an impact it stays a number of four bytes


class Weight(NamedTuple):
    """A word of a text, what it weighs there and by what number the postings know it."""

    word: str
    key: int
    weight: int


def impacts(title: str, labels: str, body: str) -> dict[str, int]:
    """What each word counts in a thing with these texts, words joined by spaces; of a long one the greatest impacts."""
    counts = Counter([*labels.split(), *body.split()])
    for word in title.split():
        counts[word] += TITLE_WEIGHT
    found = impacts_of(counts)
    if len(found) > MOST_IMPACTS:
        found = dict(nsmallest(MOST_IMPACTS, found.items(), key=lambda item: (-item[1], item[0])))
    return found


def impacts_of(counts: Mapping[str, int]) -> dict[str, int]:
    """The same of words that are counted already."""
    length = sum(counts.values())
    return {word: max(1, round(_FINE * saturated(count, length))) for word, count in counts.items()}


def counts_of(text: str) -> dict[str, int]:
    """The words of a text, and how much each says about it. The first line counts as its title."""
    title, _newline, body = text[:MAX_TEXT].strip().partition("\n")
    counts = Counter(terms_of(body))
    for term in terms_of(title):
        counts[term] += TITLE_WEIGHT
    return dict(counts.most_common(MOST_TERMS))


def weighted(counts: Mapping[str, int], known: Mapping[str, tuple[int, int]], whole: int) -> list[Weight]:
    """The words of a text that weigh most, the heaviest first.

    `known` are keys of words and in how many of the `whole` things each is; the others are in none and weigh nothing.
    """
    weights = [
        Weight(word, key, min(MOST_WEIGHT, round(_FINE_WEIGHT * counts[word] * rarity(documents, whole))))
        for word, (key, documents) in known.items()
    ]
    return nlargest(MOST_WEIGHTS, weights, key=lambda each: (each.weight, each.word))


def score_of_itself(counts: Mapping[str, int], weights: Sequence[Weight]) -> int:
    """What a thing would score that says exactly what the text says."""
    own = impacts_of(counts)
    return sum(each.weight * own[each.word] for each in weights)
