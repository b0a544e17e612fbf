"""Bulletins as a member may see them, and how far they are read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now, TruncDate

from community.models import Assignment, Member
from community.policies.members import is_organization_admin
from community.queries.prepared import Prepared
from threads.models import Audience, Bulletin, Playbook, Practice, Receipt
from threads.queries.archive import practices_visible_to
from threads.queries.audience import viewers_of, visible_to
from threads.queries.playbooks import playbooks_visible_to

PAGE = 30
# A reminder comes when half of the time is over, but not before the last day of a long time.
LAST_DAY = timedelta(days=1)
_MOST_AWAITED = 3
_AT_ONCE = 50
_MOST_NAMED = 200


def bulletins_visible_to(member: Member) -> QuerySet[Bulletin]:
    """Those whose audience reaches the member, without those that were taken back; and taken back what they sent."""
    reached = visible_to(member, Bulletin.objects.filter(ended_at__isnull=True)).values("pk")
    own = Q(ended_at__isnull=False, sent_by=member) if member.is_active else Q(pk__in=[])
    return Bulletin.objects.filter(Q(pk__in=reached) | own)


def bulletins_of(viewer: Member, *, before: int = 2**63 - 1, limit: int = PAGE) -> tuple[list[Any], int | None]:
    """The latest first, each with `read`: whether the viewer said so; and the one to go on from."""
    own = Receipt.objects.filter(bulletin=OuterRef("pk"), member=viewer)
    rows = bulletins_visible_to(viewer).filter(pk__lt=before).annotate(read=Exists(own))
    found: list[Any] = list(
        rows.select_related("sent_by__organization", "space", "organization", "center").order_by("-pk")[: limit + 1]
    )
    return found[:limit], found[limit - 1].pk if len(found) > limit else None


def bulletin_for(viewer: Member, pk: int) -> Bulletin | None:
    """One that the viewer may see, with all that is shown of it."""
    related = ("space", "organization", "center", "sent_by__organization", "role")
    return bulletins_visible_to(viewer).select_related(*related).filter(pk=pk).first()


@dataclass(frozen=True)
class Subjects:
    """The practices and playbooks that bulletins are about, as far as the viewer sees them, by id."""

    practices: dict[int, Practice]
    playbooks: dict[int, Playbook]


def subjects_of(viewer: Member, bulletins: Collection[Bulletin]) -> Subjects:
    """What some bulletins are about: asked only where they are about anything."""
    practices = [each.practice_id for each in bulletins if each.practice_id]
    playbooks = [each.playbook_id for each in bulletins if each.playbook_id]
    return Subjects(
        practices_visible_to(viewer).in_bulk(practices) if practices else {},
        playbooks_visible_to(viewer).in_bulk(playbooks) if playbooks else {},
    )


def receipt_of(viewer: Member, bulletin: Bulletin) -> Receipt | None:
    """When the viewer said that they have read it."""
    return Receipt.objects.filter(bulletin=bulletin, member=viewer).first()


def asked_by(bulletin: Bulletin, today: date) -> QuerySet[Member]:
    """Whom it is for, as of today: those whom it reaches, or who of them has the role.

    Who only sees everything, as network administrators do, is not asked for what is another organization's own; nor
    is who joined, or took the role, when it was to have been read already.
    """
    over = bulletin.acknowledge_until or bulletin.sent_at
    people = Member.objects.filter(source_site="", joined_at__lte=over).exclude(pk=bulletin.sent_by_id)
    if bulletin.audience != Audience.SPACE:
        named = bulletin.audience_organizations.values("pk")
        people = people.filter(Q(organization=bulletin.organization_id) | Q(organization__in=named))
    if bulletin.role_id is not None:
        held = Assignment.objects.filter(role=bulletin.role_id, starts_on__lte=min(today, over.date()))
        held = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        people = people.filter(pk__in=held.values("member_id"))
    return viewers_of(bulletin, people)


def missing_from(bulletin: Bulletin, today: date) -> QuerySet[Member]:
    """Who was asked and has not said that they have read it."""
    return asked_by(bulletin, today).exclude(pk__in=_readers(bulletin))


def is_to_remind(bulletin: Bulletin, now: datetime) -> bool:
    """Whether it is time to remind those who have not read it, and not too late."""
    until = bulletin.acknowledge_until
    if until is None or until <= now:
        return False
    return now >= max(bulletin.sent_at + (until - bulletin.sent_at) / 2, until - LAST_DAY)


def bulletins_to_remind(now: datetime, besides: Collection[Any] = ()) -> list[int]:
    """Some bulletins of which people are to be reminded, by their ids; but for some."""
    rows = Bulletin.objects.filter(ended_at__isnull=True, reminded_at__isnull=True, acknowledge_until__gt=now)
    rows = rows.filter(acknowledge_until__lte=now + LAST_DAY).exclude(pk__in=list(besides))
    soon = rows.order_by("acknowledge_until")
    return [bulletin.pk for bulletin in soon if is_to_remind(bulletin, now)][:_AT_ONCE]


def _awaiting(viewer: Member) -> "QuerySet[Any, Any]":
    rows = visible_to(viewer, Bulletin.objects.filter(ended_at__isnull=True, acknowledge_until__isnull=False))
    rows = rows.annotate(last_day=TruncDate("acknowledge_until"))
    named = Bulletin.audience_organizations.through.objects.filter(organization_id=viewer.organization_id)
    own = Q(audience=Audience.SPACE) | Q(organization_id=viewer.organization_id)
    today = TruncDate(Now())
    held = Assignment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), member=viewer)
    in_time = held.filter(role=OuterRef("role"), starts_on__lte=OuterRef("last_day"))
    asked = Q(role__isnull=True) | Exists(in_time.filter(starts_on__lte=today))
    joined = Member.objects.filter(pk=viewer.pk, joined_at__lte=OuterRef("acknowledge_until"))
    read = Receipt.objects.filter(bulletin=OuterRef("pk"), member=viewer)
    rows = rows.filter(asked, own | Q(pk__in=named.values("bulletin_id"))).exclude(sent_by=viewer)
    rows = rows.filter(Exists(joined), ~Exists(read))
    return rows.order_by("acknowledge_until", "pk").values_list("pk", "title", "sent_by__name", "acknowledge_until")[
        :_MOST_AWAITED
    ]


# What the viewer is asked to read, the most pressing first; the other face of `missing_from`.
awaiting: Prepared[Any] = Prepared(_awaiting)


def bulletin_seen_by(bulletin_id: int, members: Collection[int]) -> set[int]:
    """Those of the members (ids) who may see the bulletin."""
    bulletin = Bulletin.objects.select_related("space").filter(pk=bulletin_id, ended_at__isnull=True).first()
    if bulletin is None:
        return set()
    return set(viewers_of(bulletin, Member.objects.filter(pk__in=members)).values_list("pk", flat=True))


@dataclass(frozen=True)
class Progress:
    """How many of an organization were asked and have read it; `missing` are those who have not, where that is told."""

    organization: str
    asked: int
    read: int
    missing: list[Member]


def progress(viewer: Member, bulletin: Bulletin, today: date) -> list[Progress]:
    """To who sent it how far every organization is; to who administers an organization who there has not read it."""
    if bulletin.acknowledge_until is None:
        return []
    administers = is_organization_admin(viewer, viewer.organization_id)
    if bulletin.sent_by_id != viewer.pk and not administers:
        return []
    asked = asked_by(bulletin, today)
    if bulletin.sent_by_id != viewer.pk:
        asked = asked.filter(organization=viewer.organization_id)
    receipt = Receipt.objects.filter(bulletin=bulletin, member=OuterRef("pk"))
    counted = (
        asked.annotate(has_read=Exists(receipt)).order_by("organization__name")
        .values(called=F("organization__name"), owner=F("organization_id"))
        .annotate(n=Count("pk"), done=Count("pk", filter=Q(has_read=True)))
    )  # fmt: skip
    own = missing_from(bulletin, today).filter(organization=viewer.organization_id)
    missing = list(own.order_by("name")[:_MOST_NAMED]) if administers else []
    return [
        Progress(row["called"], row["n"], row["done"], missing if row["owner"] == viewer.organization_id else [])
        for row in counted
    ]


def _readers(bulletin: Bulletin) -> QuerySet[Receipt, int]:
    return Receipt.objects.filter(bulletin=bulletin).values_list("member_id", flat=True)
