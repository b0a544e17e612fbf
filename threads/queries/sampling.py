"""Samples of what a space resolved and recorded: what can be drawn, what was drawn, and what came of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from community.events.reactors import Label
from community.models import Member, Space
from threads.models import Practice, Resolution, Sample, SamplingRound, Thread
from threads.policies.desk import may_draw
from threads.queries.archive import current, practices_visible_to
from threads.queries.curated import spaces_curated_by
from threads.queries.threads import threads_visible_to
from threads.rules.sampling import NO, OF_PRACTICES, OF_THREADS, YES

PRACTICES, THREADS = "practices", "threads"
_MOST_ROUNDS = 30
_ORDER = tuple(dict.fromkeys(OF_PRACTICES + OF_THREADS))
_MOST_SCORED = 500


def practices_to_draw(viewer: Member, space: Space, since: datetime) -> list[int]:
    """The finished practices of a space that changed since then, of those that the viewer sees."""
    found = current(practices_visible_to(viewer)).filter(space=space, updated_at__gte=since, follows_record=False)
    return list(found.exclude(confidence=Practice.Confidence.ARCHIVED).values_list("pk", flat=True))


def threads_to_draw(viewer: Member, space: Space, since: datetime) -> list[int]:
    """The threads of a space that were resolved since then and still are, of those that the viewer sees."""
    resolved = Resolution.objects.filter(resolved_at__gte=since, reopened_at__isnull=True).values("thread_id")
    found = threads_visible_to(viewer).filter(space=space, status=Thread.Status.RESOLVED, pk__in=resolved)
    return list(found.values_list("pk", flat=True))


def rounds_visible_to(viewer: Member) -> QuerySet[SamplingRound]:
    """The draws in spaces that the viewer curates."""
    return SamplingRound.objects.filter(space__in=spaces_curated_by(viewer).order_by().values("pk"))


def _seen(viewer: Member) -> Q:
    return Q(practice__in=practices_visible_to(viewer).values("pk")) | Q(
        thread__in=threads_visible_to(viewer).values("pk")
    )


def samples_of(viewer: Member, drawn: SamplingRound) -> list[Sample]:
    """What was drawn, of that what the viewer sees."""
    parts = ("practice__product", "thread__product", "scorer")
    found = Sample.objects.filter(_seen(viewer), round=drawn)
    return list(found.select_related(*parts).order_by("pk"))


def sample_visible_to(viewer: Member, pk: int) -> Sample | None:
    """Something drawn, for curators of its space who see it, and, once it is scored, for who wrote it."""
    parts = ("round__space", "scorer", "practice__space", "practice__product", "thread__space", "thread__product")
    found = Sample.objects.filter(_seen(viewer), pk=pk).select_related(*parts).first()
    if found is None:
        return None
    own = found.scored_at is not None and viewer.pk in authors_of(found)
    return found if own or may_draw(viewer, found.round.space) else None


def authors_of(sample: Sample) -> set[int]:
    """Who is told how it was scored: who recorded or looks after a practice, who owns or asked a thread."""
    practice, thread = sample.practice, sample.thread
    found: list[int | None] = [practice.recorded_by_id, practice.owner_id] if practice else []
    found += [thread.owner_id, thread.author_id] if thread else []
    return {pk for pk in found if pk is not None}


@dataclass
class DrawnRound:
    """A draw, how much of it the viewer sees, and how much of that is scored."""

    round: SamplingRound
    seen: int
    scored: int


def rounds_listed_for(viewer: Member) -> list[DrawnRound]:
    """The newest draws."""
    seen = Q(samples__in=Sample.objects.filter(_seen(viewer)).values("pk"))
    counted = rounds_visible_to(viewer).annotate(
        seen=Count("samples", filter=seen), scored=Count("samples", filter=seen & Q(samples__scored_at__isnull=False))
    )
    rows = counted.select_related("space", "by__organization").order_by("-pk")[:_MOST_ROUNDS]
    return [DrawnRound(row, row.seen, row.scored) for row in rows]


@dataclass
class Result:
    """How often a question was answered with yes, of those times that it applied, by month (`2026-11`)."""

    criterion: str
    by_month: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass
class Results:
    """What the scores of a space add up to, by question and month; never by person."""

    space: Space
    months: list[str]
    rows: list[Result]


def results_of(viewer: Member) -> list[Results]:
    """What the newest scores add up to, in each space that the viewer curates, of what they see."""
    scored = Sample.objects.filter(_seen(viewer), scored_at__isnull=False, round__in=rounds_visible_to(viewer))
    rows = scored.select_related("round__space").order_by("-scored_at")[:_MOST_SCORED]
    by_space: dict[Space, list[Sample]] = defaultdict(list)
    for row in rows:
        by_space[row.round.space].append(row)
    return [_added_up(space, samples) for space, samples in sorted(by_space.items(), key=lambda pair: pair[0].name)]


def _added_up(space: Space, samples: Iterable[Sample]) -> Results:
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    months: set[str] = set()
    for sample in samples:
        month = f"{sample.scored_at:%Y-%m}"
        months.add(month)
        for criterion, answer in sample.scores.items():
            if answer in (YES, NO):
                counts[criterion][month][0] += answer == YES
                counts[criterion][month][1] += 1
    found = [
        Result(name, {month: (met, asked) for month, (met, asked) in by_month.items()})
        for name, by_month in sorted(counts.items(), key=lambda item: _ORDER.index(item[0]))
    ]
    return Results(space, sorted(months), found)


def describe_samples(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """What an inbox calls the samples that the viewer may see: what was drawn."""
    found = {pk: sample_visible_to(viewer, pk) for pk in sorted(ids)}
    return {
        pk: Label((row.practice or row.thread).title, reverse("sample", args=[pk]))  # type: ignore[union-attr]
        for pk, row in found.items()
        if row is not None
    }


def seen_samples(viewer: Member, ids: list[int]) -> set[int]:
    """Those of the samples that the viewer may see."""
    return set(describe_samples(viewer, set(ids)))
