"""Posts as a member may see them."""

from django.db.models import QuerySet

from community.models import Member
from community.queries.prepared import Prepared
from threads.models import Post, PostRevision, Thread
from threads.queries.threads import threads_visible_to
from threads.queries.windows import WINDOW, before
from threads.rendering.source_text import first_revision


def posts_visible_to(member: Member) -> QuerySet[Post]:
    """Every post of every thread the member may see; deleted ones too, without their text."""
    return Post.objects.filter(thread__in=threads_visible_to(member).values("pk"))


def with_fragment_parts(posts: QuerySet[Post]) -> QuerySet[Post]:
    """With everything a fragment shows."""
    return posts.select_related("author__organization", "organization", "deleted_by", "thread")


def start_for(post: Post) -> int:
    """Where a window starts that shows this post with some of what came before; for a note, its parent's place."""
    number = post.parent.number if post.parent else post.number
    return before(post.thread_id, number, WINDOW // 2) or 1


def _visible(viewer: Member, pk: int) -> QuerySet[Post]:
    return with_fragment_parts(posts_visible_to(viewer)).select_related("thread__space").filter(pk=pk)


_post = Prepared(_visible)


def post_visible_to(viewer: Member, post_id: int) -> Post | None:
    """The post with that id, what its fragment shows and its thread, when the viewer may see it."""
    return _post(viewer, pk=post_id).first()


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
    return list(post.revisions.select_related("editor").order_by("number")) or [first_revision(post)]
