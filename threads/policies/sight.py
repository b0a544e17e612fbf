"""Who may see what, asked for many members and many things at once: a third face of the rule.

The others are `policies.audience` and `queries.audience`; a test holds them together.
"""

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from community.models import Grant, Member, Space
from community.queries.prepared import Prepared
from threads.models import Guest, Helper, Practice, Thread
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


def _taking_changes(pks: list[int]) -> "QuerySet[Thread, tuple[int]]":
    recorded = Practice.objects.filter(thread=OuterRef("pk"), follows_record=False)
    found = Thread.objects.filter(~Exists(recorded), pk__in=pks).exclude(status=Thread.Status.CLOSED)
    return found.values_list("pk")


_writable = Prepared(_taking_changes)


def writable(thread_ids: Collection[int]) -> set[int]:
    """Of these threads the ones whose record takes changes, of those who may write it: not closed, not recorded."""
    return {pk for (pk,) in _writable(pks=list(thread_ids)).things()}


class Sight:
    """Answers for the members and things it was made for; seven queries at most, however many they are."""

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
        restricted = {thing for thing in things if thing.space_id in closed or thing.audience != Audience.SPACE}
        self._guests = _guests({thing.thread_id for thing in restricted if thing.thread_id}, member_ids)
        self._threads = {thing.thread_id for thing in things if thing.thread_id}

    def is_active(self, member_id: int) -> bool:
        """Whether they may do anything at all."""
        return member_id in self._viewers

    def sees(self, member_id: int, thing: Thing) -> bool:
        """Whether the member may see it."""
        return self._is_in_audience(member_id, thing) or self._guest_right(member_id, thing) is not None

    def writes(self, member_id: int, thing: Thing) -> bool:
        """Whether the member may write in the thread while that takes replies."""
        return self._is_in_audience(member_id, thing) or bool(self._guest_right(member_id, thing))

    @cached_property
    def _removed(self) -> set[tuple[int | None, int]]:
        rows = Helper.objects.filter(thread_id__in=self._threads, member_id__in=self._viewers, removed=True)
        return set(rows.values_list("thread_id", "member_id")) if self._threads else set()

    def writes_record(self, member_id: int, thing: Thing) -> bool:
        """Whether the member may write the record of the thread while that takes changes."""
        return self.writes(member_id, thing) and (thing.thread_id, member_id) not in self._removed

    def _is_in_audience(self, member_id: int, thing: Thing) -> bool:
        viewer = self._viewers.get(member_id)
        if viewer is None or viewer.is_superuser:
            return viewer is not None
        return self._is_in_space(member_id, viewer, thing) and self._is_on_rung(viewer, thing)

    def _guest_right(self, member_id: int, thing: Thing) -> bool | None:
        """Whether they, let in by name, write as well; None when they are no guest."""
        return self._guests.get((thing.thread_id, member_id)) if member_id in self._viewers else None

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


def _guests(thread_ids: set[int], member_ids: Collection[int]) -> dict[tuple[int | None, int], bool]:
    if not thread_ids:
        return {}
    rows = Guest.objects.filter(thread_id__in=thread_ids, member_id__in=member_ids, until__isnull=True)
    return {(thread, member): not reads for thread, member, reads in rows.values_list("thread", "member", "reads_only")}


def _named(thread_ids: set[int]) -> set[tuple[int, int]]:
    if not thread_ids:
        return set()
    rows = Thread.audience_organizations.through.objects.filter(thread_id__in=thread_ids)
    return set(rows.values_list("thread_id", "organization_id"))
