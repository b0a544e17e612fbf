"""Resolutions and working records."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from community.models import Member, Organization
from community.rendering.markdown import plain_text
from threads.models import Post, RecordVersion, Resolution, Thread, WorkingRecord
from threads.rendering.source_text import source_text
from threads.rules.texts import beginning

MOST_CANDIDATES = 30


def standing_resolution(thread: Thread) -> Resolution | None:
    """How the thread is resolved now; None when it is not."""
    return Resolution.objects.select_related("resolved_by").filter(thread=thread, reopened_at__isnull=True).first()


def solution_ids(resolution: Resolution | None) -> list[int]:
    """The posts marked as the solution."""
    return list(resolution.posts.values_list("pk", flat=True)) if resolution else []


def record_of(thread: Thread) -> WorkingRecord:
    """The thread's working record; an empty one, not saved, when nobody has written any."""
    found = WorkingRecord.objects.select_related("updated_by").filter(thread=thread).first()
    return found or WorkingRecord(thread=thread)


def record_versions(thread: Thread, *, chosen: int = 0) -> list[RecordVersion]:
    """Every version of the record, oldest first, with everybody who wrote at it.

    Texts are there for the newest, the one with the number `chosen` and the one before that; together they are much.
    """
    rows = RecordVersion.objects.filter(record_id=thread.pk).select_related("author").order_by("number")
    versions = list(rows.defer("fields", "runs").prefetch_related("authors__member"))
    place = next((place for place, row in enumerate(versions) if row.number == chosen), len(versions) - 1)
    wanted = {row.pk: row for row in [*versions[-1:], *versions[max(0, place - 1) : place + 1]]}
    for pk, fields, runs in RecordVersion.objects.filter(pk__in=wanted).values_list("pk", "fields", "runs"):
        wanted[pk].fields, wanted[pk].runs = fields, runs
    return versions


def newest_record_versions(thread: Thread, *, before: int | None, most: int) -> list[RecordVersion]:
    """What the record said over time, newest first: the first of them, or the ones before a number."""
    rows = RecordVersion.objects.filter(record_id=thread.pk).order_by("-number").prefetch_related("authors__member")
    return list((rows if before is None else rows.filter(number__lt=before))[:most])


@dataclass(frozen=True)
class Candidate:
    """A reply that may have solved the problem, with the beginning of what it says."""

    pk: int
    number: int
    author: Member
    organization: Organization
    helped: int
    excerpt: str


def solution_choices(thread: Thread) -> QuerySet[Post]:
    """The replies of a thread that can be marked as its solution."""
    return Post.objects.filter(thread=thread, number__gt=1, deleted_at__isnull=True)


def candidates_in(thread: Thread, chosen: Collection[int]) -> list[Candidate]:
    """The replies chosen, those that helped most and the newest; by number, a bounded list for any length of thread."""
    choices = solution_choices(thread)
    replies = choices.filter(parent__isnull=True)
    wanted = set(chosen) | set(replies.order_by("-votes", "-number").values_list("pk", flat=True)[:10])
    wanted |= set(replies.order_by("-number").values_list("pk", flat=True)[:MOST_CANDIDATES])
    posts = choices.filter(pk__in=wanted).select_related("author", "organization").order_by("number")
    return [
        Candidate(
            post.pk,
            post.number,
            post.author,
            post.organization,
            post.helped,
            beginning(plain_text(post.html), most=240),
        )
        for post in posts
    ]


def prefilled_record(thread: Thread, marked: int | None = None) -> dict[str, str]:
    """The record as it stands; empty fields are filled from the problem, the environment and the post that is being
    marked."""
    fields = record_of(thread).fields
    problem = Post.objects.get(thread=thread, number=1)
    post = solution_choices(thread).filter(pk=marked).first() if marked else None
    fields["problem"] = fields["problem"] or source_text(problem)
    fields["environment"] = fields["environment"] or thread.environment
    fields["resolution"] = fields["resolution"] or (source_text(post) if post else "")
    return fields


def record_to_archive(thread: Thread) -> dict[str, str]:
    """What a practice starts from: the record, its empty fields filled from the thread and from what resolved it."""
    resolution = standing_resolution(thread)
    marked = solution_ids(resolution)
    fields = prefilled_record(thread, marked[0] if marked else None)
    fields["resolution"] = fields["resolution"] or (resolution.summary if resolution else "")
    return fields
