"""What somebody is in a thread: what they may do there, and what waits for them.

A mark of the viewer's and those of the thread say whether it is still so.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from community.models import Grant, Member
from community.queries.prepared import Answer, Prepared
from threads.models import (
    ANSWERABLE,
    Asked,
    Guest,
    HandOver,
    Helper,
    ReadPosition,
    RecordVersion,
    TimelineEntry,
)
from threads.policies.audience import is_in_audience
from threads.policies.rights import Rights
from threads.queries.thread_facts import Alike
from threads.queries.threads import threads_visible_to
from threads.queries.timeline import told_to

_MINE = (
    "author_id", "owner_id", "moderates", "curates", "administers", "helps", "removed", "guested", "news", "noted",
)  # fmt: skip


class Part(NamedTuple):
    """What somebody is in a thread: all that decides what they may do in it, besides the thread itself."""

    asks: bool
    owns: bool
    follows: bool
    moderates: bool
    curates: bool
    helps: bool = False
    removed: bool = False
    guest: bool = False
    reads_only: bool = False
    asked: tuple[int, ...] = ()
    handed: bool = False
    administers: bool = False

    @property
    def rights(self) -> Rights:
        """As `policies.rights.rights_in` finds them, for a thread that was loaded through its viewer."""
        return Rights(
            sees=True,
            moderates=self.moderates,
            curates=self.curates,
            guest=self.guest,
            reads_only=self.reads_only,
            removed=self.removed,
            administers=self.administers,
        )


def _mine(viewer: Member, pk: int) -> "QuerySet[Any, Any]":
    """Whether the viewer may see the thread, and what they are there: the same as long as marks and position are."""
    granted = Grant.objects.filter(member=viewer, space=OuterRef("space_id"))
    administering = Grant.objects.filter(member=viewer, role=Grant.Role.ORGANIZATION_ADMIN)
    helping = Helper.objects.filter(thread=pk, member=viewer).order_by()
    let_in = Guest.objects.filter(thread=pk, member=viewer, until__isnull=True).order_by()
    been = ReadPosition.objects.filter(member=viewer, thread=pk)
    entries = TimelineEntry.objects.filter(thread=pk, pk__gt=OuterRef("entry")).exclude(actor=viewer)
    later = told_to(viewer, entries).order_by()
    note = HandOver.objects.filter(
        thread=pk, thread__owner=viewer, answered_by=viewer, state=HandOver.State.ACCEPTED, put_away_at__isnull=True
    ).order_by("-pk")
    written = RecordVersion.objects.filter(record=pk, seq__gt=OuterRef("record_version")).exclude(author=viewer)
    return (
        threads_visible_to(viewer)
        .filter(pk=pk)
        .annotate(
            moderates=Exists(granted.filter(role=Grant.Role.MODERATOR)),
            curates=Exists(granted.filter(role=Grant.Role.CURATOR)),
            administers=Exists(administering.filter(organization=OuterRef("organization_id"))),
            helps=Exists(helping.filter(until__isnull=True)),
            removed=Exists(helping.filter(removed=True)),
            guested=Subquery(let_in.values("reads_only")[:1]),
            news=Exists(been.filter(Exists(later) | Exists(written.order_by()))),
            noted=Subquery(note.values("pk")[:1]),
        )
        .values_list(*_MINE)
    )


mine_of: Prepared[Any] = Prepared(_mine)


def _waiting_for(viewer: Member, asked: Answer[Asked]) -> Iterator[int]:
    """The open requests that wait for the viewer's answer."""
    columns = (asked.column(name) for name in ("request_id", "member_id", "answer"))
    for request, member, answer in zip(*columns, strict=True):
        if member == viewer.pk and answer in ANSWERABLE:
            yield request


def part_of(viewer: Member, mine: Answer[Any], alike: Alike, *, following: bool) -> Part:
    """The viewer's part in a thread that they may see, from what `mine_of` found and what everybody sees of it."""
    guest = mine.value("guested") is not None and not is_in_audience(viewer, alike.thread[0])
    return Part(
        asks=mine.value("author_id") == viewer.pk,
        owns=mine.value("owner_id") == viewer.pk,
        follows=following,
        moderates=viewer.is_superuser or (bool(mine.value("moderates")) and not guest),
        curates=viewer.is_superuser or (bool(mine.value("curates")) and not guest),
        administers=viewer.is_superuser or bool(mine.value("administers")),
        helps=bool(mine.value("helps")),
        removed=bool(mine.value("removed")),
        guest=guest,
        reads_only=guest and bool(mine.value("guested")),
        asked=tuple(_waiting_for(viewer, alike.asked)),
        handed=alike.hand_over.column("to_id") == [viewer.pk],
    )
