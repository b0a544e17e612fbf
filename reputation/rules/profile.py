"""The contribution profile: which award counts on which axis, and of what months a profile can be.

Every rule of the ledger is on an axis, so the five add up to a member's standing. REVIEW is given for two kinds of
work, told apart by its cause.
"""

import re
from datetime import date
from typing import NamedTuple

SOLVE, SHARE, CURATE, REVIEW, HELP = "solve", "share", "curate", "review", "help"
AXES = (SOLVE, SHARE, CURATE, REVIEW, HELP)

RULES = {
    # An answer ended a problem, or a reader found it useful.
    SOLVE: ("solution", "helped"),
    # What one knows was written down for others; that it was validated and used again shows that it reached them.
    SHARE: ("practice", "validated", "reused"),
    # Keeping what is there in good order. A suggestion that was taken up mends somebody else's practice, which
    # everybody may do: it is not what one shares of one's own.
    CURATE: ("suggestion",),
    # Judging how good something is.
    REVIEW: ("sampling",),
    # Being there when asked, and for those who learn.
    HELP: ("answered", "mentoring"),
}

# The rule "review" is for every decision about a practice. Those with this cause end a review; all others (merging two,
# telling two apart, deciding about a suggested edit) put the archive in order.
EITHER = "review"
CAUSE_OF_REVIEWS = "review:"

# What the charts over time show, at most.
MOST_MONTHS = 24
_FIRST, _LAST = 0, 999_912
_NAMED = re.compile(r"(?P<year>[12]\d{3})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")

ALL, LATELY = "all", "12-months"


def axis_of(rule: str, cause: str) -> str:
    """The axis on which an award, or its reversal, counts."""
    if rule == EITHER:
        return REVIEW if cause.startswith(CAUSE_OF_REVIEWS) else CURATE
    return next(axis for axis, rules in RULES.items() if rule in rules)


class Period(NamedTuple):
    """Months (yyyymm, both included), and how they are named in an address."""

    name: str
    first: int
    last: int


EVER = Period(ALL, _FIRST, _LAST)


def period_named(name: str, today: date) -> Period | None:
    """`all`, `12-months` (this month and the eleven before), `2026`, `2026-Q4` or `2026-11`; None for anything else."""
    if name == ALL:
        return EVER
    if name == LATELY:
        return Period(name, months_until(today, 12)[0], month_of(today))
    found = _NAMED.fullmatch(name)
    if found is None:
        return None
    year, first, last = int(found["year"]), 1, 12
    if found["quarter"]:
        first, last = 3 * int(found["quarter"]) - 2, 3 * int(found["quarter"])
    elif found["month"]:
        first = last = int(found["month"])
    return Period(name, 100 * year + first, 100 * year + last)


def month_of(day: date) -> int:
    """The month of a day, yyyymm."""
    return 100 * day.year + day.month


def months_until(today: date, count: int) -> list[int]:
    """So many months up to this one, the oldest first."""
    newest = 12 * today.year + today.month - 1
    return [100 * (each // 12) + each % 12 + 1 for each in range(newest - count + 1, newest + 1)]
