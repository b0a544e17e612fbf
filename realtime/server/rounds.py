"""Visits to all sockets, spread evenly over time, whenever they arrived."""

import itertools
from typing import Protocol


class Visited(Protocol):
    """Who is visited; `spoke` is the wheel's."""

    spoke: int

    def visit(self) -> None:
        """Called once in each round."""


class Wheel:
    """Holds everybody on spokes; at each turn the next spoke's are visited."""

    def __init__(self, spokes: int) -> None:
        self._spokes: list[set[Visited]] = [set() for _ in range(spokes)]
        self._next = itertools.cycle(range(spokes))
        self._places = itertools.cycle(range(spokes))
        self._visited = 0

    def __len__(self) -> int:
        return self._visited

    def add(self, visited: Visited) -> None:
        """From now on it is visited."""
        visited.spoke = next(self._places)
        self._spokes[visited.spoke].add(visited)
        self._visited += 1

    def discard(self, visited: Visited) -> None:
        """It is visited no more."""
        spoke = self._spokes[visited.spoke]
        if visited in spoke:
            spoke.remove(visited)
            self._visited -= 1

    def turn(self) -> None:
        """Visits those of one spoke."""
        for visited in list(self._spokes[next(self._next)]):
            visited.visit()
