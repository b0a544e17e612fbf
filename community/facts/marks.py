"""What raises marks: the tables that are watched, and the names of things that many pages show.

Rooms add theirs when they are loaded. What is kept by marks may be made of watched tables only;
`tests/pages/test_marks.py` looks at what it is made of.
"""

from typing import NamedTuple

from django.db.models import Model

from community.models import Center, Mark, Member, Organization, Space

ALL = ("insert", "update", "delete")
NAMES = 0
_KINDS = 4
LARGEST = (2**63 - 1) // _KINDS - 1
_THREAD, _RECORD = 2, 3


class Watched(NamedTuple):
    """Changes of a table, and the ids of the marks they raise: SQL with `{row}` for the row that changes.

    Of an update only `columns` matter, all when there are none.
    """

    table: str
    marks: tuple[str, ...]
    columns: tuple[str, ...] = ()
    when: tuple[str, ...] = ALL


WATCHED: list[Watched] = []
_SUBJECTS: list[str] = [f"SELECT {NAMES} AS id"]


def watch(*watched: Watched) -> None:
    """Have the marks raised by these changes, from the next `migrate` on."""
    WATCHED.extend(watched)


def named_by(model: type[Model], *columns: str) -> Watched:
    """A model whose rows many pages show, by these columns. A new row is not shown anywhere yet."""
    return Watched(model._meta.db_table, (str(NAMES),), columns, ("update", "delete"))


def mark_those_of(query: str) -> None:
    """Have marks made for all ids that a query finds, whenever it is not known what was missed."""
    _SUBJECTS.append(query)


def subjects() -> str:
    """The query for the ids of all marks that there have to be."""
    return " UNION ".join(_SUBJECTS)


def mark_of_thread(thread: str) -> str:
    """The id of the mark of a thread, whose id is given as SQL."""
    return f"{_KINDS} * {thread} + {_THREAD}"


def mark_of_record(thread: str) -> str:
    """The id of the mark of a thread's working record, which is written by others at the same time."""
    return f"{_KINDS} * {thread} + {_RECORD}"


def marks_of_thread(pk: int) -> tuple[int, int, int]:
    """The ids of the marks of the names, a thread, and its record."""
    return NAMES, _KINDS * pk + _THREAD, _KINDS * pk + _RECORD


MARKS = Mark._meta.db_table
watch(
    named_by(Member, "name", "handle", "organization_id", "center_id"),
    named_by(Organization, "name"),
    named_by(Center, "name"),
    named_by(Space, "slug", "name", "audience"),
)
