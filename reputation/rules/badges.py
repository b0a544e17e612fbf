"""The badges: each a sentence, and what is counted in the ledger for it.

Few, and none for being busy. An award counts for a badge when it stands, earned something, and was given by somebody of
another organization than the receiver's was then: whoever is in league with their own organization alone gets none.
Nothing of a badge depends on the day it is looked at. A change of this file takes effect within a day
(`reputation/actions/badge_duties.py`): who is new to a badge gets it, who falls short loses it and is told.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Of the solutions in one subject so many at most count for one organization: ten take three of them.
MOST_FROM_ONE = 4


class Counted(Enum):
    """What is counted of the awards that count."""

    ORGANIZATIONS = "organizations"  # how many gave them
    IN_A_SUBJECT = "in_a_subject"  # how many there are in one product or tag, of one organization at most MOST_FROM_ONE
    MONTHS = "months"  # how many months follow each other that have some


@dataclass(frozen=True)
class BadgeRule:
    """One badge: held by whoever has `needed` of what is `counted`, among the awards of these ledger rules."""

    slug: str
    name: str | Promise
    sentence: str | Promise
    rules: tuple[str, ...]
    counted: Counted
    needed: int


BADGES = (
    BadgeRule(
        "good-neighbour", _("Good neighbour"),
        _("Solved a problem, and somebody of another organization said so."),
        ("solution",), Counted.ORGANIZATIONS, 1,
    ),
    BadgeRule(
        "solver", _("Solver far and wide"),
        _("Solved problems, and people of five other organizations said so."),
        ("solution",), Counted.ORGANIZATIONS, 5,
    ),
    BadgeRule(
        "deep-roots", _("Deep roots"),
        _("Solved ten problems in one product or tag, and people of other organizations said so; at most four count "
          "for each organization."),
        ("solution",), Counted.IN_A_SUBJECT, 10,
    ),
    BadgeRule(
        "heard-far", _("Heard far and wide"),
        _("Wrote posts of which people of ten other organizations said that they helped."),
        ("helped",), Counted.ORGANIZATIONS, 10,
    ),
    BadgeRule(
        "toolmaker", _("Toolmaker"),
        _("Made practices that people of five other organizations used."),
        ("reused",), Counted.ORGANIZATIONS, 5,
    ),
    BadgeRule(
        "second-pair-of-eyes", _("Second pair of eyes"),
        _("Suggested edits that people of three other organizations took up."),
        ("suggestion",), Counted.ORGANIZATIONS, 3,
    ),
    BadgeRule(
        "there-when-asked", _("There when asked"),
        _("Answered requests for help in time for people of three other organizations."),
        ("answered",), Counted.ORGANIZATIONS, 3,
    ),
    BadgeRule(
        "mentor", _("Mentor"),
        _("Mentored people of two other organizations."),
        ("mentoring",), Counted.ORGANIZATIONS, 2,
    ),
    BadgeRule(
        "all-year-round", _("All year round"),
        _("In each of twelve months in a row, something of theirs helped, solved a problem or was used again, and "
          "somebody of another organization said so."),
        ("helped", "solution", "reused"), Counted.MONTHS, 12,
    ),
)  # fmt: skip

BY_SLUG = {badge.slug: badge for badge in BADGES}


def badges_of_rule(rule: str) -> tuple[BadgeRule, ...]:
    """The badges that awards of a ledger rule count for."""
    return tuple(badge for badge in BADGES if rule in badge.rules)


def longest_run(months: Collection[int]) -> int:
    """How many of the months (yyyymm) follow each other without a gap, at most."""
    longest = run = 0
    before = None
    for number in sorted({month // 100 * 12 + month % 100 for month in months}):
        run = run + 1 if number - 1 == before else 1
        longest, before = max(longest, run), number
    return longest
