"""What can be rated in a thread, what was rated there by the viewer, and notes that moderators are asked to look at."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from community.models import Grant, Member
from reputation.models import Evaluation, NoteAnswer
from reputation.queries.evaluations import Line, given_in, lines_of
from threads.models import Post, Thread
from threads.policies.evaluating import may_evaluate, took_part
from threads.queries.audience import viewers_of
from threads.queries.met import met_among
from threads.queries.threads import threads_visible_to

MOST_PEOPLE, MOST_POSTS = 60, 200


@dataclass
class Rateable:
    """Somebody who took part, with their posts, and what the viewer said: of all their part, and by post."""

    member: Member
    given: Evaluation | None
    posts: list[tuple[Post, Evaluation | None]] = field(default_factory=list)


def rateable_in(viewer: Member, thread: Thread) -> list[Rateable]:
    """Whom the viewer may rate in a thread, by name, with the newest of their posts; nobody for who may not rate."""
    if not may_evaluate(viewer, thread):
        return []
    people = took_part(thread).exclude(pk=viewer.pk).select_related("organization", "center")
    given, found = given_in(viewer, thread.pk), {}
    for member in people.order_by("name", "pk")[:MOST_PEOPLE]:
        found[member.pk] = Rateable(member, given.get((member.pk, None)))
    posts = Post.objects.filter(thread=thread, deleted_at__isnull=True, author__in=list(found))
    for post in reversed(posts.order_by("-number").only("number", "author_id", "thread_id")[:MOST_POSTS]):
        found[post.author_id].posts.append((post, given.get((post.author_id, post.pk))))
    return list(found.values())


def rateable_member(viewer: Member, thread: Thread, handle: str) -> Member | None:
    """The member of that handle who took part in the thread, when the viewer may rate them."""
    if not may_evaluate(viewer, thread):
        return None
    found = took_part(thread).exclude(pk=viewer.pk).select_related("organization", "center")
    return found.filter(handle=handle.lower()).first()


def rateable_post(viewer: Member, thread: Thread, pk: int) -> Post | None:
    """The post of the thread that the viewer may rate."""
    if not may_evaluate(viewer, thread):
        return None
    posts = Post.objects.filter(thread=thread, deleted_at__isnull=True, author__in=took_part(thread).values("pk"))
    found = posts.exclude(author=viewer).select_related("author__organization", "author__center", "thread")
    return found.filter(pk=pk).first()


def lines_met(viewer: Member, member: Member) -> list[Line]:
    """The numbers about a member, but for tags that the viewer meets nowhere: a coach works elsewhere too."""
    lines = lines_of(viewer, member)
    met = {"", *met_among(viewer, {line.scope for line in lines if line.scope})}
    return [line for line in lines if line.scope in met]


def reviews_waiting(viewer: Member, *, limit: int = 50) -> list[NoteAnswer]:
    """The notes that the viewer is asked to look at, of spaces they moderate and threads they see, the oldest first."""
    waiting = reviews_visible_to(viewer).filter(outcome="").order_by("at", "pk")
    return list(waiting[:limit])


def review_visible_to(viewer: Member, pk: int) -> NoteAnswer | None:
    """The note under review with that number, decided or not, when the viewer moderates there."""
    found = reviews_visible_to(viewer).prefetch_related("looks__by")
    return found.select_related("decided_by", "evaluation__rater__organization").filter(pk=pk).first()


def reviews_visible_to(viewer: Member) -> QuerySet[NoteAnswer]:
    """Notes under review, decided or not, that the viewer moderates: not their own, not about them."""
    asked = NoteAnswer.objects.filter(answer=NoteAnswer.Answer.REVIEW, evaluation__withdrawn_at__isnull=True)
    asked = asked.exclude(Q(evaluation__rater=viewer) | Q(evaluation__rated=viewer))
    if not viewer.is_active:
        return asked.none()
    if not viewer.is_superuser:
        moderated = Grant.objects.filter(member=viewer, role=Grant.Role.MODERATOR, space__isnull=False)
        asked = asked.filter(evaluation__thread__space__in=moderated.values("space"))
    seen = asked.filter(evaluation__thread__in=threads_visible_to(viewer).values("pk"))
    return seen.select_related("evaluation__rated__organization", "evaluation__thread")


def moderators_of(thread: Thread, *, without: Collection[int]) -> set[int]:
    """The ids of the moderators of the thread's space who see the thread; network administrators where there are none.

    Those `without` have a part in what is to be decided.
    """
    granted = Grant.objects.filter(role=Grant.Role.MODERATOR, space=thread.space_id).values("member")
    for asked in (Member.objects.filter(pk__in=granted), Member.objects.filter(is_superuser=True)):
        found = set(viewers_of(thread, asked).exclude(pk__in=without).values_list("pk", flat=True))
        if found:
            return found
    return set()
