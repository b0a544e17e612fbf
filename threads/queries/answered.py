"""Who answered a request for help in time, and then helped."""

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
    wrote = Post.objects.filter(
        thread=thread, author=OuterRef("member"), deleted_at__isnull=True, created_at__gte=OuterRef("answered_at")
    )
    recorded = RecordAuthor.objects.filter(
        version__record=thread.pk, member=OuterRef("member"), inserted__gt=0, version__at__gte=OuterRef("answered_at")
    )
    typed = RecordUpdate.objects.filter(record=thread.pk, author=OuterRef("member"), at__gte=OuterRef("answered_at"))
    removed = Helper.objects.filter(thread=thread, member=OuterRef("member"), removed=True)
    helped = accepted_in(thread).filter(Q(Exists(wrote)) | Q(Exists(recorded)) | Q(Exists(typed)), ~Exists(removed))
    in_time = helped.filter(answered_at__lt=F("request__due_at")).exclude(member=F("request__by"))
    first: dict[int, Asked] = {}
    for asked in in_time:
        first.setdefault(asked.member_id, asked)
    return list(first.values())
