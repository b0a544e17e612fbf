"""What the frame of every page shows of its viewer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, QuerySet, Subquery
from django.db.models.functions import Coalesce

from community.events.streams import member_stream, streams_named
from community.models import Grant, Member, Reach
from community.queries.inbox import count_seen, statements_of_count, unread_subjects
from community.queries.organizations import invites_into
from community.queries.prepared import Prepared
from community.queries.spaces import spaces_visible_to
from community.rules import clock
from community.rules.ready import Statement
from community.rules.viewers import Somebody

MOST_SPACES = 100


class ListedSpace(NamedTuple):
    """A space as lists of all of them name it."""

    pk: int
    slug: str
    name: str


def _with_standing(viewer: Member, things: "QuerySet[Any]") -> "QuerySet[Any]":
    """The same with columns that say the same of every row."""
    seq = Subquery(streams_named([member_stream(viewer.pk)]).values("seq"))
    curates = Grant.objects.filter(member=viewer, role=Grant.Role.CURATOR, space__isnull=False)
    said = Reach.objects.filter(member=viewer)
    standing: QuerySet[Any] = things.annotate(
        seq=Coalesce(seq, 0),
        unread=unread_subjects(viewer),
        invites=Exists(invites_into(viewer)),
        curates=Exists(curates),
        state=Subquery(said.values("state")),
        state_until=Subquery(said.values("until")),
    )
    return standing


def _standing(viewer: Member) -> "QuerySet[Any, Any]":
    return _with_standing(viewer, Member.objects.filter(pk=viewer.pk)).values_list(*_STANDING)


def _spaces(viewer: Member) -> "QuerySet[Any, Any]":
    found = _with_standing(viewer, spaces_visible_to(viewer))
    return found.values_list(*_STANDING, "pk", "slug", "name")[:MOST_SPACES]


_STANDING = ("seq", "unread", "invites", "curates", "state", "state_until")
_NOTHING = (0, None, False, False, None, None)
_standing_of: Prepared[Any] = Prepared(_standing)
_spaces_of: Prepared[Any] = Prepared(_spaces)


@dataclass(frozen=True)
class FrameFacts:
    """Where the member's stream stands, how much they have not read, whether they may invite or curate, their spaces.

    `state` says whether they can be asked, and holds until `until`.
    """

    seq: int
    unread: int
    invites: bool
    spaces: tuple[ListedSpace, ...]
    curates: bool = False
    state: str = Reach.State.HOURS
    until: datetime | None = None


def frame_of(member: Member) -> FrameFacts:
    """What the frame shows to a member; one query when they have spaces, and those for whom notices are about."""
    rows = _spaces_of(member).rows
    standing = (rows or _standing_of(member).rows or [_NOTHING])[0][: len(_STANDING)]
    seq, unread, invites, curates, *said = standing
    spaces = tuple(ListedSpace._make(row[len(_STANDING) :]) for row in rows)
    told = count_seen(member, unread)
    return FrameFacts(seq, told, bool(invites), spaces, bool(curates) or member.is_staff, *_state(*said))


def frame_statements(viewer: Somebody) -> list[Statement | None]:
    """What `frame_of` will ask if they have as much unread as before."""
    return [_spaces_of.statement(viewer), *statements_of_count(viewer)]


def _state(state: str | None, until: datetime | str | None) -> tuple[str, datetime | None]:
    """As it is now. SQLite gives times as text, or without their zone, which is UTC."""
    if state is None:
        return Reach.State.HOURS, None
    until = datetime.fromisoformat(until) if isinstance(until, str) else until
    if until is not None and until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return (Reach.State.HOURS, None) if until is not None and until <= clock.now() else (state, until)
