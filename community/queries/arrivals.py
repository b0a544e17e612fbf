"""What is asked first, in one statement, for whoever asks for a page.

Whether their session holds, what is new for them, and the marks of what they are and may see: what was read with the
same marks before is not read again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce

from community.events.streams import member_stream, streams_named
from community.facts.marks import NAMES, SIGHT, mark_of_member
from community.models import Mark, Member
from community.queries.inbox import unread_ids
from community.queries.marks import reliable
from community.queries.prepared import Answer, Prepared

Ask = Callable[[int, str], Answer[Any]]

STANDING = ("seq", "unread", "viewer_mark", "sight_mark", "names_mark")
SESSION = ("session_data", "expire_date", *STANDING)


class Marks(NamedTuple):
    """What a viewer is, who sees what, and names, as long as they are the same."""

    viewer: int
    sight: int
    names: int


@dataclass(frozen=True)
class Arrival:
    """Somebody who asks for a page, what was read along with their session, and the marks it says."""

    member: Member
    marks: Marks
    row: Answer[Any]

    @property
    def seq(self) -> int:
        """Where their own stream stands."""
        return int(self.row.value("seq"))

    @property
    def unread(self) -> str | None:
        """Which of their notices are not read yet, as `unread_ids` says it."""
        ids: str | None = self.row.value("unread")
        return ids


def marked(pk: int) -> QuerySet[Mark, Any]:
    """The number of a mark."""
    return Mark.objects.filter(pk=pk).values("stamp")


def with_standing(rows: "QuerySet[Any]", member: int, mark: int) -> "QuerySet[Any]":
    """The same with STANDING of a member, whose mark has that id."""
    found: QuerySet[Any] = rows.annotate(
        seq=Coalesce(Subquery(streams_named([member_stream(member)]).values("seq")), 0),
        unread=unread_ids(Member(pk=member)),
        viewer_mark=Subquery(marked(mark)),
        sight_mark=Subquery(marked(SIGHT)),
        names_mark=Subquery(marked(NAMES)),
    )
    return found


def session_of(member: int, key: str, mark: int) -> "QuerySet[Any]":
    """The session with that key, with what is known of the member whom it named last."""
    return with_standing(Session.objects.filter(session_key=key), member, mark)


_arriving: Prepared[Any] = Prepared(lambda member, key, mark: session_of(member, key, mark).values_list(*SESSION))


def ask(member: int, key: str, **_address: object) -> Answer[Any]:
    """What every page asks of whoever comes with this session. A member's id is no larger than `LARGEST`."""
    return _arriving(member=member, key=key, mark=mark_of_member(member))


def can_be_relied_on() -> bool:
    """Whether marks can be, here and now."""
    return reliable(connections[DEFAULT_DB_ALIAS])


def marks_in(row: Answer[Any]) -> Marks | None:
    """The marks in a row with STANDING; None when the viewer has none."""
    viewer = row.value("viewer_mark")
    return None if viewer is None else Marks(viewer, row.value("sight_mark") or 0, row.value("names_mark") or 0)
