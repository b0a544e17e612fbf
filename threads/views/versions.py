"""Histories: the versions of a text, and what changed with the one chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from community.models import Member
from threads.rendering.diffs import DiffLine, diff

_MOST_NAMED = 2


@dataclass(frozen=True)
class Version:
    """One version: who wrote it, when, why, and its texts by name. `authors` when there may be several.

    `facts` are what else it says, compared with the version before; `moves` what changed with it: from what, to what.
    """

    number: int
    by: Member | None
    at: datetime
    reason: str
    texts: dict[str, str]
    authors: tuple[Member, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    moves: Mapping[str, tuple[str, str]] = field(default_factory=dict)

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
    changed: str = ""


@dataclass(frozen=True)
class Part:
    """What changed in one text."""

    label: str
    lines: list[DiffLine]


@dataclass(frozen=True)
class Change:
    """What else changed: from what, which is not known where nothing before is shown, to what."""

    label: str
    before: str
    after: str


def versions_context(versions: list[Version], labels: dict[str, str], wanted: int) -> dict[str, Any]:
    """The context of threads/parts/versions.html.

    `versions` oldest first, the wanted one (or the newest) against the one before.
    """
    if not versions:
        return {"versions": [], "parts": [], "chosen": None}
    place = next((index for index, version in enumerate(versions) if version.number == wanted), len(versions) - 1)
    chosen, before = versions[place], versions[place - 1] if place else None
    earlier = before.texts if before else {}
    parts = [Part(labels[name], diff(earlier.get(name, ""), chosen.texts[name])) for name in _rewritten(chosen, before)]
    shown = [
        ShownVersion(
            row.number, row.who, row.at, f"?version={row.number}", on=row is chosen,
            changed=_names_of_changes(row, versions[index - 1] if index else None, labels),
        )
        for index, row in reversed(list(enumerate(versions)))
    ]  # fmt: skip
    previous = before.number if before else None
    return {
        "versions": shown,
        "parts": parts,
        "changes": _changes(chosen, before),
        "chosen": {"number": chosen.number, "previous_number": previous, "reason": chosen.reason},
    }


def _rewritten(version: Version, before: Version | None) -> list[str]:
    """The names of the texts that differ from those of the version before."""
    earlier = before.texts if before else {}
    return [name for name, text in version.texts.items() if earlier.get(name, "") != text]


def _changes(version: Version, before: Version | None) -> list[Change]:
    """What else changed; what it was before only where the version before is shown."""
    earlier = before.facts if before else {}
    changes = [
        Change(label, earlier.get(label, ""), said)
        for label, said in version.facts.items()
        if (before is None or label in earlier) and earlier.get(label) != said
    ]
    return changes + [Change(label, was if before else "", now) for label, (was, now) in version.moves.items()]


def _names_of_changes(version: Version, before: Version | None, labels: Mapping[str, str]) -> str:
    """What changed with a version that says more than texts, by name; nothing of the first one."""
    if before is None or not version.facts:
        return ""
    names = [labels[name] for name in _rewritten(version, before)]
    return ", ".join(names + [change.label for change in _changes(version, before)])
