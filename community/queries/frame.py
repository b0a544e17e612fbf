"""What the frame of every page shows of its viewer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from community.events.reactors import desks_of
from community.events.streams import member_stream, streams_named
from community.models import Grant, Member, Reach
from community.queries.arrivals import Arrival
from community.queries.inbox import count_by_marks, count_seen, unread_subjects
from community.queries.organizations import invites_into
from community.queries.prepared import Prepared
from community.queries.spaces import spaces_visible_to
from community.rules import clock
from community.rules.memo import Memo, weight

MOST_SPACES = 100
_MOST_KEPT = 16 * 1024 * 1024


class ListedSpace(NamedTuple):
    """A space as lists of all of them name it."""

    pk: int
    slug: str
    name: str


def _with_standing(viewer: Member, things: "QuerySet[Any]") -> "QuerySet[Any]":
    """The same with columns that say the same of every row."""
    seq = Subquery(streams_named([member_stream(viewer.pk)]).values("seq"))
    curates = Grant.objects.filter(member=viewer, role=Grant.Role.CURATOR, space__isnull=False)
    moderates = Grant.objects.filter(member=viewer, role=Grant.Role.MODERATOR)
    said = Reach.objects.filter(member=viewer)
    standing: QuerySet[Any] = things.annotate(
        seq=Coalesce(seq, 0),
        unread=unread_subjects(viewer),
        invites=Exists(invites_into(viewer)),
        curates=_any_of([curates, *desks_of(viewer)]),
        moderates=Exists(moderates),
        state=Subquery(said.values("state")),
        state_until=Subquery(said.values("until")),
    )
    return standing


def _any_of(things: "list[QuerySet[Any]]") -> "ExpressionWrapper[Q]":
    found = Q()
    for each in things:
        found |= Q(Exists(each))
    return ExpressionWrapper(found, output_field=BooleanField())


def _standing(viewer: Member) -> "QuerySet[Any, Any]":
    return _with_standing(viewer, Member.objects.filter(pk=viewer.pk)).values_list(*_STANDING)


def _spaces(viewer: Member) -> "QuerySet[Any, Any]":
    found = _with_standing(viewer, spaces_visible_to(viewer))
    return found.values_list(*_STANDING, "pk", "slug", "name")[:MOST_SPACES]


_STANDING = ("seq", "unread", "invites", "curates", "moderates", "state", "state_until")
_NOTHING = (0, None, False, False, False, None, None)
_standing_of: Prepared[Any] = Prepared(_standing)
_spaces_of: Prepared[Any] = Prepared(_spaces)


@dataclass(frozen=True)
class FrameFacts:
    """Where the member's stream stands, how much is unread, whether they invite, curate or moderate, their spaces.

    `state` says whether they can be asked, and holds until `until`.
    """

    seq: int
    unread: int
    invites: bool
    spaces: tuple[ListedSpace, ...]
    curates: bool = False
    moderates: bool = False
    state: str = Reach.State.HOURS
    until: datetime | None = None


class _Alike(NamedTuple):
    """What is the same as long as the viewer's marks are."""

    invites: bool
    curates: bool
    moderates: bool
    state: str | None
    until: datetime | str | None
    spaces: tuple[ListedSpace, ...]


_alike: Memo[_Alike] = Memo(most=_MOST_KEPT, size=weight)


def frame_of(member: Member, arrival: Arrival | None = None) -> FrameFacts:
    """What the frame shows to a member; one query when they have spaces, and those for whom notices are about.

    None for whoever arrived with the marks that all of it was read with before.
    """
    if arrival is None:
        seq, unread, alike = _read(member)
        told = count_seen(member, unread)
    else:
        alike = _alike.get((member.pk, arrival.marks), lambda: _read(member)[2])
        seq, told = arrival.seq, count_by_marks(member, arrival.unread, arrival.marks)
    state, until = _state(alike.state, alike.until)
    return FrameFacts(seq, told, alike.invites, alike.spaces, alike.curates, alike.moderates, state, until)


def _read(member: Member) -> tuple[int, str | None, _Alike]:
    rows = _spaces_of(member).rows
    standing = (rows or _standing_of(member).rows or [_NOTHING])[0][: len(_STANDING)]
    seq, unread, invites, curates, moderates, state, until = standing
    spaces = tuple(ListedSpace._make(row[len(_STANDING) :]) for row in rows)
    desk, moderation = bool(curates) or member.is_staff, bool(moderates) or member.is_staff
    return seq, unread, _Alike(bool(invites), desk, moderation, state, until, spaces)


def _state(state: str | None, until: datetime | str | None) -> tuple[str, datetime | None]:
    """As it is now. SQLite gives times as text, or without their zone, which is UTC."""
    if state is None:
        return Reach.State.HOURS, None
    until = datetime.fromisoformat(until) if isinstance(until, str) else until
    if until is not None and until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return (Reach.State.HOURS, None) if until is not None and until <= clock.now() else (state, until)
