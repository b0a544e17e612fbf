"""Thanks in words: how many, to whom, how long, and why they earn nothing.

Thanks give no points. What is free to give must not buy privileges: whoever wants standing for a friend would only have
to be polite. Votes, solutions and practices are about a thing that others can look at; thanks are about a person, so
they are shown with their reason and their giver, and counted nowhere.
"""

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

# About one a week: enough for whoever really helped, few enough that each is a choice.
MOST_A_MONTH = 5
# Somebody may be thanked again, but a month's thanks do not all go to the colleague at the next desk.
MOST_TO_ONE = 2
# Taking back gives the budget back. Without a bound somebody could write to others for ever by it.
MOST_WRITTEN_A_MONTH = 20
# Long enough to say what for, which "thanks!" does not; short enough to be read in a list.
SHORTEST = 10
LONGEST = 280
# For a slip of the pen or the wrong person. Later it is the receiver's as much as the giver's.
TAKE_BACK_WITHIN = timedelta(days=1)
REMOVAL_LENGTH = 400

_UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}
_DECEMBER = 12


class Month(NamedTuple):
    """A calendar month in UTC, alike for everybody: when it begins, and when the next one does."""

    begins: datetime
    ends: datetime


def month_of(moment: datetime) -> Month:
    """The month that the moment is in."""
    day = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = day.replace(year=day.year + 1, month=1) if day.month == _DECEMBER else day.replace(month=day.month + 1)
    return Month(day, following)


def on_one_line(text: str) -> str:
    """The text without control characters, every run of blank space made one space."""
    spaced = "".join(" " if sign.isspace() else sign for sign in text)
    return " ".join("".join(sign for sign in spaced if unicodedata.category(sign) != "Cc").split())


def says_something(text: str) -> bool:
    """Whether there is enough in it that can be seen."""
    return sum(unicodedata.category(sign) not in _UNSEEN for sign in text) >= SHORTEST
