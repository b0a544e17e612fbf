"""Threads as rows of lists: read with everything a row shows and a key for it, so that a row is drawn once for all."""

from dataclasses import dataclass
from functools import cache

from django.db.models import Q, QuerySet

from community.models import Member
from community.queries.prepared import Answer, Prepared, asked
from threads.models import UNRESOLVED, Following, Thread
from threads.queries.carried import Row, carrying
from threads.queries.paging import beginning_of, cursor_after
from threads.queries.threads import SORTS, ThreadFilter, threads_visible_to

ThreadRow = Row[Thread]
rows_of = carrying(Thread)
PAGE = 30
_MOST_LISTED = 10
_RELATED = ("space", "organization", "center", "product", "product_version", "author")
_COLUMNS = (
    "title", "status", "severity", "audience", "created_at", "last_activity_at", "reply_count", "next_action",
    "next_action_by", "space__slug", "space__name", "space__audience", "organization__name", "center__name",
    "product__slug", "product__name", "product_version__name", "author__handle", "author__name",
)  # fmt: skip
_WORDS = ("space", "product", "tag", "author")
_LOWERED = ("tag", "author")
_STATES = ("", "unresolved", *Thread.Status.values)


def as_rows(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """The queryset, reading what rows show."""
    return threads.select_related(*_RELATED).only(*_COLUMNS)


def _latest(viewer: Member, condition: Q, limit: int) -> QuerySet[Thread]:
    return as_rows(threads_visible_to(viewer).filter(condition)).order_by("-last_activity_at", "-id")[:limit]


def _waiting(viewer: Member) -> QuerySet[Thread]:
    asked_by = Q(author=viewer, status=Thread.Status.WAITING)
    return _latest(viewer, asked_by | Q(next_action_by=viewer, status__in=UNRESOLVED), _MOST_LISTED)


def _owned(viewer: Member) -> QuerySet[Thread]:
    return _latest(viewer, Q(owner=viewer, status__in=UNRESOLVED), _MOST_LISTED)


def _followed(viewer: Member) -> QuerySet[Thread]:
    followed = Following.objects.filter(member=viewer, wanted=True)
    return _latest(viewer, Q(pk__in=followed.values("thread_id")), _MOST_LISTED)


def _anywhere(viewer: Member) -> QuerySet[Thread]:
    return _latest(viewer, Q(), _MOST_LISTED)


# Each by latest activity, and only what the member may see.
waiting_on = Prepared(_waiting)  # those that wait for the member: who asked, or who does what happens next
owned_by = Prepared(_owned)  # unresolved ones that the member owns
followed_by = Prepared(_followed)
happening = Prepared(_anywhere)  # what was active last, anywhere the member may look


@dataclass(frozen=True)
class RowPage:
    """Some rows in order, and the cursor to go on from; None at the end."""

    rows: list[ThreadRow]
    next: str | None


def listed_rows(viewer: Member, wanted: ThreadFilter, *, after: str = "", limit: int = PAGE) -> RowPage:
    """As `threads.listed`. Raises ValueError for a broken cursor."""
    answer = _answer(viewer, wanted, after, limit)
    column, _descending = SORTS.get(wanted.sort, SORTS["latest"])
    following = cursor_after(answer[limit - 1], column) if len(answer) > limit else None
    (rows,) = rows_of(answer.cut(limit))
    return RowPage(rows, following)


def _answer(viewer: Member, wanted: ThreadFilter, after: str, limit: int) -> Answer[Thread]:
    words = {name: getattr(wanted, name) for name in _WORDS if getattr(wanted, name)}
    words |= {name: words[name].lower() for name in _LOWERED if name in words}
    plain = wanted.status in _STATES and wanted.owner in ("", "none") and not (wanted.severity or wanted.q)
    if after or not plain or wanted.sort not in SORTS:
        return asked(_listing(viewer, wanted, after, limit))
    return _beginning(wanted.status, wanted.owner, wanted.sort, limit)(viewer, **words)


@cache
def _beginning(status: str, owner: str, sort: str, limit: int) -> Prepared[Thread]:
    def build(viewer: Member, **stand_ins: str) -> QuerySet[Thread]:
        return _listing(viewer, ThreadFilter(status=status, owner=owner, sort=sort, **stand_ins), "", limit)

    return Prepared(build)


def _listing(viewer: Member, wanted: ThreadFilter, after: str, limit: int) -> QuerySet[Thread]:
    column, descending = SORTS.get(wanted.sort, SORTS["latest"])
    found = as_rows(threads_visible_to(viewer).filter(wanted.condition()))
    return beginning_of(found, column, descending=descending, after=after, limit=limit)
