"""Whether numbers that are shown, taken together, tell what fewer than five raters gave.

Each number is a sum over some raters' parts. Whoever knows several can add and subtract them as they like, so what they
can find out are all the combinations: the row space of the numbers over the parts. In its reduced form (Gauss and
Jordan) every part that stands alone in some combination, and every group of parts that always appear together, has a
row of its own. So a look at the rows says whether something was left over of too few.
"""

from collections.abc import Iterable, Mapping

from reputation.rules.evaluations import LEAST_RATERS, Part, Parts

# Reckoning with remainders by a large prime is exact enough to tell nothing from something, and never grows.
_PRIME = 2**61 - 1

_Column = tuple[int, Part]
_Row = dict[_Column, int]


class Known:
    """What can be reckoned from the numbers that were shown so far."""

    def __init__(self, shown: Iterable[Parts] = ()) -> None:
        self._rows: dict[_Column, _Row] = {}
        for parts in shown:
            self._rows = self._with(parts)

    def reveals(self, parts: Parts) -> bool:
        """Whether this number too would leave over what fewer than five raters gave."""
        rows = self._with(parts)
        return any(len({rater for rater, _part in row}) < LEAST_RATERS for row in rows.values())

    def add(self, parts: Parts) -> None:
        """Let a number be shown."""
        self._rows = self._with(parts)

    def _with(self, parts: Parts) -> dict[_Column, _Row]:
        new = _reduced(dict.fromkeys(parts.items(), 1), self._rows)
        if not new:
            return self._rows
        lead = min(new)
        inverse = pow(new[lead], -1, _PRIME)
        new = {column: value * inverse % _PRIME for column, value in new.items()}
        return {at: _less(row, new, row.get(lead, 0)) for at, row in self._rows.items()} | {lead: new}


def _reduced(row: _Row, rows: Mapping[_Column, _Row]) -> _Row:
    """The row without what the others say already."""
    for lead, other in rows.items():
        row = _less(row, other, row.get(lead, 0))
    return row


def _less(row: _Row, other: _Row, times: int) -> _Row:
    if not times:
        return row
    found = dict(row)
    for column, value in other.items():
        left = (found.get(column, 0) - times * value) % _PRIME
        if left:
            found[column] = left
        else:
            found.pop(column, None)
    return found
