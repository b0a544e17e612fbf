"""What the frame of every page shows of its viewer."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, QuerySet, Subquery
from django.db.models.functions import Coalesce

from community.events.streams import member_stream, streams_named
from community.models import Member, Space
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


def _standing(viewer: Member) -> "QuerySet[Member, tuple[int, bool, bool]]":
    seq = Subquery(streams_named([member_stream(viewer.pk)]).values("seq"))
    return (
        Member.objects.filter(pk=viewer.pk)
        .annotate(seq=Coalesce(seq, 0), unread=Exists(unread_items(viewer)), invites=Exists(invites_into(viewer)))
        .values_list("seq", "unread", "invites")
    )


def _spaces(viewer: Member) -> "QuerySet[Space, tuple[int, str, str]]":
    return spaces_visible_to(viewer).values_list("pk", "slug", "name")[:MOST_SPACES]


_standing_of = Prepared(_standing)
_spaces_of = Prepared(_spaces)


@dataclass(frozen=True)
class FrameFacts:
    """Where the member's stream stands, how much they have not read, whether they may invite, their spaces."""

    seq: int
    unread: int
    invites: bool
    spaces: tuple[ListedSpace, ...]


def frame_of(member: Member) -> FrameFacts:
    """What the frame shows to a member; two queries when nothing is unread."""
    seq, has_unread, invites = _standing_of(member).first() or (0, False, False)
    spaces = tuple(ListedSpace(*row) for row in _spaces_of(member).things())
    return FrameFacts(seq, unread_count(member) if has_unread else 0, bool(invites), spaces)
