"""Who was let into a thread, and what opening it further would show to whom."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from community.models import Member, Organization
from community.queries.organizations import organizations_in
from threads.models import Attachment, Audience, Guest, Post, PostRevision, Practice, Run, Thread, WorkingRecord
from threads.queries.audience import viewers_of

RUNGS = tuple(Audience.values)


@dataclass(frozen=True)
class Preview:
    """What whoever is let in will see, and how many people that is. `digest` changes when any of it does, or is edited.

    `practised` says that a practice was made of the thread, which stays as it was; `runs` how many playbooks were gone
    through in it: their steps are its own.
    """

    posts: int
    files: int
    recorded: bool
    practised: bool
    people: int
    digest: str
    runs: int = 0


def guests_of(thread: Thread) -> list[Guest]:
    """The guests now, in the order in which they came."""
    guests = Guest.objects.filter(thread=thread, until__isnull=True)
    return list(guests.select_related("member__organization", "invited_by").order_by("since", "pk"))


def preview_for(thread: Thread, member: Member) -> Preview:
    """What letting one person in shows them."""
    return _preview(thread, ["guest", member.pk, member.organization_id], people=1)


def preview_of_widening(thread: Thread, audience: str, organizations: Collection[Organization]) -> Preview:
    """What widening the audience shows, and to how many people who do not see the thread now."""
    ids = sorted(organization.pk for organization in organizations)
    reached = _reached(thread, audience, ids).exclude(pk__in=viewers_of(thread, Member.objects.all()).values("pk"))
    people = reached.filter(source_site="").count()
    return _preview(thread, ["audience", audience, *ids], people=people)


def _reached(thread: Thread, audience: str, organizations: Sequence[int]) -> QuerySet[Member]:
    """Everybody whom the audience would reach: those in the space, of these organizations."""
    open_to_all = Thread(
        pk=thread.pk, space=thread.space, organization_id=thread.organization_id, audience=Audience.SPACE
    )
    there = viewers_of(open_to_all, Member.objects.order_by())
    if audience == Audience.SPACE:
        return there
    own = {thread.organization_id}
    if audience == Audience.ORGANIZATIONS:
        own |= {*organizations, *thread.audience_organizations.values_list("pk", flat=True)}
    return there.filter(organization_id__in=own)


def _preview(thread: Thread, whom: Sequence[int | str], *, people: int) -> Preview:
    posts = Post.objects.filter(thread=thread, deleted_at__isnull=True).count()
    files = Attachment.objects.filter(thread=thread).exclude(post__deleted_at__isnull=False).count()
    record = WorkingRecord.objects.filter(pk=thread.pk).first()
    recorded = record is not None and not record.is_empty
    edited = PostRevision.objects.filter(post__thread=thread).aggregate(newest=Max("pk"))["newest"]
    runs = Run.objects.filter(thread=thread).count()
    facts = [*whom, thread.pk, posts, thread.last_number, edited, files, record.version if record else 0, people, runs]
    digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
    practised = Practice.objects.filter(thread=thread).exists()
    return Preview(posts, files, recorded, practised, people, digest, runs)


def nameable_in(thread: Thread) -> QuerySet[Organization]:
    """The organizations that may enter the thread's space and are not named yet, besides its own."""
    there = organizations_in(thread.space).exclude(pk=thread.organization_id)
    return there.exclude(pk__in=thread.audience_organizations.values("pk"))
