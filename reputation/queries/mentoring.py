"""Mentorings, for the two whom they concern, and who mentors in what."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from community.models import Member
from community.queries.members import members_visible_to
from community.rules import clock
from reputation.models import Mentor, Mentoring, MentoringHelped, Standing
from reputation.models.mentoring import OPEN
from reputation.rules.mentoring import ASKS_WITHIN, HELPED_EVERY, MOST_ASKS, MOST_MENTEES, MOST_SAID
from reputation.rules.points import THRESHOLDS
from reputation.rules.privileges import Privilege, is_subject

_PARTS = ("learner__organization", "learner__center", "mentor__organization", "mentor__center", "ended_by")
PAGE = 30


def offers_mentoring(member: Member) -> bool:
    """Whether the member says that they would mentor."""
    return Mentor.objects.filter(member=member).exists()


def mentorings_of(viewer: Member, *, before: int | None = None, limit: int = PAGE) -> list[Mentoring]:
    """Every mentoring that the viewer is one of the two of, the newest first."""
    rows = seen_by(viewer).select_related(*_PARTS)
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[:limit])


def open_of(viewer: Member) -> list[Mentoring]:
    """Those that are asked for or running, the newest first. There are few, by the limits."""
    return list(seen_by(viewer).filter(state__in=OPEN).select_related(*_PARTS).order_by("-pk"))


def seen_by(viewer: Member) -> QuerySet[Mentoring]:
    """The mentorings that the viewer is told of: their own."""
    if not viewer.is_active:
        return Mentoring.objects.none()
    return Mentoring.objects.filter(Q(learner=viewer) | Q(mentor=viewer))


def mentoring_with(viewer: Member, pk: int) -> Mentoring | None:
    """The mentoring with that number, when the viewer is one of the two."""
    return seen_by(viewer).select_related(*_PARTS).filter(pk=pk).first()


def helped_last(mentorings: Iterable[Mentoring]) -> dict[int, MentoringHelped]:
    """When the learner said last that it helped, and did not take that back; by mentoring."""
    rows = MentoringHelped.objects.filter(mentoring__in=[row.pk for row in mentorings], taken_back_at__isnull=True)
    return {row.mentoring_id: row for row in rows.select_related("mentoring").order_by("pk")}


def can_be_said(viewer: Member, mentorings: Iterable[Mentoring]) -> set[int]:
    """Of which of these the viewer may say now that they helped: `may_say_helped`, not `said_enough`, for many."""
    own = [row for row in mentorings if row.learner_id == viewer.pk and row.is_running]
    if not own or not viewer.is_active:
        return set()
    earned = Standing.objects.filter(
        member__in=[row.mentor_id for row in own], scope__in=[row.scope for row in own],
        points__gte=THRESHOLDS[Privilege.MENTOR], member__is_active=True, member__source_site="",
    ).values_list("member_id", "scope")  # fmt: skip
    mentors = set(earned)
    lately = _said_lately().filter(mentoring__learner=viewer, mentoring__mentor__in=[row.mentor_id for row in own])
    said: dict[tuple[int, str], list[object]] = {}
    for mentor, scope, taken_back_at in lately.values_list("mentoring__mentor", "mentoring__scope", "taken_back_at"):
        said.setdefault((mentor, scope), []).append(taken_back_at)
    by_place = {row.pk: (row.mentor_id, row.scope) for row in own}
    return {pk for pk, place in by_place.items() if place in mentors and not _enough(said.get(place, []))}


def said_enough(mentoring: Mentoring) -> bool:
    """Whether it was said within thirty days that this helped, or taken back too often meanwhile.

    Also of one that ended since, between the same two in the same subject.
    """
    lately = _said_lately().filter(
        mentoring__learner=mentoring.learner_id, mentoring__mentor=mentoring.mentor_id, mentoring__scope=mentoring.scope
    )
    return _enough(list(lately.values_list("taken_back_at", flat=True)))


def _said_lately() -> QuerySet[MentoringHelped]:
    return MentoringHelped.objects.filter(at__gt=clock.now() - HELPED_EVERY)


def _enough(said: Sequence[object]) -> bool:
    """`said` are when each was taken back, None for what stands."""
    return None in said or len(said) >= MOST_SAID


def asks_left(member: Member) -> int:
    """How many mentors the member may still ask this week; what was taken back counts."""
    asked = Mentoring.objects.filter(learner=member, asked_at__gt=clock.now() - ASKS_WITHIN).count()
    return max(0, MOST_ASKS - asked)


def has_room(mentor: Member) -> bool:
    """Whether somebody can take one more learner."""
    return Mentoring.objects.filter(mentor=mentor, state=Mentoring.State.RUNNING).count() < MOST_MENTEES


def mentors_for(viewer: Member, scope: str, *, limit: int = PAGE) -> list[Member]:
    """Who can be asked to mentor in a subject, those with most standing there first; not the viewer."""
    if not is_subject(scope) or not viewer.is_active:
        return []
    earned = Standing.objects.filter(scope=scope, points__gte=THRESHOLDS[Privilege.MENTOR], member__is_active=True)
    offering = earned.filter(Exists(Mentor.objects.filter(member=OuterRef("member"))), member__source_site="")
    ids = list(
        offering.exclude(member=viewer).order_by("-points", "member").values_list("member_id", flat=True)[:limit]
    )
    people = members_visible_to(viewer).in_bulk(ids)
    return [people[pk] for pk in ids if pk in people]


def mentored_by(member: Member, scopes: Collection[str]) -> set[str]:
    """In which of these subjects somebody can be asked to mentor."""
    if not member.is_active or member.source_site or not offers_mentoring(member):
        return set()
    earned = Standing.objects.filter(member=member, scope__in=list(scopes), points__gte=THRESHOLDS[Privilege.MENTOR])
    return {scope for scope in earned.values_list("scope", flat=True) if is_subject(scope)}
