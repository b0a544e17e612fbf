"""What the page of a thread is made of, in few queries, of which some are asked only for threads that need them.

Everything read comes with a key, so that whatever was drawn from the same can be shown again.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from community.events import thread_stream
from community.events.streams import streams_named
from community.models import Grant, Member, Organization
from community.queries.prepared import Answer, Prepared, held
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
    Tag,
    Thread,
    TimelineEntry,
)
from threads.policies.audience import is_in_audience
from threads.policies.rights import Rights
from threads.queries.archive import practices_visible_to
from threads.queries.threads import threads_visible_to
from threads.queries.windows import PostWindow, solutions_of, window_of
from threads.rendering.fragments import PostFacts

_NO_END = 2**31 - 1
_MOST_ENTRIES = 200
_MOST_LINKS = 50
_RELATED = (
    "space", "organization", "center", "product", "product_version", "author", "owner__organization", "owner__center",
    "next_action_by", "record__updated_by",
)  # fmt: skip
_COLUMNS = (
    "title", "status", "severity", "audience", "created_at", "next_action", "next_action_due", "last_number",
    "reply_count", "source_site", "source_id", "source_url", "source_license", "space__slug", "space__name",
    "space__audience", "organization__name", "center__name", "product__slug", "product__name", "product_version__name",
    "author__handle", "author__name", "owner__handle", "owner__name", "owner__organization__name",
    "owner__center__name", "next_action_by__handle", "next_action_by__name", "record__problem", "record__environment",
    "record__cause", "record__resolution", "record__updated_at", "record__updated_by__name",
)  # fmt: skip
_BESIDE = (
    "last_number", "reply_count", "seq", "following", "resolved_as", "practised", "linked", "eventful", "tagged",
    "named", "moderates", "curates", "administers", "helped", "helps", "removed", "guested", "requested", "handed",
    "position", "news",
)  # fmt: skip


def _thread(viewer: Member, pk: int) -> QuerySet[Thread]:
    standing = Resolution.objects.filter(thread=pk, reopened_at__isnull=True)
    granted = Grant.objects.filter(member=viewer, space=OuterRef("space_id"))
    administering = Grant.objects.filter(member=viewer, role=Grant.Role.ORGANIZATION_ADMIN)
    helpers = Helper.objects.filter(thread=pk, until__isnull=True).order_by()
    let_in = Guest.objects.filter(thread=pk, member=viewer, until__isnull=True).order_by()
    open_now = HelpRequest.objects.filter(thread=pk, state=HelpRequest.State.OPEN).order_by()
    been = ReadPosition.objects.filter(member=viewer, thread=pk)
    later = TimelineEntry.objects.filter(thread=pk, pk__gt=OuterRef("entry")).exclude(actor=viewer).order_by()
    written = RecordVersion.objects.filter(record=pk, seq__gt=OuterRef("record_version")).exclude(author=viewer)
    return (
        threads_visible_to(viewer)
        .filter(pk=pk)
        .select_related(*_RELATED)
        .only(*_COLUMNS)
        .annotate(
            seq=Coalesce(Subquery(streams_named([thread_stream(pk)]).values("seq")), 0),
            following=Exists(Following.objects.filter(member=viewer, thread=pk, wanted=True)),
            resolved_as=Subquery(standing.values("pk")[:1]),
            practised=Exists(Practice.objects.filter(thread=pk)),
            linked=Exists(Relation.objects.filter(Q(thread=pk) | Q(other=pk))),
            eventful=Exists(TimelineEntry.objects.filter(thread=pk)),
            tagged=Exists(Thread.tags.through.objects.filter(thread=pk)),
            named=Exists(Thread.audience_organizations.through.objects.filter(thread=pk)),
            moderates=Exists(granted.filter(role=Grant.Role.MODERATOR)),
            curates=Exists(granted.filter(role=Grant.Role.CURATOR)),
            administers=Exists(administering.filter(organization=OuterRef("organization_id"))),
            helped=Exists(helpers),
            helps=Exists(helpers.filter(member=viewer)),
            removed=Exists(Helper.objects.filter(thread=pk, member=viewer, removed=True).order_by()),
            guested=Subquery(let_in.values("reads_only")[:1]),
            requested=Exists(open_now),
            position=Subquery(been.values("number")),
            news=Exists(been.filter(Exists(later) | Exists(written.order_by()))),
            handed=Exists(HandOver.objects.filter(thread=pk, state=HandOver.State.OFFERED).order_by()),
        )
    )


def _tags(thread: int) -> QuerySet[Tag]:
    return Tag.objects.filter(threads=thread)


def _organizations(thread: int) -> QuerySet[Organization]:
    named = Thread.audience_organizations.through.objects.filter(thread=thread)
    return Organization.objects.filter(pk__in=named.values("organization_id")).only("name")


def _resolution(pk: int) -> QuerySet[Resolution]:
    shown = ("has_solution", "summary", "resolved_at", "resolved_by__name")
    return Resolution.objects.filter(pk=pk).select_related("resolved_by").only(*shown)


def _practice(viewer: Member, thread: int) -> QuerySet[Practice]:
    return practices_visible_to(viewer).filter(thread=thread).only("title", "confidence")


def _helpers(thread: int) -> QuerySet[Helper]:
    now = Helper.objects.filter(thread=thread, until__isnull=True)
    shown = ("member__handle", "member__name", "member__organization__name", "member__center__name")
    return (
        now.select_related("member__organization", "member__center").only(*shown).order_by("since", "id")[:_MOST_LINKS]
    )


def _requests(thread: int) -> QuerySet[HelpRequest]:
    now = HelpRequest.objects.filter(thread=thread, state=HelpRequest.State.OPEN)
    return now.select_related("by").only("what", "due_at", "by__handle", "by__name").order_by("id")


def _asked(thread: int) -> QuerySet[Asked]:
    now = Asked.objects.filter(request__thread=thread, request__state=HelpRequest.State.OPEN)
    shown = ("request", "answer", "answer_by", "member__handle", "member__name")
    return now.select_related("member").only(*shown).order_by("request", "place")


def _hand_over(thread: int) -> QuerySet[HandOver]:
    now = HandOver.objects.filter(thread=thread, state=HandOver.State.OFFERED)
    shown = ("html", "offered_at", "by__handle", "by__name", "to__handle", "to__name")
    return now.select_related("by", "to").only(*shown)


def _links(thread: int) -> "QuerySet[Any, Any]":
    links = Relation.objects.filter(Q(thread=thread) | Q(other=thread)).order_by("id")
    return links.values_list("kind", "thread_id", "other_id")[:_MOST_LINKS]


def _linked(viewer: Member, threads: list[int]) -> "QuerySet[Any, Any]":
    return threads_visible_to(viewer).filter(pk__in=threads).values_list("pk", "title", "status")


def _entries(thread: int, first: int, last: int) -> QuerySet[TimelineEntry]:
    entries = TimelineEntry.objects.filter(thread=thread, after_number__gte=first, after_number__lte=last)
    shown = ("after_number", "kind", "at", "data", "actor__handle", "actor__name")
    return entries.select_related("actor").only(*shown).order_by("id")[:_MOST_ENTRIES]


_thread_of = Prepared(_thread, apart=_BESIDE)
_tags_of = Prepared(_tags)
_organizations_of = Prepared(_organizations)
_resolution_of = Prepared(_resolution)
_practice_of = Prepared(_practice)
_helpers_of = Prepared(_helpers)
_requests_of = Prepared(_requests)
_asked_of = Prepared(_asked)
_hand_over_of = Prepared(_hand_over)
_links_of: Prepared[Any] = Prepared(_links)
_linked_with: Prepared[Any] = Prepared(_linked)
_entries_of = Prepared(_entries)


@dataclass(frozen=True)
class ThreadPage:
    """A thread as one viewer's page shows it; what was read, turned into objects by whoever draws it.

    `entries` happened between the posts of its window. `part` says what the viewer is in the thread.
    """

    viewer: Member
    part: "Part"
    seq: int
    window: PostWindow
    entries: Answer[TimelineEntry]
    solutions: tuple[PostFacts, ...]
    relations: tuple["Linked", ...]
    _thread: Answer[Thread]
    _tags: Answer[Tag]
    _organizations: Answer[Organization]
    _resolution: Answer[Resolution]
    _practice: Answer[Practice]
    helpers: Answer[Helper]
    requests: Answer[HelpRequest]
    asked: Answer[Asked]
    hand_over: Answer[HandOver]

    @property
    def key(self) -> Hashable:
        """Everything here but the viewer, what they voted for, and the stream's number."""
        newest = self._thread.value("last_number") if self.window.is_part else None
        return (*self.shared, self.part, self.window.key, tuple(self.entries.rows), self.replied, newest)

    @property
    def shared(self) -> tuple[Hashable, ...]:
        """Of that what all who see the thread see alike, besides its posts and what is between them."""
        swarm = (self.helpers, self.requests, self.asked, self.hand_over)
        answers = (self._thread, self._tags, self._organizations, self._resolution, self._practice, *swarm)
        return (*(answer.key for answer in answers), self.solutions, self.relations)

    @property
    def thread_id(self) -> int:
        """The thread's id."""
        return int(self._thread.value("id"))

    @property
    def newest(self) -> int:
        """The number of its newest post."""
        return int(self._thread.value("last_number"))

    @property
    def position(self) -> int | None:
        """The number of the post up to which the viewer has read, None when they were never here."""
        number: int | None = self._thread.value("position")
        return number

    @property
    def has_news(self) -> bool:
        """Whether others posted or changed something since the viewer was here."""
        position = self.position
        return position is not None and (position < self.newest or bool(self._thread.value("news")))

    @property
    def replied(self) -> bool:
        """Whether somebody replied."""
        return bool(self._thread.value("reply_count"))

    @property
    def recorded(self) -> bool:
        """Whether it is in the archive, even in a practice that the viewer may not see."""
        return bool(self._thread.value("practised"))

    @property
    def resolution(self) -> Resolution | None:
        """How the thread is resolved."""
        return self._resolution.first()

    @property
    def practice(self) -> Practice | None:
        """What was recorded of it, when the viewer may see that."""
        return self._practice.first()

    @cached_property
    def thread(self) -> Thread:
        """The thread with all that its head shows."""
        thread = self._thread[0]
        held(thread, "tags", self._tags.things())
        held(thread, "audience_organizations", self._organizations.things())
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
    """The thread with a window of it, None when the viewer may not see it. The stream's number is read first, so that
    no event falls between."""
    found = _thread_of(viewer, pk=pk)
    if not found.rows:
        return None
    resolved_as = found.value("resolved_as")
    window = window_of(viewer, pk, start=start)
    asked = _asked_of(thread=pk) if found.value("requested") else _NOTHING
    hand_over = _hand_over_of(thread=pk) if found.value("handed") else _NOTHING
    return ThreadPage(
        viewer=viewer,
        part=_part(viewer, found, asked)._replace(handed=hand_over.column("to_id") == [viewer.pk]),
        seq=found.value("seq"),
        window=window,
        entries=_between(pk, window) if found.value("eventful") else _NOTHING,
        solutions=tuple(solutions_of(viewer, resolved_as)) if resolved_as else (),
        relations=_relations(viewer, pk) if found.value("linked") else (),
        helpers=_helpers_of(thread=pk) if found.value("helped") else _NOTHING,
        requests=_requests_of(thread=pk) if found.value("requested") else _NOTHING,
        asked=asked,
        hand_over=hand_over,
        _thread=found,
        _tags=_tags_of(thread=pk) if found.value("tagged") else _NOTHING,
        _organizations=_organizations_of(thread=pk) if found.value("named") else _NOTHING,
        _resolution=_resolution_of(pk=resolved_as) if resolved_as else _NOTHING,
        _practice=_practice_of(viewer, thread=pk) if found.value("practised") else _NOTHING,
    )


_NOTHING: Answer[Any] = Answer(None, [])


def _waiting_for(viewer: Member, asked: Answer[Asked]) -> Iterator[int]:
    """The open requests that wait for the viewer's answer."""
    columns = (asked.column(name) for name in ("request_id", "member_id", "answer"))
    for request, member, answer in zip(*columns, strict=True):
        if member == viewer.pk and answer in ANSWERABLE:
            yield request


def _part(viewer: Member, found: Answer[Thread], asked: Answer[Asked]) -> Part:
    guest = found.value("guested") is not None and not is_in_audience(viewer, found[0])
    return Part(
        asks=found.value("author_id") == viewer.pk,
        owns=found.value("owner_id") == viewer.pk,
        follows=bool(found.value("following")),
        moderates=viewer.is_superuser or (bool(found.value("moderates")) and not guest),
        curates=viewer.is_superuser or (bool(found.value("curates")) and not guest),
        administers=viewer.is_superuser or bool(found.value("administers")),
        helps=bool(found.value("helps")),
        removed=bool(found.value("removed")),
        guest=guest,
        reads_only=guest and bool(found.value("guested")),
        asked=tuple(_waiting_for(viewer, asked)),
    )


def _relations(viewer: Member, pk: int) -> tuple[Linked, ...]:
    """Threads linked with this one, in either direction."""
    links = [(kind, other if one == pk else one) for kind, one, other in _links_of(thread=pk).rows]
    threads = _linked_with(viewer, threads=[other for _kind, other in links]).rows
    seen = {other: (title, status) for other, title, status in threads}
    return tuple(Linked(kind, other, *seen[other]) for kind, other in links if other in seen)


def _between(pk: int, window: PostWindow) -> Answer[TimelineEntry]:
    numbers = window.numbers
    first = numbers[0] - 1 if window.previous is not None and numbers else 0
    last = window.next - 1 if window.next is not None else _NO_END
    return _entries_of(thread=pk, first=first, last=last)
