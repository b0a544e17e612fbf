"""Two who wrote the same record: what a form shows when somebody else saved meanwhile. Nothing typed is lost."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from threads.models import WorkingRecord
from threads.rendering.diffs import DiffLine, diff
from threads.views.thread_page import field_labels


@dataclass(frozen=True)
class Theirs:
    """A field that the record has now in other words than the viewer's: its text, and how theirs differs from it."""

    label: str
    text: str
    lines: list[DiffLine]


def compared(now: WorkingRecord, mine: Mapping[str, str]) -> list[Theirs]:
    """The fields in which the record as it is now differs from what the viewer typed."""
    labels = field_labels()
    return [
        Theirs(labels[name], text, diff(text, mine[name]))
        for name, text in now.fields.items()
        if text.split() != mine[name].split()
    ]


def with_version(typed: QueryDict, version: int) -> QueryDict:
    """What was typed, as a change of the record's present version, which has now been seen."""
    again = typed.copy()
    again["version"] = str(version)
    return again
