"""Evaluations as they are shown: numbers and notes without their raters, and to each what they said themselves."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from community.models import Member
from community.rules import clock
from reputation.models import Coaching, Evaluation, NoteAnswer, Tally
from reputation.models.evaluations import Kind
from reputation.policies.evaluations import coachings, may_see_tallies
from reputation.policies.profile import PEERS, Shown
from reputation.rules.evaluations import shown_raters


@dataclass(frozen=True)
class Number:
    """What raters of one kind say of one quality: 1 to 5 in halves, and of how many it is, in fives."""

    value: float
    raters: int
    at: datetime


@dataclass(frozen=True)
class Line:
    """What raters of one kind say on one subject (`scope` empty: all), by quality."""

    kind: str
    scope: str
    window: str
    numbers: dict[str, Number] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """A note as its reader has it: nothing in it leads to who wrote it."""

    key: UUID
    text: str
    shown_from: datetime
    answer: NoteAnswer | None
    looked: bool


def lines_of(viewer: Member, member: Member) -> list[Line]:
    """The numbers about a member as they were made last, peers before requesters, all subjects before each.

    Nothing for whom they are not.
    """
    if not may_see_tallies(viewer, member):
        return []
    lines: dict[tuple[str, str, str], Line] = {}
    for row in Tally.objects.filter(rated=member).defer("parts").order_by("pk"):
        line = lines.setdefault((row.kind, row.scope, row.window), Line(row.kind, row.scope, row.window))
        line.numbers[row.quality] = Number(row.value / 2, shown_raters(row.raters), row.at)
    kinds = list(Kind.values)
    return sorted(lines.values(), key=lambda line: (kinds.index(line.kind), line.scope, line.window))


def peers_of(shown: Shown, *, scope: str, window: str) -> dict[str, Number]:
    """What peers say, by quality, on one subject and of one time, as it was made last. Nothing for whom it is not."""
    if PEERS not in shown.parts:
        return {}
    rows = Tally.objects.filter(rated=shown.member, kind=Kind.PEER, scope=scope, window=window).defer("parts")
    return {row.quality: Number(row.value / 2, shown_raters(row.raters), row.at) for row in rows.order_by("pk")}


def notes_to(viewer: Member) -> list[Note]:
    """The notes that are for the viewer, in bundles, the newest first; within one in no order that tells anything."""
    return _notes(Evaluation.objects.filter(rated=viewer, note_to=Evaluation.NoteTo.PERSON))


def note_to(viewer: Member, key: UUID) -> Evaluation | None:
    """The evaluation whose note, of that name, is with the viewer."""
    rows = _shown(Evaluation.objects.filter(rated=viewer, note_to=Evaluation.NoteTo.PERSON))
    return rows.filter(key=key).first()


def notes_to_coach(viewer: Member, member: Member) -> list[Note]:
    """The notes about a member that are for their coach, when that is the viewer: those given since they are it."""
    coaching = coachings().filter(coach=viewer, member=member).first()
    if coaching is None:
        return []
    found = Evaluation.objects.filter(rated=member, note_to=Evaluation.NoteTo.COACH, given_at__gte=coaching.since)
    return _notes(found)


def _shown(notes: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
    return notes.filter(shown_from__lte=clock.now(), withdrawn_at__isnull=True)


def _notes(notes: QuerySet[Evaluation]) -> list[Note]:
    rows = _shown(notes).select_related("answer").prefetch_related("answer__looks").order_by("-shown_from", "key")
    return [
        Note(row.key, row.note, row.shown_from, getattr(row, "answer", None), was_looked_at(row))
        for row in rows
        if row.shown_from is not None
    ]


def was_looked_at(row: Evaluation) -> bool:
    """Whether a moderator looked who wrote the note, for both of them to know."""
    answer = getattr(row, "answer", None)
    return answer is not None and len(answer.looks.all()) > 0


def given_by(member: Member, *, before: int | None = None, limit: int = 30) -> list[Evaluation]:
    """What a member said of others, the newest first, with what was answered; what they took back is not there."""
    rows = Evaluation.objects.filter(rater=member, withdrawn_at__isnull=True)
    if before:
        rows = rows.filter(pk__lt=before)
    return list(rows.select_related("rated__organization", "answer").prefetch_related("answer__looks")[:limit])


def given_with(member: Member, pk: int) -> Evaluation | None:
    """The evaluation with that number, when the member gave it."""
    return Evaluation.objects.filter(rater=member, pk=pk).first()


def given_in(member: Member, thread_id: int) -> dict[tuple[int, int | None], Evaluation]:
    """What a member said in a thread and has not taken back, by whom and which post it is of."""
    rows = Evaluation.objects.filter(rater=member, thread_id=thread_id, withdrawn_at__isnull=True)
    return {(row.rated_id, row.post_id): row for row in rows}


def coached_by(viewer: Member) -> list[Coaching]:
    """Whom the viewer coaches, by name."""
    rows = coachings().filter(coach=viewer).select_related("member__organization", "member__center")
    return list(rows.order_by("member__name", "member_id"))


def coach_of(member: Member) -> Coaching | None:
    """Who coaches the member now, for themselves to know."""
    return coachings().filter(member=member).select_related("coach__organization").first()


def coachings_in(organization_id: int) -> list[Coaching]:
    """Who coaches whom in an organization, for its administrators."""
    rows = coachings().filter(organization=organization_id)
    rows = rows.select_related("coach__organization", "member__organization", "named_by")
    return list(rows.order_by("coach__name", "coach_id", "member__name", "member_id"))


def coaching_with(organization_id: int, pk: int) -> Coaching | None:
    """The coaching with that number in an organization."""
    return Coaching.objects.filter(organization=organization_id, pk=pk).first()
