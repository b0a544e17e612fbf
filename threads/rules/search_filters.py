"""Filters in a search box, such as `tag:wifi`, `-status:closed` or `after:2026-03`: which there are, what they take."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

FILTERS = ("product", "tag", "status", "author", "org", "space", "before", "after", "has", "kind")
KINDS = ("thread", "practice", "playbook", "member")
UNRESOLVED = "unresolved"
STATUSES = (
    "open", "waiting", "resolved", "closed", UNRESOLVED,
    "work_in_progress", "not_validated", "validated", "archived",
)  # fmt: skip
HAS = ("solution", "practice", "playbook", "record", "file", "code")
# Of these every one counts; of the others the last.
SEVERAL = ("tag", "has")
_CHOICES = {"status": STATUSES, "has": HAS, "kind": KINDS}
_DATES = ("before", "after")

_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_AGO = re.compile(r"([0-9]{1,4})([dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_BARE = re.compile(r'[^\s"]+')


@dataclass(frozen=True)
class Filter:
    """One condition, its value in lower case; `excluded` when what fulfils it is not wanted (`-tag:wifi`).

    `ids` of what is named, None as long as nobody looked.
    """

    name: str
    value: str
    excluded: bool = False
    ids: tuple[int, ...] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        value = self.value if _BARE.fullmatch(self.value) else f'"{self.value}"'
        return f"{'-' if self.excluded else ''}{self.name}:{value}"


def understood(name: str, value: str, *, excluded: bool, now: datetime) -> Filter | None:
    """The filter of that name (one of FILTERS) as it was typed; None when its value means nothing to it."""
    value = value.strip().lower()
    if name == "author":
        value = value.removeprefix("@")
    if name == "status":
        value = value.replace("-", "_").replace(" ", "_")
    if not value or (name in _CHOICES and value not in _CHOICES[name]):
        return None
    if name in _DATES and moment_of(value, now) is None:
        return None
    return Filter(name, value, excluded)


def moment_of(value: str, now: datetime) -> datetime | None:
    """When a date begins (2026, 2026-03, 2026-03-09, in UTC), or so long ago (30d, 2w, 6m, 1y); None if it is none."""
    try:
        if named := _DAY.fullmatch(value):
            year, month, day = (int(part or 1) for part in named.groups())
            return datetime(year, month, day, tzinfo=UTC)
        if ago := _AGO.fullmatch(value):
            return now - timedelta(days=int(ago[1]) * _DAYS[ago[2]])
    except (ValueError, OverflowError):
        return None
    return None
