"""What showing a practice to other people would mean: whom it reaches, what goes along, what stays."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from community.models import Member, Organization
from community.queries.organizations import organizations_in
from threads.models import Attachment, AudienceChange, Practice, PracticeAudience
from threads.queries.attachments import linked_in
from threads.queries.audience import viewers_of

RUNGS = tuple(PracticeAudience.values)


@dataclass(frozen=True)
class Reach:
    """How many people would see it who do not now, and how many no more; `strangers` when it would be public.

    `files` are those its text links to, of its thread. `digest` changes when any of it, or its text, does.
    """

    more: int
    fewer: int
    strangers: bool
    files: list[Attachment]
    digest: str


def reach_of(practice: Practice, audience: str, organizations: Collection[Organization] = ()) -> Reach:
    """What this audience would be, for people with an account."""
    ids = sorted(organization.pk for organization in organizations)
    people = Member.objects.order_by().filter(source_site="")
    now = viewers_of(practice, people)
    then = _reached(practice, audience, ids, people)
    more = then.exclude(pk__in=now.values("pk")).count()
    fewer = now.exclude(pk__in=then.values("pk")).count()
    files = files_of(practice)
    strangers = audience == PracticeAudience.PUBLIC
    facts = [practice.pk, practice.version, practice.audience, audience, *ids, more, fewer, *(str(f.pk) for f in files)]
    digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
    return Reach(more, fewer, strangers, files, digest)


def _reached(
    practice: Practice, audience: str, organizations: Collection[int], people: QuerySet[Member]
) -> QuerySet[Member]:
    """Those of the people whom the audience would reach."""
    named = audience == PracticeAudience.ORGANIZATIONS
    rung = PracticeAudience.SPACE if named else audience
    would_be = Practice(
        pk=practice.pk, space=practice.space, organization_id=practice.organization_id, center_id=practice.center_id,
        audience=rung,
    )  # fmt: skip
    there = viewers_of(would_be, people)
    if not named:
        return there
    administering = there.filter(is_superuser=True)
    return there.filter(organization_id__in={practice.organization_id, *organizations}) | administering


def files_of(practice: Practice) -> list[Attachment]:
    """The files of its thread that a practice links to."""
    if practice.thread_id is None:
        return []
    found = linked_in(*practice.fields.values())
    return list(Attachment.objects.filter(thread_id=practice.thread_id, pk__in=found).order_by("name", "pk"))


def chosen_among(files: Collection[Attachment], chosen: Collection[UUID]) -> list[Attachment]:
    """Those of the files that were ticked."""
    return [file for file in files if file.pk in set(chosen)]


def nameable_for(practice: Practice) -> QuerySet[Organization]:
    """The organizations that may enter the practice's space, besides its own."""
    return organizations_in(practice.space).exclude(pk=practice.organization_id)


def audience_changes_of(practice: Practice, *, limit: int = 20) -> list[AudienceChange]:
    """How far it was shown over time, the latest first."""
    return list(practice.audience_changes.select_related("by").order_by("-pk")[:limit])
