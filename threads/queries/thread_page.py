"""What the page of a thread is made of, in few queries, of which some are asked only for threads that need them.

Everything read comes with a key, so that whatever was drawn from the same can be shown again.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import CharField, Exists, IntegerField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from community.events import thread_stream
from community.events.streams import streams_named
from community.facts.marks import LARGEST, mark_of_member, marks_of_thread
from community.models import Member
from community.queries import arrivals
from community.queries.arrivals import (
    SESSION,
    STANDING,
    Arrival,
    can_be_relied_on,
    marked,
    marks_in,
    session_of,
    with_standing,
)
from community.queries.prepared import Answer, Prepared, held
from community.rules.memo import Memo, weight
from reputation.queries.votes import voted_among
from threads.models import (
    Asked,
    Following,
    HandOver,
    Helper,
    HelpRequest,
    Practice,
    ReadPosition,
    Relation,
    Resolution,
    Thread,
    TimelineEntry,
)
from threads.queries.archive import practices_visible_to
from threads.queries.thread_facts import NOTHING, Alike, Gone, read
from threads.queries.thread_part import Part, mine_of, part_of
from threads.queries.threads import threads_visible_to
from threads.queries.windows import PostWindow
from threads.rendering.fragments import PostFacts

_MOST_LINKS = 50
_HERE = ("thread", "thread_seq", "following", "been", "thread_mark", "record_mark")
_MOST_KEPT = 32 * 1024 * 1024
_MOST_VOTERS = _MOST_PARTS = 20_000

_alike: "Memo[Alike]" = Memo(most=_MOST_KEPT, size=lambda alike: weight(alike.whole))
_voted: "Memo[frozenset[int]]" = Memo(most=_MOST_VOTERS, size=lambda _ids: 1, weigh=lambda _facts: 0)
_theirs: "Memo[Answer[Any]]" = Memo(most=_MOST_PARTS, size=lambda _mine: 1, weigh=lambda _facts: 0)
_parts: "Memo[Part]" = Memo(most=_MOST_PARTS, size=lambda _part: 1, weigh=lambda _facts: 0)


def _with_here(rows: "QuerySet[Any]", member: int, thread: int, thread_mark: int, record_mark: int) -> "QuerySet[Any]":
    """The same with _HERE: how far the stream of a thread and a member in it are, and the marks of all else there."""
    been = ReadPosition.objects.filter(member=member, thread=thread)
    numbers = [Cast(name, CharField()) for name in ("number", "entry", "record_version")]
    told = Concat(numbers[0], Value(" "), numbers[1], Value(" "), numbers[2], output_field=CharField())
    found: QuerySet[Any] = rows.annotate(
        thread=Value(thread, IntegerField()),
        thread_seq=Coalesce(Subquery(streams_named([thread_stream(thread)]).values("seq")), 0),
        following=Exists(Following.objects.filter(member=member, thread=thread, wanted=True)),
        been=Subquery(been.annotate(told=told).values("told")),
        thread_mark=Subquery(marked(thread_mark)),
        record_mark=Subquery(marked(record_mark)),
    )
    return found


def _arriving(member: int, key: str, mark: int, **thread: int) -> "QuerySet[Any, Any]":
    return _with_here(session_of(member, key, mark), member, **thread).values_list(*SESSION, *_HERE)


def _being_here(member: int, mark: int, **thread: int) -> "QuerySet[Any, Any]":
    found = with_standing(Member.objects.filter(pk=member), member, mark)
    return _with_here(found, member, **thread).values_list(*STANDING, *_HERE)


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


_arriving_at: Prepared[Any] = Prepared(_arriving)
_here_of: Prepared[Any] = Prepared(_being_here)
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
    part: Part
    alike: Alike
    voted: frozenset[int]
    relations: tuple["Linked", ...]
    note: Answer[HandOver]
    _here: Answer[Any]
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
        return int(self._here.value("thread_seq"))

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
        been: str | None = self._here.value("been")
        return None if been is None else int(been.split()[0])

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


class Linked(NamedTuple):
    """A linked thread that the viewer may see, and what the link is called."""

    kind: str
    pk: int
    title: str
    status: str


def thread_page_of(viewer: Member, pk: int, *, start: int = 1, arrival: Arrival | None = None) -> ThreadPage | None:
    """The thread with a window of it, None when the viewer may not see it.

    The marks of all it shows are read each time, and what is not known by them after that: so it is never older than
    they say. The stream's number comes first, so that no event falls between. Who arrived has brought both along.
    """
    if pk > LARGEST:
        return None
    arrived = arrival is not None and arrival.row.said("thread") == pk
    here = arrival.row if arrival is not None and arrived else _here(viewer, pk)
    found = _found(viewer, pk, start, here, by_marks=arrived or can_be_relied_on())
    if found is None:
        return None
    mine, part, alike, voted = found
    noted = mine.value("noted")
    return ThreadPage(
        viewer=viewer,
        part=part,
        alike=alike,
        voted=voted,
        relations=_relations(viewer, pk) if alike.has("linked") else (),
        note=_note_of(pk=noted) if noted else NOTHING,
        _here=here,
        _mine=mine,
        _practices=_practices_in(viewer, pk, alike),
    )


def ask_along(member: int, key: str, *, pk: int) -> Answer[Any]:
    """What `thread_page_of` needs to know first, along with what every page asks of whoever asks for it."""
    if pk > LARGEST:
        return arrivals.ask(member, key)
    thread_mark, record_mark = marks_of_thread(pk)
    return _arriving_at(
        member=member,
        key=key,
        mark=mark_of_member(member),
        thread=pk,
        thread_mark=thread_mark,
        record_mark=record_mark,
    )


def _here(viewer: Member, pk: int) -> Answer[Any]:
    thread_mark, record_mark = marks_of_thread(pk)
    mark = mark_of_member(viewer.pk)
    return _here_of(member=viewer.pk, mark=mark, thread=pk, thread_mark=thread_mark, record_mark=record_mark)


def _practices_in(viewer: Member, pk: int, alike: Alike) -> Answer[Practice]:
    told = sorted({practice for practice in alike.entries.column("practice_id") if practice is not None})
    return _practices_of(viewer, thread=pk, told=told or [0]) if told or alike.has("practised") else NOTHING


_Found = tuple[Answer[Any], Part, Alike, frozenset[int]]


def _found(viewer: Member, pk: int, start: int, here: Answer[Any], *, by_marks: bool) -> _Found | None:
    """What is the viewer's there, what all see alike, and which of its posts they said helped; None without a right.

    A vote raises the thread's mark.
    """
    marks = _marks(here) if by_marks else None
    if marks is None:
        return _read(viewer, pk, start, following=bool(here.value("following")))
    own, shared = marks
    key = viewer.pk, pk, own, shared, here.value("been"), here.value("following")
    mine = _theirs.get(key, lambda: mine_of(viewer, pk=pk))
    if not mine.rows:
        return None
    try:
        alike = _alike.get((pk, start, shared), lambda: _read_alike(viewer, pk, start, shared))
    except Gone:
        return None
    part = _parts.get(key, lambda: part_of(viewer, mine, alike, following=bool(here.value("following"))))
    voted = _voted.get((viewer.pk, pk, start, shared), lambda: frozenset(voted_among(viewer, alike.window.ids)))
    return mine, part, alike, voted


def _read_alike(viewer: Member, pk: int, start: int, shared: Hashable) -> Alike:
    """The thread as it is now; what its reader said helped came along. Raises Gone as `read` does."""
    alike = read(viewer, pk, start)
    _voted.get((viewer.pk, pk, start, shared), lambda: alike.window.voted)
    return alike


def _read(viewer: Member, pk: int, start: int, *, following: bool) -> _Found | None:
    mine = mine_of(viewer, pk=pk)
    if not mine.rows:
        return None
    try:
        alike = read(viewer, pk, start)
    except Gone:
        return None
    return mine, part_of(viewer, mine, alike, following=following), alike, alike.window.voted


def _marks(here: Answer[Any]) -> tuple[Hashable, Hashable] | None:
    """What all that is the viewer's there is known by, and all that is everybody's; None when it must be read."""
    marks, thread = marks_in(here), here.value("thread_mark")
    if marks is None or thread is None:
        return None
    return marks, (marks.names, thread, here.value("record_mark") or 0)


def _relations(viewer: Member, pk: int) -> tuple[Linked, ...]:
    """Threads linked with this one, in either direction."""
    links = [(kind, other if one == pk else one) for kind, one, other in _links_of(thread=pk).rows]
    threads = _linked_with(viewer, threads=[other for _kind, other in links]).rows
    seen = {other: (title, status) for other, title, status in threads}
    return tuple(Linked(kind, other, *seen[other]) for kind, other in links if other in seen)
