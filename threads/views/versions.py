"""Histories: the versions of a text, and what changed with the one chosen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from community.models import Member
from threads.rendering.diffs import DiffLine, diff

_MOST_NAMED = 2


@dataclass(frozen=True)
class Version:
    """One version: who wrote it, when, why, and its texts by name. `authors` when there may be several."""

    number: int
    by: Member | None
    at: datetime
    reason: str
    texts: dict[str, str]
    authors: tuple[Member, ...] = ()

    @property
    def who(self) -> str:
        """Whoever wrote it, named as there is room."""
        names = [author.name for author in self.authors] or ([self.by.name] if self.by else [])
        if len(names) > _MOST_NAMED:
            return _("%(name)s and %(count)d others") % {"name": names[0], "count": len(names) - 1}
        return _(" and ").join(names)


@dataclass(frozen=True)
class ShownVersion:
    """A version as the list of versions shows it."""

    number: int
    who: str
    at: datetime
    url: str
    on: bool


@dataclass(frozen=True)
class Part:
    """What changed in one text."""

    label: str
    lines: list[DiffLine]


def versions_context(versions: list[Version], labels: dict[str, str], wanted: int) -> dict[str, Any]:
    """The context of threads/parts/versions.html.

    `versions` oldest first, the wanted one (or the newest) against the one before.
    """
    if not versions:
        return {"versions": [], "parts": [], "chosen": None}
    place = next((index for index, version in enumerate(versions) if version.number == wanted), len(versions) - 1)
    chosen, before = versions[place], versions[place - 1] if place else None
    earlier = before.texts if before else {}
    parts = [
        Part(labels[name], diff(earlier.get(name, ""), text))
        for name, text in chosen.texts.items()
        if earlier.get(name, "") != text
    ]
    shown = [
        ShownVersion(row.number, row.who, row.at, f"?version={row.number}", on=row is chosen)
        for row in reversed(versions)
    ]
    previous = before.number if before else None
    return {
        "versions": shown,
        "parts": parts,
        "chosen": {"number": chosen.number, "previous_number": previous, "reason": chosen.reason},
    }
