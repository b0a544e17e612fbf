"""What a member contributed, as far as the viewer may see it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from community.events.reactors import describe
from community.models import Member
from reputation.queries.standing import Expertise, expertise_of
from threads.models import Post, Resolution, Tag
from threads.queries.archive import practices_visible_to
from threads.queries.posts import posts_visible_to
from threads.queries.threads import threads_visible_to

SHOWN = 15


@dataclass(frozen=True)
class Contribution:
    """One contribution: a thread asked, a post written, or a practice recorded."""

    kind: str
    title: str
    url: str
    at: datetime
    is_solution: bool = False


def contributions_of(
    viewer: Member, member: Member, *, before: int | None = None
) -> tuple[list[Contribution], int | None]:
    """The member's newest posts with, on the first page, their practices; and the post id to go on from."""
    posts = posts_visible_to(viewer).filter(author=member, deleted_at__isnull=True, parent__isnull=True)
    if before:
        posts = posts.filter(pk__lt=before)
    solves = Resolution.posts.through.objects.filter(post_id=OuterRef("pk"), resolution__reopened_at__isnull=True)
    rows = list(posts.annotate(solves=Exists(solves)).select_related("thread").order_by("-id")[: SHOWN + 1])
    found = [_of_post(post) for post in rows[:SHOWN]]
    if not before:
        found += _practices(viewer, member)
        found.sort(key=lambda row: row.at, reverse=True)
    return found, rows[SHOWN - 1].pk if len(rows) > SHOWN else None


def topics_of(viewer: Member, member: Member, *, limit: int = 12) -> list[Expertise]:
    """What the member is good at, best first; tags only that the viewer meets in a thread or practice themselves."""
    topics = expertise_of(member, limit=4 * limit)
    met = tags_met(viewer, [topic.slug for topic in topics if topic.noun == "tag"])
    return [topic for topic in topics if topic.noun != "tag" or topic.slug in met][:limit]


def tags_met(viewer: Member, slugs: Collection[str]) -> set[str]:
    """Those of the tags that the viewer meets in a thread or practice themselves."""
    if not slugs:
        return set()
    in_threads = Q(Exists(threads_visible_to(viewer).filter(tags=OuterRef("pk"))))
    in_practices = Q(Exists(practices_visible_to(viewer).filter(tags=OuterRef("pk"))))
    return set(Tag.objects.filter(in_threads | in_practices, slug__in=slugs).values_list("slug", flat=True))


def _of_post(post: Post) -> Contribution:
    kind = "thread" if post.is_problem else "post"
    url = post.thread.get_absolute_url() if post.is_problem else post.get_absolute_url()
    return Contribution(kind, post.thread.title, url, post.created_at, bool(getattr(post, "solves", False)))


def _practices(viewer: Member, member: Member) -> list[Contribution]:
    practices = practices_visible_to(viewer).filter(recorded_by=member).order_by("-recorded_at")[:SHOWN]
    return [Contribution("practice", row.title, row.get_absolute_url(), row.recorded_at) for row in practices]


def titles_of_subjects(viewer: Member, subjects: Iterable[str]) -> dict[str, dict[str, str]]:
    """Titles and addresses of what awards were given for, where the viewer may see it."""
    return {name: {"title": label.title, "url": label.url} for name, label in describe(viewer, subjects).items()}
