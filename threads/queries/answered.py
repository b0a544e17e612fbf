"""Who answered a request for help in time, and then helped."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from threads.models import Asked, Helper, Post, RecordAuthor, RecordUpdate, Thread


def accepted_in(thread: Thread) -> QuerySet[Asked]:
    """Everybody who ever accepted a request in the thread, in the order in which they did."""
    accepted = Asked.objects.filter(request__thread=thread, answer=Asked.Answer.ACCEPTED)
    return accepted.select_related("member__organization", "request__by__organization").order_by("answered_at", "pk")


def answered_in_time(thread: Thread) -> list[Asked]:
    """Of each member the first request that they accepted before it was due, and after which they wrote in the thread:
    a post that stands, or words in its record. Not of who asked for it themselves, nor who was removed from the swarm.
    """
    removed = Helper.objects.filter(thread=thread, member=OuterRef("member"), removed=True)
    in_time = helped_after(thread).filter(~Exists(removed), answered_at__lt=F("request__due_at"))
    first: dict[int, Asked] = {}
    for asked in in_time.exclude(member=F("request__by")):
        first.setdefault(asked.member_id, asked)
    return list(first.values())


def helped_after(thread: Thread, *, until: datetime | None = None) -> QuerySet[Asked]:
    """Those of the accepted after which their member wrote a post that stands, by then, or words in the record."""
    wrote = Post.objects.filter(
        thread=thread, author=OuterRef("member"), deleted_at__isnull=True, created_at__gte=OuterRef("answered_at")
    )
    recorded = RecordAuthor.objects.filter(
        version__record=thread.pk, member=OuterRef("member"), inserted__gt=0, version__at__gte=OuterRef("answered_at")
    )
    typed = RecordUpdate.objects.filter(record=thread.pk, author=OuterRef("member"), at__gte=OuterRef("answered_at"))
    wrote = wrote.filter(created_at__lte=until) if until else wrote
    return accepted_in(thread).filter(Q(Exists(wrote)) | Q(Exists(recorded)) | Q(Exists(typed)))
