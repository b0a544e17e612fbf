"""R@1, R@5, R@10, MRR and hit@10 of each way of finding."""

import hashlib
import sys
from collections.abc import Collection, Iterator

from tests.benchmarks.retrieval.asking import ALONE, FUSED, LEXICAL, PLAIN, PLAIN_BY_HAND, Answers
from tests.benchmarks.retrieval.plain import MOST, Ranks
from tests.benchmarks.retrieval.sets import Set

_AT = (1, 5, 10)
_HEAD = ("", "R@1", "R@5", "R@10", f"MRR@{MOST}", "hit@10", "x R@10", "x hit@10")

LEAST, LEAST_BY_MEANING, LEAST_OF_THE_BETTER = 1.06, 1.4, 0.98

Figures = tuple[float, ...]


def show(chosen: Set, answers: Answers, *, halves: bool) -> list[str]:
    """Print the table; gives what was missed: all without uses, in R@10 and in hits."""
    for name, asked in _parts(chosen, halves=halves).items():
        figures = {way: _figures(ranks, chosen, asked) for way, ranks in answers.ranks.items()}
        _print(name, figures)
    figures = {way: _figures(ranks, chosen, chosen.questions) for way, ranks in answers.ranks.items()}
    took = sorted(answers.took)
    middle, late = took[len(took) // 2], took[int(0.95 * len(took))]
    sys.stdout.write(f"similar: p50 {middle:.0f} ms, p95 {late:.0f} ms of processor time in this process\n")
    return list(_missed(figures))


def _missed(figures: dict[str, Figures]) -> Iterator[str]:
    ratios = _ratios(figures)
    if min(ratios[LEXICAL]) < LEAST:
        yield f"by words less than {LEAST} x plain BM25"
    if FUSED in ratios:
        if min(ratios[FUSED]) < LEAST_BY_MEANING:
            yield f"with the model less than {LEAST_BY_MEANING} x plain BM25"
        better = [max(ratios[LEXICAL][place], ratios[ALONE][place]) for place in range(2)]
        if any(ratios[FUSED][place] < LEAST_OF_THE_BETTER * better[place] for place in range(2)):
            yield f"with the model less than {LEAST_OF_THE_BETTER} x the better of words and model"


def _parts(chosen: Set, *, halves: bool) -> dict[str, Collection[str]]:
    parts: dict[str, Collection[str]] = {"all": chosen.questions}
    if halves:
        odd = {key for key in chosen.questions if int(hashlib.md5(key.encode()).hexdigest(), 16) % 2}  # noqa: S324
        parts |= {"one half": set(chosen.questions) - odd, "other half": odd}
    return parts


def _figures(ranks: Ranks, chosen: Set, asked: Collection[str]) -> Figures:
    """The shares of what is relevant in the first 1, 5 and 10, the mean reciprocal rank, and how often any is in 10."""
    shares = [
        sum(len(chosen.relevant[key] & set(ranks[key][:most])) / len(chosen.relevant[key]) for key in asked)
        for most in _AT
    ]
    first = sum(
        next((1 / place for place, found in enumerate(ranks[key], start=1) if found in chosen.relevant[key]), 0.0)
        for key in asked
    )
    hits = sum(not chosen.relevant[key].isdisjoint(ranks[key][:10]) for key in asked)
    return tuple(number / max(1, len(asked)) for number in (*shares, first, hits))


def _ratios(figures: dict[str, Figures]) -> dict[str, tuple[float, float]]:
    best = [max(figures[PLAIN][place], figures[PLAIN_BY_HAND][place]) or 1.0 for place in (2, 4)]
    return {way: (each[2] / best[0], each[4] / best[1]) for way, each in figures.items()}


def _print(name: str, figures: dict[str, Figures]) -> None:
    ratios = _ratios(figures)
    sys.stdout.write(f"{name:34}" + "".join(f"{head:>9}" for head in _HEAD[1:]) + "\n")
    for way, each in figures.items():
        numbers = "".join(f"{number:9.3f}" for number in each) + "".join(f"{ratio:9.2f}" for ratio in ratios[way])
        sys.stdout.write(f"{way:34}{numbers}\n")
