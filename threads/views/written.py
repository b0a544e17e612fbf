"""Who wrote what at a version of a record: its authors, and its texts piece by piece."""

from collections.abc import Mapping
from dataclasses import dataclass

from community.models import Member
from threads.models import RecordVersion

_HUES, _FIRST_HUE = 8, 4  # no red and no green: those say what was taken out and put in


@dataclass(frozen=True)
class Author:
    """Somebody who wrote at a version, with the hue that their words are marked in."""

    member: Member
    inserted: int
    deleted: int
    hue: int


@dataclass(frozen=True)
class Piece:
    """Some words, and who put them in; None for what was there before."""

    text: str
    author: Author | None


@dataclass(frozen=True)
class Written:
    """One text of a version in pieces."""

    label: str
    pieces: list[Piece]


def shown_authors(version: RecordVersion) -> list[Author]:
    """Everybody who wrote at a version, whoever wrote most first."""
    rows = version.authors.all()
    return [
        Author(row.member, row.inserted, row.deleted, hue % _HUES) for hue, row in enumerate(rows, start=_FIRST_HUE)
    ]


def written_parts(version: RecordVersion, labels: Mapping[str, str]) -> list[Written]:
    """The texts in which something was put in, piece by piece."""
    authors = {author.member.pk: author for author in shown_authors(version)}
    parts = []
    for name, runs in (version.runs or {}).items():
        if any(author for _length, author in runs):
            parts.append(Written(labels[name], _pieces(version.fields[name], runs, authors)))
    return parts


def _pieces(text: str, runs: list[list[int]], authors: Mapping[int, Author]) -> list[Piece]:
    at, pieces = 0, []
    for length, author in runs:
        pieces.append(Piece(text[at : at + length], authors.get(author)))
        at += length
    return pieces
