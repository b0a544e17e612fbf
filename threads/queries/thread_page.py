"""What the page of a thread is made of, in few queries, of which some are asked only for threads that need them.

Everything read comes with a key, so that whatever was drawn from the same can be shown again.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from community.events import thread_stream
from community.events.streams import streams_named
from community.models import Grant, Member, Organization
from community.queries.prepared import Answer, Prepared
from threads.models import Audience, Following, Practice, Relation, Resolution, Tag, Thread, TimelineEntry
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
    "last_number", "reply_count", "seq", "following", "resolved_as", "practised", "linked", "eventful", "moderates",
    "curates",
)  # fmt: skip


def _thread(viewer: Member, pk: int) -> QuerySet[Thread]:
    standing = Resolution.objects.filter(thread=pk, reopened_at__isnull=True)
    granted = Grant.objects.filter(member=viewer, space=OuterRef("space_id"))
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
            moderates=Exists(granted.filter(role=Grant.Role.MODERATOR)),
            curates=Exists(granted.filter(role=Grant.Role.CURATOR)),
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


def _links(thread: int) -> "QuerySet[Any, Any]":
    links = Relation.objects.filter(Q(thread=thread) | Q(other=thread)).order_by("id")
    return links.values_list("kind", "thread_id", "other_id")[:_MOST_LINKS]


def _linked(viewer: Member, threads: list[int]) -> QuerySet[Thread]:
    return threads_visible_to(viewer).filter(pk__in=threads).only("title", "status")


def _entries(thread: int, first: int, last: int) -> QuerySet[TimelineEntry]:
    entries = TimelineEntry.objects.filter(thread=thread, after_number__gte=first, after_number__lte=last)
    shown = ("after_number", "kind", "at", "data", "actor__handle", "actor__name")
    return entries.select_related("actor").only(*shown).order_by("id")[:_MOST_ENTRIES]


_thread_of = Prepared(_thread, apart=_BESIDE)
_tags_of = Prepared(_tags)
_organizations_of = Prepared(_organizations)
_resolution_of = Prepared(_resolution)
_practice_of = Prepared(_practice)
_links_of: Prepared[Any] = Prepared(_links)
_linked_with = Prepared(_linked)
_entries_of = Prepared(_entries)


@dataclass(frozen=True)
class ThreadPage:
    """A thread as one viewer's page shows it. `entries` happened between the posts of its window.

    `shared` is a key of everything here but the window, the entries and what is the viewer's.
    """

    thread: Thread
    tags: Answer[Tag]
    organizations: Answer[Organization]
    rights: Rights
    following: bool
    seq: int
    window: PostWindow
    entries: Answer[TimelineEntry]
    resolution: Resolution | None
    solutions: list[PostFacts]
    practice: Practice | None
    relations: list[tuple[str, Thread]]
    shared: Hashable


def thread_page_of(viewer: Member, pk: int, *, start: int = 1) -> ThreadPage | None:
    """The thread with a window of it, None when the viewer may not see it. The stream's number is read first, so that
    no event falls between."""
    found = _thread_of(viewer, pk=pk)
    thread: Any = found.first()
    if thread is None:
        return None
    tags, organizations = _tags_of(thread=pk), _named(thread)
    window = window_of(viewer, pk, start=start)
    resolution = _resolution_of(pk=thread.resolved_as) if thread.resolved_as else None
    solutions = solutions_of(viewer, thread.resolved_as) if thread.resolved_as else []
    practice = _practice_of(viewer, thread=pk) if thread.practised else None
    relations = _relations(viewer, thread) if thread.linked else []
    return ThreadPage(
        thread=thread,
        tags=tags,
        organizations=organizations,
        rights=_rights(viewer, thread),
        following=bool(thread.following),
        seq=thread.seq,
        window=window,
        entries=_between(thread, window),
        resolution=resolution.first() if resolution else None,
        solutions=solutions,
        practice=practice.first() if practice else None,
        relations=relations,
        shared=(
            found.key,
            tags.key,
            organizations.key,
            resolution.key if resolution else None,
            tuple(solutions),
            practice.key if practice else None,
            tuple((kind, other.pk, other.title, other.status) for kind, other in relations),
        ),
    )


def _named(thread: Thread) -> Answer[Organization]:
    names = thread.audience == Audience.ORGANIZATIONS
    return _organizations_of(thread=thread.pk) if names else Answer(None, [])


def _rights(viewer: Member, thread: Any) -> Rights:
    """As `policies.rights.rights_in`, of a thread that was loaded through its viewer with their roles."""
    everything = viewer.is_superuser
    return Rights(sees=True, moderates=everything or bool(thread.moderates), curates=everything or bool(thread.curates))


def _relations(viewer: Member, thread: Thread) -> list[tuple[str, Thread]]:
    """Threads linked with this one, in either direction, that the viewer may see, each with what the link is called."""
    links = [(kind, other if one == thread.pk else one) for kind, one, other in _links_of(thread=thread.pk).rows]
    seen = {other.pk: other for other in _linked_with(viewer, threads=[pk for _kind, pk in links]).objects()}
    return [(str(Relation.Kind(kind).label), seen[pk]) for kind, pk in links if pk in seen]


def _between(thread: Any, window: PostWindow) -> Answer[TimelineEntry]:
    if not thread.eventful:
        return Answer(None, [])
    first = window.posts[0].facts.number - 1 if window.previous is not None and window.posts else 0
    last = window.next - 1 if window.next is not None else _NO_END
    return _entries_of(thread=thread.pk, first=first, last=last)
