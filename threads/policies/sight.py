"""Who may see what, asked for many members and many things at once: a third face of the rule.

The others are `policies.audience` and `queries.audience`; a test holds them together.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from community.models import Grant, Member, Space
from threads.models import Practice, Thread
from threads.models.audience import Audience


class Thing(NamedTuple):
    """What decides who may see a thread, or a space itself (which has no `thread_id`)."""

    space_id: int
    space_audience: str
    thread_id: int | None = None
    audience: str = Audience.SPACE
    organization_id: int | None = None
    center_id: int | None = None


class Viewer(NamedTuple):
    """What decides what an active member may see."""

    is_superuser: bool
    organization_id: int
    center_id: int | None


def threads_as_things(ids: Collection[int]) -> dict[int, Thing]:
    """The threads with these ids, by id."""
    rows = Thread.objects.filter(pk__in=ids).values_list(
        "space_id", "space__audience", "pk", "audience", "organization_id", "center_id"
    )
    return {row[2]: Thing(*row) for row in rows}


def spaces_as_things(slugs: Collection[str]) -> dict[str, Thing]:
    """The spaces with these slugs, by slug."""
    rows = Space.objects.filter(slug__in=slugs).values_list("slug", "pk", "audience")
    return {slug: Thing(pk, audience) for slug, pk, audience in rows}


def writable(thread_ids: Collection[int]) -> set[int]:
    """Of these threads the ones whose record may be written by everybody who sees them: not closed, not recorded."""
    recorded = Practice.objects.filter(thread=OuterRef("pk"))
    found = Thread.objects.filter(~Exists(recorded), pk__in=thread_ids).exclude(status=Thread.Status.CLOSED)
    return set(found.values_list("pk", flat=True))


class Sight:
    """Answers for the members and things it was made for; five queries at most, however many they are."""

    def __init__(self, member_ids: Collection[int], things: Iterable[Thing]) -> None:
        things = set(things)
        members = Member.objects.filter(pk__in=member_ids, is_active=True)
        rows = members.values_list("pk", "is_superuser", "organization_id", "center_id")
        self._viewers = {row[0]: Viewer(*row[1:]) for row in rows}
        closed = {thing.space_id for thing in things if thing.space_audience != Space.Audience.NETWORK}
        self._spaces_open_to = _spaces_open_to(
            {thing.space_id for thing in things if thing.space_audience == Space.Audience.ORGANIZATIONS}
        )
        self._invited = _invited(
            {thing.space_id for thing in things if thing.space_audience == Space.Audience.MEMBERS}, member_ids
        )
        self._granted = _granted(closed, member_ids)
        self._named = _named(
            {thing.thread_id for thing in things if thing.thread_id and thing.audience == Audience.ORGANIZATIONS}
        )

    def is_active(self, member_id: int) -> bool:
        """Whether they may do anything at all."""
        return member_id in self._viewers

    def sees(self, member_id: int, thing: Thing) -> bool:
        """Whether the member may see it."""
        viewer = self._viewers.get(member_id)
        if viewer is None or viewer.is_superuser:
            return viewer is not None
        return self._is_in_space(member_id, viewer, thing) and self._is_on_rung(viewer, thing)

    def _is_in_space(self, member_id: int, viewer: Viewer, thing: Thing) -> bool:
        return (
            thing.space_audience == Space.Audience.NETWORK
            or (thing.space_id, viewer.organization_id) in self._spaces_open_to
            or (thing.space_id, member_id) in self._invited
            or (thing.space_id, member_id) in self._granted
        )

    def _is_on_rung(self, viewer: Viewer, thing: Thing) -> bool:
        if thing.audience == Audience.SPACE:
            return True
        if thing.audience == Audience.CENTER:
            return viewer.center_id is not None and viewer.center_id == thing.center_id
        if viewer.organization_id == thing.organization_id:
            return True
        return (thing.thread_id, viewer.organization_id) in self._named


def _spaces_open_to(space_ids: set[int]) -> set[tuple[int, int]]:
    if not space_ids:
        return set()
    rows = Space.organizations.through.objects.filter(space_id__in=space_ids)
    return set(rows.values_list("space_id", "organization_id"))


def _invited(space_ids: set[int], member_ids: Collection[int]) -> set[tuple[int, int]]:
    if not space_ids:
        return set()
    rows = Space.members.through.objects.filter(space_id__in=space_ids, member_id__in=member_ids)
    return set(rows.values_list("space_id", "member_id"))


def _granted(space_ids: set[int], member_ids: Collection[int]) -> set[tuple[int | None, int]]:
    if not space_ids:
        return set()
    rows = Grant.objects.filter(space_id__in=space_ids, member_id__in=member_ids)
    return set(rows.values_list("space_id", "member_id"))


def _named(thread_ids: set[int]) -> set[tuple[int, int]]:
    if not thread_ids:
        return set()
    rows = Thread.audience_organizations.through.objects.filter(thread_id__in=thread_ids)
    return set(rows.values_list("thread_id", "organization_id"))
