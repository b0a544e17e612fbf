"""Votes of an archive: counted at their posts, and awards for the authors."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from community.actions.importing import Archive, lock_archive
from community.events import action
from reputation.actions.importing import append_awards, known_causes
from reputation.models import Award
from reputation.rules.points import POINTS, RULES_VERSION
from threads.actions.importing.lookups import known_posts
from threads.models import Post, Thread
from threads.rules.imported import ImportedVote


def cause_of(site: str, vote: ImportedVote, post: int) -> str:
    """The cause of the award for a vote. A solution's is that of resolving here, so that reopening takes it back."""
    return f"solution:{post}#1" if vote.accepted else f"vote:{site}:{vote.id}"


def counted(site: str, votes: Iterable[ImportedVote]) -> set[str]:
    """Ids of those of the votes that are counted already."""
    wanted = list(votes)
    places = known_posts(site, (vote.post for vote in wanted))
    causes = {vote.id: cause_of(site, vote, places[vote.post].post) for vote in wanted if vote.post in places}
    known = known_causes(causes.values())
    return {key for key, cause in causes.items() if cause in known}


@action
def import_votes(*, archive: Archive, votes: Sequence[ImportedVote]) -> int:
    """Count the votes that are not counted yet, and reward the posts' authors; how many.

    Votes for posts that are not there are left out. Dumps give only the day of a vote, so an award is dated no earlier
    than its post.
    """
    lock_archive(archive)
    known = counted(archive.site, votes)
    new = [vote for vote in votes if vote.id not in known]
    posts = _posts_of(archive.site, new)
    new = [vote for vote in new if vote.post in posts]
    tags = _tags_of({post.thread_id for post in posts.values()})
    append_awards(awards=[_award(archive, vote, posts[vote.post], tags) for vote in new])
    _count(new, posts)
    return len(new)


def _posts_of(site: str, votes: Iterable[ImportedVote]) -> dict[str, Post]:
    places = known_posts(site, (vote.post for vote in votes))
    needed = Post.objects.only("pk", "author_id", "organization_id", "thread_id", "created_at", "imported_votes")
    rows = needed.select_for_update().order_by("pk").in_bulk([place.post for place in places.values()])
    return {key: rows[place.post] for key, place in places.items()}


def _tags_of(threads: set[int]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {thread: [] for thread in threads}
    rows = Thread.tags.through.objects.filter(thread__in=threads).order_by("tag__slug")
    for thread, slug in rows.values_list("thread_id", "tag__slug"):
        tags[thread].append(slug)
    return tags


def _award(archive: Archive, vote: ImportedVote, post: Post, tags: dict[int, list[str]]) -> Award:
    rule = Award.Rule.SOLUTION if vote.accepted else Award.Rule.HELPED
    return Award(
        member_id=post.author_id, rule=rule, rules_version=RULES_VERSION, points=POINTS[rule],
        cause=cause_of(archive.site, vote, post.pk), subject=f"post:{post.pk}", tags=tags[post.thread_id],
        receiver_organization_id=post.organization_id, at=_not_before(post.created_at, vote.at),
    )  # fmt: skip


def _not_before(earliest: datetime, at: datetime) -> datetime:
    return max(earliest, at)


def _count(votes: Iterable[ImportedVote], posts: dict[str, Post]) -> None:
    """Raise the posts' counts. Posts that gained the same number are raised together."""
    gained: dict[int, list[int]] = {}
    for key, number in Counter(vote.post for vote in votes if not vote.accepted).items():
        total = posts[key].imported_votes + number
        gained.setdefault(total, []).append(posts[key].pk)
    for total, keys in gained.items():
        Post.objects.filter(pk__in=keys).update(imported_votes=total)
