"""Plain BM25 over title and body: rank-bm25's, and the same with rarities that are never negative."""

import math
import re
from collections import Counter
from collections.abc import Mapping

from tests.benchmarks.retrieval.sets import Set

K1, B = 1.2, 0.75
MOST = 20
_WORD = re.compile(r"[a-z0-9_]+")

Ranks = dict[str, list[str]]


def words(texts: tuple[str, str]) -> list[str]:
    """The words of a title and a body."""
    return _WORD.findall(f"{texts[0]} {texts[1]}".lower())


def by_rank_bm25(chosen: Set) -> Ranks:
    """What rank-bm25 (BM25Okapi) gives."""
    from rank_bm25 import BM25Okapi

    keys = list(chosen.documents)
    index = BM25Okapi([words(chosen.documents[key]) for key in keys], k1=K1, b=B)
    return {
        asked: _first(dict(zip(keys, index.get_scores(words(texts)), strict=True)), asked)
        for asked, texts in chosen.questions.items()
    }


def by_hand(chosen: Set) -> Ranks:
    """The same formula, with the rarity that cannot become negative."""
    counts = {key: Counter(words(texts)) for key, texts in chosen.documents.items()}
    sizes = {key: sum(each.values()) for key, each in counts.items()}
    average, whole = sum(sizes.values()) / len(sizes), len(sizes)
    lists: dict[str, list[str]] = {}
    for key, each in counts.items():
        for word in each:
            lists.setdefault(word, []).append(key)
    ranks = {}
    for asked, texts in chosen.questions.items():
        scores: Counter[str] = Counter()
        for word, times in Counter(words(texts)).items():
            there = lists.get(word, [])
            rarity = math.log(1 + (whole - len(there) + 0.5) / (len(there) + 0.5))
            for key in there:
                norm = K1 * (1 - B + B * sizes[key] / average)
                scores[key] += times * rarity * counts[key][word] * (K1 + 1) / (counts[key][word] + norm)  # type: ignore[assignment]
        ranks[asked] = _first(scores, asked)
    return ranks


def _first(scores: Mapping[str, float], asked: str) -> list[str]:
    found = sorted(scores, key=lambda key: -scores[key])[: MOST + 1]
    return [key for key in found if key != asked][:MOST]
