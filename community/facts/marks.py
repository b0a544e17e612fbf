"""What raises marks: the tables that are watched, and the names of things that many pages show.

Rooms add theirs when they are loaded. What is kept by marks may be made of watched tables only;
`tests/pages/test_marks.py` looks at what it is made of.
"""

from typing import NamedTuple

from django.db.models import Model

from community.models import Center, Grant, InboxItem, Mark, Member, Organization, Reach, Space

ALL = ("insert", "update", "delete")
NAMES, SIGHT = 0, 1
_KINDS = 4
LARGEST = (2**63 - 1) // _KINDS - 1
_VIEWER, _THREAD, _RECORD = 1, 2, 3


class Watched(NamedTuple):
    """Changes of a table, and the ids of the marks they raise: SQL with `{row}` for the row that changes.

    Of an update only `columns` matter, all when there are none.
    """

    table: str
    marks: tuple[str, ...]
    columns: tuple[str, ...] = ()
    when: tuple[str, ...] = ALL


WATCHED: list[Watched] = []
_SUBJECTS: list[str] = [f"SELECT {NAMES} AS id", f"SELECT {SIGHT}"]


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


def mark_of_viewer(member: str) -> str:
    """The id of the mark of what a member is and may, besides what `SIGHT` stands for. The member's id is SQL."""
    return f"{_KINDS} * {member} + {_VIEWER}"


def mark_of_thread(thread: str) -> str:
    """The id of the mark of a thread, whose id is given as SQL."""
    return f"{_KINDS} * {thread} + {_THREAD}"


def mark_of_record(thread: str) -> str:
    """The id of the mark of a thread's working record, which is written by others at the same time."""
    return f"{_KINDS} * {thread} + {_RECORD}"


def marks_of_thread(pk: int) -> tuple[int, int]:
    """The ids of the marks of a thread and of its record."""
    return _KINDS * pk + _THREAD, _KINDS * pk + _RECORD


def mark_of_member(pk: int) -> int:
    """The id of the mark of a viewer."""
    return _KINDS * pk + _VIEWER


def sight_of(model: type[Model], *columns: str) -> Watched:
    """A model whose rows decide who sees them, by these columns. A new row was not kept from anybody yet."""
    return Watched(model._meta.db_table, (str(SIGHT),), columns, ("update", "delete"))


MARKS = Mark._meta.db_table
_THEIRS = (mark_of_viewer("{row}.member_id"),)
# All but when they signed in last.
_SHOWN_OF_MEMBERS = tuple(
    str(field.column) for field in Member._meta.concrete_fields if field.name not in {"id", "last_login"}
)
watch(
    named_by(Member, "name", "handle", "organization_id", "center_id", "is_active", "source_site"),
    named_by(Organization, "name"),
    named_by(Center, "name"),
    named_by(Space, "slug", "name", "audience"),
    Watched(Member._meta.db_table, (mark_of_viewer("{row}.id"),), _SHOWN_OF_MEMBERS),
    *(Watched(model._meta.db_table, _THEIRS) for model in (Grant, Reach, Space.members.through)),
    Watched(InboxItem._meta.db_table, _THEIRS, ("subject", "member_id"), ("update",)),
    *(
        Watched(model._meta.db_table, (str(SIGHT),))
        for model in (Space, Space.organizations.through, Organization, Center)
    ),
)
mark_those_of(f"SELECT {mark_of_viewer('id')} FROM {Member._meta.db_table}")  # noqa: S608  (our own names)
