"""A window of a thread: consecutive replies with their first notes, at a cost that does not depend on its length.

Read as rows, because a page shows dozens of them.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from community.models import Member
from community.queries.prepared import Answer, Prepared
from reputation.queries.votes import votes_of
from threads.models import Post, Resolution
from threads.rendering.fragments import PostFacts

WINDOW = 30
NOTES_SHOWN = 5
_FACTS = (
    "pk", "number", "version", "parent_id", "author_id", "author__handle", "author__name", "organization__name",
    "created_at", "edited_at", "deleted_at", "html", "votes", "imported_votes", "source_site", "source_url",
    "source_license",
)  # fmt: skip
_BESIDE = (
    "note_count", "deleted_by_id", "author__organization__name", "author__center__name", "author__is_active",
    "author__source_site", "solves", "voted",
)  # fmt: skip


class Beside(NamedTuple):
    """What a page needs to know of a post besides its fragment."""

    note_count: int
    deleted_by_id: int | None
    organization_now: str
    center_now: str | None
    author_is_active: bool
    author_site: str
    solves: bool


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A post in a window."""

    facts: PostFacts
    beside: Beside


@dataclass(frozen=True)
class PostWindow:
    """Consecutive replies with their first notes. Numbers count posts and notes alike, so they may have holes here.

    `previous` and `next` are numbers to open a window at, None where there is nothing to go to.
    """

    _problem: Answer[Any]
    _posts: Answer[Any]
    _notes: Answer[Any]
    previous: int | None
    next: int | None

    @property
    def key(self) -> Hashable:
        """Everything that was read, except what the reader voted for."""
        return (self._problem.key, self._posts.key, self._notes.key, self.previous, self.next)

    @property
    def voted(self) -> frozenset[int]:
        """The posts and notes that whoever read them said helped."""
        answers = (self._problem, self._posts, self._notes)
        marks = [zip(answer.column("id"), answer.column("voted"), strict=True) for answer in answers]
        return frozenset(pk for marked in marks for pk, voted in marked if voted)

    @property
    def ids(self) -> list[int]:
        """The posts and notes shown, the problem among them."""
        return [pk for answer in (self._problem, self._posts, self._notes) for pk in answer.column("id")]

    @property
    def is_part(self) -> bool:
        """Whether there are more replies than these."""
        return self.previous is not None or self.next is not None

    @property
    def numbers(self) -> list[int]:
        """The numbers of the replies shown."""
        return self._posts.column("number")

    @cached_property
    def problem(self) -> ShownPost:
        """The problem itself."""
        return _shown(self._problem)[0]

    def posts(self) -> list[ShownPost]:
        """The replies, by number."""
        return self._replies

    def notes(self) -> dict[int, list[ShownPost]]:
        """The first notes by the post they are under."""
        return self._under

    @cached_property
    def _replies(self) -> list[ShownPost]:
        return _shown(self._posts)

    @cached_property
    def _under(self) -> dict[int, list[ShownPost]]:
        under: dict[int, list[ShownPost]] = {}
        for note in _shown(self._notes):
            under.setdefault(note.facts.parent_id or 0, []).append(note)
        return under


def _rows(viewer: Member, posts: QuerySet[Post]) -> "QuerySet[Any, Any]":
    marked = Resolution.posts.through.objects.filter(post_id=OuterRef("pk"), resolution__reopened_at__isnull=True)
    voted = votes_of(viewer).filter(post_id=OuterRef("pk"))
    return posts.annotate(solves=Exists(marked), voted=Exists(voted)).order_by("number").values_list(*_FACTS, *_BESIDE)


def _replies(thread: int) -> QuerySet[Post]:
    return Post.objects.filter(thread=thread, parent__isnull=True)


def _problem(viewer: Member, thread: int) -> "QuerySet[Any, Any]":
    return _rows(viewer, _replies(thread).filter(number=1))


def _notes(viewer: Member, posts: list[int]) -> "QuerySet[Any, Any]":
    place = Window(RowNumber(), partition_by=[F("parent_id")], order_by=F("number").asc())
    notes = Post.objects.filter(parent_id__in=posts).annotate(place=place).filter(place__lte=NOTES_SHOWN)
    return _rows(viewer, Post.objects.filter(pk__in=notes.values("pk")))


def _solutions(viewer: Member, resolution: int) -> "QuerySet[Any, Any]":
    return _rows(viewer, Post.objects.filter(resolutions=resolution))


def _last(thread: int) -> "QuerySet[Any, Any]":
    return _replies(thread).filter(number__gt=1).order_by("-number").values_list("number")[:WINDOW]


_problem_of: Prepared[Any] = Prepared(_problem, apart=("voted",))
_notes_under: Prepared[Any] = Prepared(_notes, apart=("voted",))
_solving: Prepared[Any] = Prepared(_solutions, apart=("voted",))
_last_of: Prepared[Any] = Prepared(_last)


@cache
def _from(limit: int) -> Prepared[Any]:
    def build(viewer: Member, thread: int, start: int) -> "QuerySet[Any, Any]":
        return _rows(viewer, _replies(thread).filter(number__gte=start))[:limit]

    return Prepared(build, apart=("voted",))


@cache
def _up_to(limit: int) -> Prepared[Any]:
    def build(thread: int, number: int) -> "QuerySet[Any, Any]":
        earlier = _replies(thread).filter(number__gt=1, number__lt=number)
        return earlier.order_by("-number").values_list("number")[:limit]

    return Prepared(build)


def _shown(answer: Answer[Any]) -> list[ShownPost]:
    cut = len(_FACTS)
    return [ShownPost(PostFacts._make(row[:cut]), Beside._make(row[cut:-1])) for row in answer.things()]


def window_of(viewer: Member, thread_id: int, *, start: int = 1, limit: int = WINDOW) -> PostWindow:
    """The problem and `limit` replies from number `start` on, of a thread that the viewer may see."""
    first = start <= _SECOND
    found = _from(limit + 1 + first)(viewer, thread=thread_id, start=1 if first else start)
    problem = found.cut(1) if first else _problem_of(viewer, thread=thread_id)
    replies = found.after(1) if first else found
    shown = replies.cut(limit)
    numbers = shown.column("number")
    noted = [pk for answer in (problem, shown) for pk in _with_notes(answer)]
    return PostWindow(
        problem,
        shown,
        _notes_under(viewer, posts=noted),
        previous=None if first else before(thread_id, numbers[0] if numbers else start, limit),
        next=replies.column("number")[limit] if len(replies) > limit else None,
    )


_SECOND = 2


def _with_notes(answer: Answer[Any]) -> list[int]:
    return [pk for pk, count in zip(answer.column("id"), answer.column("note_count"), strict=True) if count]


def solutions_of(viewer: Member, resolution_id: int) -> list[PostFacts]:
    """The posts that a resolution names, by number."""
    return [post.facts for post in _shown(_solving(viewer, resolution=resolution_id))]


def before(thread_id: int, number: int, limit: int) -> int | None:
    """Where a window of `limit` replies starts that ends right before this number; None when nothing is before."""
    numbers = _up_to(limit)(thread=thread_id, number=number).rows
    return numbers[-1][0] if numbers else None


def start_of_last(thread_id: int) -> int:
    """Where the newest window starts."""
    numbers = _last_of(thread=thread_id).rows
    return numbers[-1][0] if numbers else 1
