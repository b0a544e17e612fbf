"""Posts in a window of a thread, at a cost that does not depend on how long the thread is."""

from dataclasses import dataclass

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from community.models import Member
from threads.models import Post, PostRevision, Thread
from threads.queries.threads import threads_visible_to

WINDOW = 30
NOTES_SHOWN = 5


def posts_visible_to(member: Member) -> QuerySet[Post]:
    """Every post of every thread the member may see; deleted ones too, without their text."""
    return Post.objects.filter(thread__in=threads_visible_to(member).values("pk"))


def with_fragment_parts(posts: QuerySet[Post]) -> QuerySet[Post]:
    """With everything a fragment shows."""
    return posts.select_related("author__organization", "organization", "deleted_by", "thread")


@dataclass
class PostWindow:
    """Consecutive replies with their first notes. Numbers count posts and notes alike, so they may have holes here.

    `previous`, `next` and `last` are numbers to open a window at, None where there is nothing to go to.
    """

    problem: Post
    posts: list[Post]
    notes: dict[int, list[Post]]
    solutions: list[Post]
    previous: int | None
    next: int | None
    last: int | None

    @property
    def everything(self) -> list[Post]:
        """All posts and notes shown."""
        notes = [note for under in self.notes.values() for note in under]
        return [self.problem, *self.solutions, *self.posts, *notes]


def window_of(
    thread: Thread, *, start: int = 1, solution_ids: list[int] | None = None, limit: int = WINDOW
) -> PostWindow:
    """The problem, its solutions, and `limit` replies from number `start` on."""
    replies = with_fragment_parts(Post.objects.filter(thread=thread, parent__isnull=True))
    problem = replies.get(number=1)
    rows = list(replies.filter(number__gt=1, number__gte=start).order_by("number")[: limit + 1])
    shown, more = rows[:limit], rows[limit:]
    solutions = list(replies.filter(pk__in=solution_ids).order_by("number")) if solution_ids else []
    for post in (problem, *shown, *solutions):
        post.thread = thread
    shown_ids = {post.pk: post for post in (problem, *solutions, *shown) if post.note_count}
    return PostWindow(
        problem=problem,
        posts=shown,
        notes=_notes_under(thread, list(shown_ids)),
        solutions=solutions,
        previous=_before(thread, shown[0].number if shown else start, limit),
        next=more[0].number if more else None,
        last=_last_start(thread, limit) if more else None,
    )


def _notes_under(thread: Thread, post_ids: list[int]) -> dict[int, list[Post]]:
    if not post_ids:
        return {}
    place = Window(RowNumber(), partition_by=[F("parent_id")], order_by=F("number").asc())
    notes = with_fragment_parts(Post.objects.filter(parent_id__in=post_ids)).annotate(place=place)
    under: dict[int, list[Post]] = {}
    for note in notes.filter(place__lte=NOTES_SHOWN).order_by("number"):
        note.thread = thread
        under.setdefault(note.parent_id or 0, []).append(note)
    return under


def _before(thread: Thread, number: int, limit: int) -> int | None:
    earlier = Post.objects.filter(thread=thread, parent__isnull=True, number__gt=1, number__lt=number)
    numbers = list(earlier.order_by("-number").values_list("number", flat=True)[:limit])
    return numbers[-1] if numbers else None


def _last_start(thread: Thread, limit: int) -> int | None:
    replies = Post.objects.filter(thread=thread, parent__isnull=True, number__gt=1)
    numbers = list(replies.order_by("-number").values_list("number", flat=True)[:limit])
    return numbers[-1] if numbers else None


def start_of_last(thread: Thread) -> int:
    """Where the newest window starts."""
    return _last_start(thread, WINDOW) or 1


def start_for(post: Post) -> int:
    """Where a window starts that shows this post with some of what came before; for a note, its parent's place."""
    number = post.parent.number if post.parent else post.number
    return _before(post.thread, number, WINDOW // 2) or 1


def notes_of(post: Post, *, after: int = 0, limit: int = 100) -> list[Post]:
    """Notes under a post, by number."""
    notes = Post.objects.filter(parent=post, number__gt=after).order_by("number")
    return list(with_fragment_parts(notes)[:limit])


def posts_after(thread: Thread, *, after: int = 0, limit: int = 50) -> list[Post]:
    """Posts and notes by number, for the API."""
    posts = Post.objects.filter(thread=thread, number__gt=after).order_by("number")
    return list(with_fragment_parts(posts)[:limit])


def revisions_of(post: Post) -> list[PostRevision]:
    """What a post said over time, oldest first."""
    return list(post.revisions.select_related("editor").order_by("number"))
