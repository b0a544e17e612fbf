"""What rows of a dump must have, and how their values are staged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from django.utils.translation import gettext as _

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST_NUMBER = 18
_COUNT_LIMIT = 1 << 31
_SPACE_BEFORE_ZONE = re.compile(r" (?=[+-]\d\d:?\d\d\Z)")


class Kind(Enum):
    """What a column holds. A count fits 32 bits, a number 18 digits; moments are kept as microseconds since 1970."""

    NUMBER = "number"
    COUNT = "count"
    MOMENT = "moment"
    TEXT = "text"

    @property
    def sql(self) -> str:
        """The kind of column that it is staged in."""
        return "TEXT" if self is Kind.TEXT else "INTEGER"


@dataclass(frozen=True)
class Column:
    """A value that is used. The others of a row are not looked at."""

    name: str
    kind: Kind
    needed: bool = False

    def value(self, row: Mapping[str, str]) -> int | str | None:
        """The value of a row as it is staged. Raises ValueError, saying what is wrong with it."""
        text = row.get(self.name)
        if text is None:
            if self.needed:
                raise ValueError(_("the row has no %(name)s") % {"name": self.name})
            return None
        if self.kind is Kind.TEXT:
            return text
        if not text and not self.needed:
            return None
        try:
            return staged_moment(text) if self.kind is Kind.MOMENT else _number(text, self.kind)
        except (ValueError, OverflowError) as error:
            is_moment = self.kind is Kind.MOMENT
            message = _("%(name)s is no date: “%(value)s”") if is_moment else _("%(name)s is no number: “%(value)s”")
            raise ValueError(message % {"name": self.name, "value": text[:40]}) from error


def number(name: str, *, needed: bool = False) -> Column:
    """A column with numbers."""
    return Column(name, Kind.NUMBER, needed)


def when(name: str, *, needed: bool = False) -> Column:
    """A column with moments."""
    return Column(name, Kind.MOMENT, needed)


def text(name: str, *, needed: bool = False) -> Column:
    """A column with texts."""
    return Column(name, Kind.TEXT, needed)


def staged_moment(written: str) -> int:
    """A date as it is staged; without a time zone it is UTC. Raises ValueError or OverflowError."""
    given = datetime.fromisoformat(_SPACE_BEFORE_ZONE.sub("", written))
    return ((given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)) - EPOCH) // _MICROSECOND


def moment(staged: int) -> datetime:
    """A staged moment as a date."""
    return EPOCH + timedelta(microseconds=staged)


def _number(written: str, kind: Kind) -> int:
    found = int(written)
    too_large = kind is Kind.COUNT and not -_COUNT_LIMIT <= found < _COUNT_LIMIT
    if "_" in written or len(written) > _LONGEST_NUMBER or too_large:
        raise ValueError(written)
    return found
