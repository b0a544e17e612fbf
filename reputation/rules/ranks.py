"""How alike two orders are."""

from collections.abc import Sequence
from statistics import StatisticsError, correlation


def rank_correlation(some: Sequence[float], others: Sequence[float]) -> float | None:
    """Spearman's: 1 when both order alike, 0 when one says nothing of the other; None where one does not order."""
    try:
        return correlation(_ranks(some), _ranks(others))
    except StatisticsError:
        return None


def _ranks(values: Sequence[float]) -> list[float]:
    """The place of each value, from 1; equal values share the mean of their places."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            ranks[place] = (start + end) / 2 + 1
        start = end + 1
    return ranks
