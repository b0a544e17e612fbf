"""What the frame of every page shows of its viewer."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Exists, QuerySet, Subquery
from django.db.models.functions import Coalesce

from community.events.streams import member_stream, streams_named
from community.models import Member
from community.queries.inbox import unread_count, unread_items
from community.queries.organizations import invites_into
from community.queries.prepared import Prepared
from community.queries.spaces import spaces_visible_to

MOST_SPACES = 100


class ListedSpace(NamedTuple):
    """A space as lists of all of them name it."""

    pk: int
    slug: str
    name: str


def _with_standing(viewer: Member, things: "QuerySet[Any]") -> "QuerySet[Any]":
    """The same with three columns that say the same of every row."""
    seq = Subquery(streams_named([member_stream(viewer.pk)]).values("seq"))
    unread, invites = Exists(unread_items(viewer)), Exists(invites_into(viewer))
    standing: QuerySet[Any] = things.annotate(seq=Coalesce(seq, 0), unread=unread, invites=invites)
    return standing


def _standing(viewer: Member) -> "QuerySet[Any, Any]":
    return _with_standing(viewer, Member.objects.filter(pk=viewer.pk)).values_list(*_STANDING)


def _spaces(viewer: Member) -> "QuerySet[Any, Any]":
    found = _with_standing(viewer, spaces_visible_to(viewer))
    return found.values_list(*_STANDING, "pk", "slug", "name")[:MOST_SPACES]


_STANDING = ("seq", "unread", "invites")
_standing_of: Prepared[Any] = Prepared(_standing)
_spaces_of: Prepared[Any] = Prepared(_spaces)


@dataclass(frozen=True)
class FrameFacts:
    """Where the member's stream stands, how much they have not read, whether they may invite, their spaces."""

    seq: int
    unread: int
    invites: bool
    spaces: tuple[ListedSpace, ...]


def frame_of(member: Member) -> FrameFacts:
    """What the frame shows to a member; one query when they have spaces and nothing is unread."""
    rows = _spaces_of(member).rows
    seq, has_unread, invites = (rows or _standing_of(member).rows or [(0, False, False)])[0][: len(_STANDING)]
    spaces = tuple(ListedSpace._make(row[len(_STANDING) :]) for row in rows)
    return FrameFacts(seq, unread_count(member) if has_unread else 0, bool(invites), spaces)
