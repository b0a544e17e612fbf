"""Who made a practice: recorded it, wrote it or the record that it comes from, suggested an edit, solved the thread."""

from django.db.models import QuerySet

from community.models import Member
from threads.models import Post, Practice, PracticeVersion, RecordAuthor

# What wrote nothing of the text.
_NO_TEXT = (PracticeVersion.Kind.STATE, PracticeVersion.Kind.MERGED)


def made_by(practice_ids: list[int]) -> list[QuerySet[Member]]:
    """Those who made any of the practices, in each way that there is."""
    written = PracticeVersion.objects.filter(practice__in=practice_ids).exclude(kind__in=_NO_TEXT)
    threads = Practice.objects.filter(pk__in=practice_ids, thread__isnull=False).values("thread_id")
    records = RecordAuthor.objects.filter(version__record__in=threads, inserted__gt=0)
    solving = Post.objects.filter(
        resolutions__thread__in=threads, resolutions__reopened_at__isnull=True, deleted_at__isnull=True
    )
    return [
        Member.objects.filter(pk__in=Practice.objects.filter(pk__in=practice_ids).values("recorded_by_id")),
        Member.objects.filter(pk__in=written.values("author_id")),
        Member.objects.filter(pk__in=written.filter(suggested_by__isnull=False).values("suggested_by_id")),
        Member.objects.filter(pk__in=records.values("member_id")),
        Member.objects.filter(pk__in=solving.values("author_id")),
    ]


def has_made(member: Member, practice: Practice) -> bool:
    """Whether the member is one of those who made it."""
    return any(ways.filter(pk=member.pk).exists() for ways in made_by([practice.pk]))
