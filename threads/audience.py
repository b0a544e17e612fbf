"""Whom to tell of what happens in a thread. Only members who may see it are ever told, named or suggested."""

from collections.abc import Collection
from functools import cache

from django.db.models import QuerySet

from community.models import Member, Space
from community.queries.prepared import Prepared
from threads.models import Audience, Playbook, Practice, Thread
from threads.policies.audience import everybody_sees
from threads.queries.audience import viewers_of

__all__ = [
    "everybody_sees", "followings_of", "likely_mentions", "mentioned_in", "playbook_seen_by", "practice_seen_by",
    "seen_by",
]  # fmt: skip


def followings_of(thread: Thread) -> dict[int, bool]:
    """The ids of members who may (still) see the thread and said that they want to hear of it, or that they do not."""
    space = thread.space
    values = {"thread": thread.pk}
    if space.audience != Space.Audience.NETWORK:
        values["space"] = space.pk
    if thread.audience == Audience.CENTER:
        values["center"] = thread.center_id or 0
    elif thread.audience != Audience.SPACE:
        values["organization"] = thread.organization_id
    found = _followings(thread.audience, space.audience)(None, **values)
    return {member: bool(wanted) for member, wanted in found.rows}


@cache
def _followings(rung: str, space_rung: str) -> Prepared[tuple[int, bool]]:
    def followings(
        thread: int, space: int = 0, organization: int = 0, center: int = 0
    ) -> QuerySet[Member, tuple[int, bool]]:
        where = Space(pk=space, audience=space_rung)
        thing = Thread(pk=thread, space=where, audience=rung, organization_id=organization, center_id=center)
        members = viewers_of(thing, Member.objects.filter(followings__thread_id=thread))
        return members.order_by("pk").values_list("pk", "followings__wanted")

    return Prepared(followings)


def seen_by(thread_id: int, members: Collection[int]) -> set[int]:
    """Those of the members (ids) who may see the thread."""
    thread = Thread.objects.select_related("space").filter(pk=thread_id).first()
    if thread is None:
        return set()
    return set(viewers_of(thread, Member.objects.filter(pk__in=members)).values_list("pk", flat=True))


def practice_seen_by(practice_id: int, members: Collection[int]) -> set[int]:
    """Those of the members (ids) who may see the practice."""
    practice = Practice.objects.select_related("space").filter(pk=practice_id).first()
    if practice is None:
        return set()
    return set(viewers_of(practice, Member.objects.filter(pk__in=members)).values_list("pk", flat=True))


def playbook_seen_by(playbook_id: int, members: Collection[int]) -> set[int]:
    """Those of the members (ids) who may see the playbook."""
    playbook = Playbook.objects.select_related("space").filter(pk=playbook_id).first()
    if playbook is None:
        return set()
    return set(viewers_of(playbook, Member.objects.filter(pk__in=members)).values_list("pk", flat=True))


def mentioned_in(thread: Thread, handles: Collection[str]) -> list[Member]:
    """The members mentioned who may see the thread."""
    return list(viewers_of(thread, Member.objects.filter(handle__in=handles)))


def likely_mentions(thread: Thread | None, text: str, *, limit: int = 8, others: bool = True) -> list[Member]:
    """Members whose handle or name starts with `text`, those who wrote in the thread first, then `others` who see it.

    The caller may see the thread.
    """
    people = Member.objects.filter(is_active=True, source_site="").select_related("organization").order_by("handle")
    people = people.filter(handle__startswith=text.lower()) | people.filter(name__istartswith=text)
    if thread is None:
        return list(people[:limit])
    people = viewers_of(thread, people)
    near = list(people.filter(pk__in=thread.posts.values("author_id"))[:limit])
    if not others:
        return near
    return near + list(people.exclude(pk__in=[member.pk for member in near])[: limit - len(near)])
