"""What the page of a thread is made of, in few queries, of which some are asked only for threads that need them.

Everything read comes with a key, so that whatever was drawn from the same can be shown again.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from community.events import thread_stream
from community.events.streams import streams_named
from community.facts.marks import LARGEST, NAMES, marks_of_thread
from community.models import Grant, Mark, Member
from community.queries.marks import reliable
from community.queries.prepared import Answer, Prepared, held
from community.rules.memo import Memo, weight
from community.rules.ready import Statement
from community.rules.viewers import Somebody
from reputation.queries.votes import voted_among
from threads.models import (
    ANSWERABLE,
    Asked,
    Following,
    Guest,
    HandOver,
    Helper,
    HelpRequest,
    Practice,
    ReadPosition,
    RecordVersion,
    Relation,
    Resolution,
    Thread,
    TimelineEntry,
)
from threads.policies.audience import is_in_audience
from threads.policies.rights import Rights
from threads.queries.archive import practices_visible_to
from threads.queries.thread_facts import NOTHING, Alike, Gone, read
from threads.queries.threads import threads_visible_to
from threads.queries.timeline import told_to
from threads.queries.windows import PostWindow
from threads.rendering.fragments import PostFacts

_MOST_LINKS = 50
_MINE = (
    "author_id", "owner_id", "seq", "following", "moderates", "curates", "administers", "helps", "removed", "guested",
    "position", "news", "noted", "names_mark", "thread_mark", "record_mark",
)  # fmt: skip
_MOST_KEPT = 32 * 1024 * 1024
_MOST_VOTERS = 20_000

_alike: "Memo[Alike]" = Memo(most=_MOST_KEPT, size=lambda alike: weight(alike.whole))
_voted: "Memo[frozenset[int]]" = Memo(most=_MOST_VOTERS, size=lambda _ids: 1, weigh=lambda _facts: 0)


def _mine(viewer: Member, pk: int, thread_mark: int, record_mark: int) -> "QuerySet[Any, Any]":
    """Whether the viewer may see the thread, what is theirs there, and the marks of all else."""
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
            seq=Coalesce(Subquery(streams_named([thread_stream(pk)]).values("seq")), 0),
            following=Exists(Following.objects.filter(member=viewer, thread=pk, wanted=True)),
            moderates=Exists(granted.filter(role=Grant.Role.MODERATOR)),
            curates=Exists(granted.filter(role=Grant.Role.CURATOR)),
            administers=Exists(administering.filter(organization=OuterRef("organization_id"))),
            helps=Exists(helping.filter(until__isnull=True)),
            removed=Exists(helping.filter(removed=True)),
            guested=Subquery(let_in.values("reads_only")[:1]),
            position=Subquery(been.values("number")),
            news=Exists(been.filter(Exists(later) | Exists(written.order_by()))),
            noted=Subquery(note.values("pk")[:1]),
            names_mark=Subquery(Mark.objects.filter(pk=NAMES).values("stamp")),
            thread_mark=Subquery(Mark.objects.filter(pk=thread_mark).values("stamp")),
            record_mark=Subquery(Mark.objects.filter(pk=record_mark).values("stamp")),
        )
        .values_list(*_MINE)
    )


def _practices(viewer: Member, thread: int, told: list[int]) -> QuerySet[Practice]:
    """What was recorded of the thread, and those of which something is told there."""
    seen = practices_visible_to(viewer).filter(Q(thread=thread) | Q(pk__in=told))
    return seen.only("title", "confidence", "follows_record", "thread").order_by("pk")


def _note(pk: int) -> QuerySet[HandOver]:
    shown = ("html", "offered_at", "by__handle", "by__name")
    return HandOver.objects.filter(pk=pk).select_related("by").only(*shown)


def _links(thread: int) -> "QuerySet[Any, Any]":
    links = Relation.objects.filter(Q(thread=thread) | Q(other=thread)).order_by("id")
    return links.values_list("kind", "thread_id", "other_id")[:_MOST_LINKS]


def _linked(viewer: Member, threads: list[int]) -> "QuerySet[Any, Any]":
    return threads_visible_to(viewer).filter(pk__in=threads).values_list("pk", "title", "status")


_mine_of: Prepared[Any] = Prepared(_mine)
_practices_of = Prepared(_practices)
_note_of = Prepared(_note)
_links_of: Prepared[Any] = Prepared(_links)
_linked_with: Prepared[Any] = Prepared(_linked)


@dataclass(frozen=True)
class ThreadPage:
    """A thread as one viewer's page shows it; what was read, turned into objects by whoever draws it.

    `part` says what the viewer is in the thread, `voted` which of its posts they said helped, `note` what they were
    told when they took it over, until they put it away.
    """

    viewer: Member
    part: "Part"
    alike: Alike
    voted: frozenset[int]
    relations: tuple["Linked", ...]
    note: Answer[HandOver]
    _mine: Answer[Any]
    _practices: Answer[Practice]

    @property
    def key(self) -> Hashable:
        """Everything here but the viewer, what they voted for, and the stream's number."""
        return self.alike.whole, self.relations, self._practices.key, self.part, self.note.key

    @property
    def shared(self) -> Hashable:
        """Of that what all who see the thread see alike, besides its posts and what is between them."""
        return self.alike.around, self.relations, self._practices.key

    @property
    def seq(self) -> int:
        """The number of the thread's stream."""
        return int(self._mine.value("seq"))

    @property
    def window(self) -> PostWindow:
        """The posts that are shown."""
        return self.alike.window

    @property
    def entries(self) -> Answer[TimelineEntry]:
        """What happened between them."""
        return self.alike.entries

    @property
    def solutions(self) -> tuple[PostFacts, ...]:
        """The posts that solved it."""
        return self.alike.solutions

    @property
    def helpers(self) -> Answer[Helper]:
        """Who helps."""
        return self.alike.helpers

    @property
    def requests(self) -> Answer[HelpRequest]:
        """What is asked of others."""
        return self.alike.requests

    @property
    def asked(self) -> Answer[Asked]:
        """Who is asked."""
        return self.alike.asked

    @property
    def hand_over(self) -> Answer[HandOver]:
        """How it is offered to somebody."""
        return self.alike.hand_over

    @property
    def thread_id(self) -> int:
        """The thread's id."""
        return int(self.alike.thread.value("id"))

    @property
    def newest(self) -> int:
        """The number of its newest post."""
        return int(self.alike.thread.value("last_number"))

    @property
    def position(self) -> int | None:
        """The number of the post up to which the viewer has read, None when they were never here."""
        number: int | None = self._mine.value("position")
        return number

    @property
    def has_news(self) -> bool:
        """Whether others posted or changed something since the viewer was here."""
        position = self.position
        return position is not None and (position < self.newest or bool(self._mine.value("news")))

    @property
    def replied(self) -> bool:
        """Whether somebody replied."""
        return self.alike.has("reply_count")

    @property
    def recorded(self) -> bool:
        """Whether it is in the archive, even in a practice that the viewer may not see."""
        return self.alike.has("recorded")

    @property
    def practised(self) -> bool:
        """Whether a practice was made of it or begun, even one that the viewer may not see."""
        return self.alike.has("practised")

    @property
    def resolution(self) -> Resolution | None:
        """How the thread is resolved."""
        return self.alike.resolution.first()

    @property
    def practice(self) -> Practice | None:
        """What was recorded of it, when the viewer may see that."""
        return next((each for each in self._practices.things() if each.thread_id == self.thread_id), None)

    @property
    def told(self) -> dict[int, Practice]:
        """By their ids the practices that the viewer sees, of those of which something is told between the posts."""
        return {practice.pk: practice for practice in self._practices.things()}

    @cached_property
    def thread(self) -> Thread:
        """The thread with all that its head shows."""
        thread = self.alike.thread[0]
        held(thread, "tags", self.alike.tags.things())
        held(thread, "audience_organizations", self.alike.organizations.things())
        return thread


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


class Linked(NamedTuple):
    """A linked thread that the viewer may see, and what the link is called."""

    kind: str
    pk: int
    title: str
    status: str


def thread_page_of(viewer: Member, pk: int, *, start: int = 1) -> ThreadPage | None:
    """The thread with a window of it, None when the viewer may not see it.

    Whether they may, and what is theirs, is read each time, and with it the marks of all else, which is read when they
    are not known: so it is never older than they say. The stream's number comes first, so that no event falls between.
    """
    if pk > LARGEST:
        return None
    _names, thread_mark, record_mark = marks_of_thread(pk)
    mine = _mine_of(viewer, pk=pk, thread_mark=thread_mark, record_mark=record_mark)
    found = _alike_and_voted(viewer, pk, start, mine) if mine.rows else None
    if found is None:
        return None
    alike, voted = found
    noted = mine.value("noted")
    return ThreadPage(
        viewer=viewer,
        part=_part(viewer, mine, alike),
        alike=alike,
        voted=voted,
        relations=_relations(viewer, pk) if alike.has("linked") else (),
        note=_note_of(pk=noted) if noted else NOTHING,
        _mine=mine,
        _practices=_practices_in(viewer, pk, alike),
    )


def page_statement(viewer: Somebody, *, pk: int) -> Statement | None:
    """What `thread_page_of` asks first."""
    if pk > LARGEST:
        return None
    _names, thread_mark, record_mark = marks_of_thread(pk)
    return _mine_of.statement(viewer, pk=pk, thread_mark=thread_mark, record_mark=record_mark)


def _practices_in(viewer: Member, pk: int, alike: Alike) -> Answer[Practice]:
    told = sorted({practice for practice in alike.entries.column("practice_id") if practice is not None})
    return _practices_of(viewer, thread=pk, told=told or [0]) if told or alike.has("practised") else NOTHING


def _marks(mine: Answer[Any]) -> tuple[int, int, int] | None:
    """What all else is known by; None when it must be read."""
    names, thread, record = (mine.value(name) for name in ("names_mark", "thread_mark", "record_mark"))
    if thread is None or not reliable(connections[DEFAULT_DB_ALIAS]):
        return None
    return names or 0, thread, record or 0


def _alike_and_voted(viewer: Member, pk: int, start: int, mine: Answer[Any]) -> tuple[Alike, frozenset[int]] | None:
    """What is alike, and which of its posts the viewer said helped: a vote changes the thread, too."""
    marks = _marks(mine)
    try:
        if marks is None:
            alike = read(viewer, pk, start)
            return alike, alike.window.voted
        alike = _alike.get((pk, start, *marks), lambda: read(viewer, pk, start))
    except Gone:
        return None
    voted = _voted.get((viewer.pk, pk, start, *marks), lambda: frozenset(voted_among(viewer, alike.window.ids)))
    return alike, voted


def _waiting_for(viewer: Member, asked: Answer[Asked]) -> Iterator[int]:
    """The open requests that wait for the viewer's answer."""
    columns = (asked.column(name) for name in ("request_id", "member_id", "answer"))
    for request, member, answer in zip(*columns, strict=True):
        if member == viewer.pk and answer in ANSWERABLE:
            yield request


def _part(viewer: Member, mine: Answer[Any], alike: Alike) -> Part:
    guest = mine.value("guested") is not None and not is_in_audience(viewer, alike.thread[0])
    return Part(
        asks=mine.value("author_id") == viewer.pk,
        owns=mine.value("owner_id") == viewer.pk,
        follows=bool(mine.value("following")),
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


def _relations(viewer: Member, pk: int) -> tuple[Linked, ...]:
    """Threads linked with this one, in either direction."""
    links = [(kind, other if one == pk else one) for kind, one, other in _links_of(thread=pk).rows]
    threads = _linked_with(viewer, threads=[other for _kind, other in links]).rows
    seen = {other: (title, status) for other, title, status in threads}
    return tuple(Linked(kind, other, *seen[other]) for kind, other in links if other in seen)
