"""What all who see a thread see alike of it, in few queries, of which some are asked only for threads that need them.

Everything read comes with a key, so that whatever was drawn from the same can be shown again. All tables asked here
raise the marks of a thread or those of the names (`threads.facts.marks`).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, Q, QuerySet, Subquery

from community.models import Member, Organization
from community.queries.prepared import Answer, Prepared
from community.rules.memo import Hashed
from threads.models import (
    Asked,
    HandOver,
    Helper,
    HelpRequest,
    Practice,
    Relation,
    Resolution,
    Tag,
    Thread,
    TimelineEntry,
)
from threads.queries.threads import threads_visible_to
from threads.queries.windows import PostWindow, solutions_of, window_of
from threads.rendering.fragments import PostFacts

_NO_END = 2**31 - 1
_MOST_ENTRIES = 200
_MOST_HELP = 50
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
    "last_number", "reply_count", "resolved_as", "practised", "recorded", "linked", "eventful", "tagged", "named",
    "helped", "requested", "handed",
)  # fmt: skip
NOTHING: Answer[Any] = Answer(None, [])


def _thread(viewer: Member, pk: int) -> QuerySet[Thread]:
    standing = Resolution.objects.filter(thread=pk, reopened_at__isnull=True)
    helpers = Helper.objects.filter(thread=pk, until__isnull=True).order_by()
    open_now = HelpRequest.objects.filter(thread=pk, state=HelpRequest.State.OPEN).order_by()
    return (
        threads_visible_to(viewer)
        .filter(pk=pk)
        .select_related(*_RELATED)
        .only(*_COLUMNS)
        .annotate(
            resolved_as=Subquery(standing.values("pk")[:1]),
            practised=Exists(Practice.objects.filter(thread=pk)),
            recorded=Exists(Practice.objects.filter(thread=pk, follows_record=False)),
            linked=Exists(Relation.objects.filter(Q(thread=pk) | Q(other=pk))),
            eventful=Exists(TimelineEntry.objects.filter(thread=pk)),
            tagged=Exists(Thread.tags.through.objects.filter(thread=pk)),
            named=Exists(Thread.audience_organizations.through.objects.filter(thread=pk)),
            helped=Exists(helpers),
            requested=Exists(open_now),
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


def _helpers(thread: int) -> QuerySet[Helper]:
    now = Helper.objects.filter(thread=thread, until__isnull=True)
    shown = ("member__handle", "member__name", "member__organization__name", "member__center__name")
    return (
        now.select_related("member__organization", "member__center").only(*shown).order_by("since", "id")[:_MOST_HELP]
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


def _entries(thread: int, first: int, last: int) -> QuerySet[TimelineEntry]:
    entries = TimelineEntry.objects.filter(thread=thread, after_number__gte=first, after_number__lte=last)
    shown = ("after_number", "kind", "at", "data", "practice", "actor__handle", "actor__name")
    # The newest, so that nobody hides what happens by having much happen before it.
    newest = entries.order_by("-id").values("pk")[:_MOST_ENTRIES]
    return TimelineEntry.objects.filter(pk__in=newest).select_related("actor").only(*shown).order_by("id")


_thread_of = Prepared(_thread, apart=_BESIDE)
_tags_of = Prepared(_tags)
_organizations_of = Prepared(_organizations)
_resolution_of = Prepared(_resolution)
_helpers_of = Prepared(_helpers)
_requests_of = Prepared(_requests)
_asked_of = Prepared(_asked)
_hand_over_of = Prepared(_hand_over)
_entries_of = Prepared(_entries)


@dataclass(frozen=True)
class Alike:
    """What all who see a thread see alike of it, with a window of its posts; found again by its marks.

    `entries` happened between the posts of the window; those about a practice are for whoever sees that alone. `whole`
    and `around` are the facts, with and without posts.
    """

    thread: Answer[Thread]
    window: PostWindow
    entries: Answer[TimelineEntry]
    solutions: tuple[PostFacts, ...]
    helpers: Answer[Helper]
    requests: Answer[HelpRequest]
    asked: Answer[Asked]
    hand_over: Answer[HandOver]
    tags: Answer[Tag]
    organizations: Answer[Organization]
    resolution: Answer[Resolution]

    @cached_property
    def around(self) -> Hashed:
        """Everything besides the posts and what is between them."""
        swarm = (self.helpers, self.requests, self.asked, self.hand_over)
        answers = (self.thread, self.tags, self.organizations, self.resolution, *swarm)
        return Hashed((*(answer.key for answer in answers), self.solutions))

    @cached_property
    def whole(self) -> Hashed:
        """Everything."""
        newest = self.thread.value("last_number") if self.window.is_part else None
        replied = bool(self.thread.value("reply_count"))
        return Hashed((self.around, self.window.key, tuple(self.entries.rows), replied, newest))

    def has(self, name: str) -> bool:
        """A column of the thread, as yes or no."""
        return bool(self.thread.value(name))


class Gone(Exception):
    """The viewer may see the thread no more."""


def read(viewer: Member, pk: int, start: int) -> Alike:
    """The thread as it is now. Raises Gone when the viewer may not see it."""
    found = _thread_of(viewer, pk=pk)
    if not found.rows:
        raise Gone
    resolved_as = found.value("resolved_as")
    window = window_of(viewer, pk, start=start)
    return Alike(
        thread=found,
        window=window,
        entries=_between(pk, window) if found.value("eventful") else NOTHING,
        solutions=tuple(solutions_of(viewer, resolved_as)) if resolved_as else (),
        helpers=_helpers_of(thread=pk) if found.value("helped") else NOTHING,
        requests=_requests_of(thread=pk) if found.value("requested") else NOTHING,
        asked=_asked_of(thread=pk) if found.value("requested") else NOTHING,
        hand_over=_hand_over_of(thread=pk) if found.value("handed") else NOTHING,
        tags=_tags_of(thread=pk) if found.value("tagged") else NOTHING,
        organizations=_organizations_of(thread=pk) if found.value("named") else NOTHING,
        resolution=_resolution_of(pk=resolved_as) if resolved_as else NOTHING,
    )


def _between(pk: int, window: PostWindow) -> Answer[TimelineEntry]:
    numbers = window.numbers
    first = numbers[0] - 1 if window.previous is not None and numbers else 0
    last = window.next - 1 if window.next is not None else _NO_END
    return _entries_of(thread=pk, first=first, last=last)
