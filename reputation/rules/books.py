"""The caps of the rules applied in memory, award after award: for previewing a change of rules, and for simulations.

It gives what `grant` gives for the same awards in the same order (a test holds them equal), without reversals.
"""

from collections import Counter, deque
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from reputation.rules.points import Used

_DAY = timedelta(days=1)
Key = tuple[object, ...]


class Rules(Protocol):
    """What is read of a file of rules."""

    RULES_VERSION: int
    POINTS: dict[str, int]
    WINDOW_DAYS: int
    OWN_WORD: dict[str, int]
    THRESHOLDS: dict[str, int]

    def allowed(self, rule: str, points: int, used: Used, *, given: bool, inside: bool) -> tuple[int, str]:
        """See `reputation.rules.points.allowed`."""


class Gift(NamedTuple):
    """What an award is given for: everything the caps look at."""

    member: int
    organization: int
    rule: str
    giver: int | None
    giver_organization: int | None
    at: datetime


class Lately:
    """Sums of points by key over the last so many days; it holds what is within them and nothing else."""

    def __init__(self, span: timedelta) -> None:
        self._span = span
        self._rows: deque[tuple[datetime, tuple[Key, ...], int]] = deque()
        self._sums: Counter[Key] = Counter()

    def at(self, moment: datetime) -> Counter[Key]:
        """The sums as of a moment, which is never before one that was asked about."""
        while self._rows and self._rows[0][0] <= moment - self._span:
            _at, keys, points = self._rows.popleft()
            for key in keys:
                self._sums[key] -= points
                if not self._sums[key]:
                    del self._sums[key]
        return self._sums

    def add(self, moment: datetime, keys: tuple[Key, ...], points: int) -> None:
        """Count points under each of the keys."""
        self._rows.append((moment, keys, points))
        for key in keys:
            self._sums[key] += points


class Books:
    """A ledger that remembers only what the caps look back at. Gifts come in the order of their time."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._day, self._window = Lately(_DAY), Lately(timedelta(days=rules.WINDOW_DAYS))

    def give(self, gift: Gift) -> tuple[int, str]:
        """How many points the gift gives, and the cap that left fewer."""
        given, inside = gift.giver is not None, gift.giver_organization == gift.organization
        keys = _keys(gift, own_word=gift.rule in self._rules.OWN_WORD)
        lately = self._window.at(gift.at)
        used = Used(self._day.at(gift.at)[(gift.member,)], *(lately[key] if key else 0 for key in keys))
        points, capped = self._rules.allowed(
            gift.rule, self._rules.POINTS[gift.rule], used, given=given, inside=given and inside
        )
        if points:
            self._day.add(gift.at, ((gift.member,),), points)
            self._window.add(gift.at, tuple(key for key in keys if key), points)
        return points, capped


def _keys(gift: Gift, *, own_word: bool) -> tuple[Key | None, ...]:
    """From one member, from one organization, on one's own word, between organizations: as `Used` has them."""
    given = gift.giver is not None
    return (
        ("member", gift.giver, gift.member) if given else None,
        ("organization", gift.giver_organization, gift.member) if given else None,
        ("own_word", gift.rule, gift.member) if own_word else None,
        ("organizations", gift.giver_organization, gift.organization) if given else None,
    )
