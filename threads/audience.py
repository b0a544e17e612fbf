"""Whom to tell of what happens in a thread. Only members who may see it are ever told, named or suggested."""

from collections.abc import Collection

from community.models import Member
from threads.models import Thread
from threads.queries.audience import viewers_of


def followers_of(thread: Thread, *, besides: Collection[int] = ()) -> list[int]:
    """Ids of the members who follow the thread and may (still) see it, without those in `besides`."""
    following = Member.objects.filter(followings__thread=thread, followings__wanted=True).exclude(pk__in=besides)
    return list(viewers_of(thread, following).order_by("pk").values_list("pk", flat=True))


def mentioned_in(thread: Thread, handles: Collection[str]) -> list[Member]:
    """The members mentioned who may see the thread."""
    return list(viewers_of(thread, Member.objects.filter(handle__in=handles)))


def likely_mentions(thread: Thread | None, text: str, *, limit: int = 8) -> list[Member]:
    """Members whose handle or name starts with `text`, those who wrote in the thread first.

    The caller may see the thread.
    """
    people = Member.objects.filter(is_active=True, source_site="").select_related("organization").order_by("handle")
    people = people.filter(handle__startswith=text.lower()) | people.filter(name__istartswith=text)
    if thread is None:
        return list(people[:limit])
    people = viewers_of(thread, people)
    near = list(people.filter(pk__in=thread.posts.values("author_id"))[:limit])
    return near + list(people.exclude(pk__in=[member.pk for member in near])[: limit - len(near)])
