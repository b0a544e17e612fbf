"""A random look at what is resolved and recorded, scored against the content standard."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from community.actions.inbox import notify
from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member, Space
from community.rules import clock
from reputation.actions.awards import grant
from reputation.models import Award
from threads.actions.crediting import earned_today
from threads.actions.practice_telling import about_practice
from threads.actions.telling import about
from threads.audience import practice_seen_by, seen_by
from threads.facts.practices import SAMPLE_SCORED
from threads.models import Sample, SamplingRound
from threads.policies.desk import may_draw, may_score
from threads.queries.sampling import (
    PRACTICES,
    THREADS,
    authors_of,
    practices_to_draw,
    sample_visible_to,
    threads_to_draw,
)
from threads.rules.limits import NOTE_LENGTH
from threads.rules.sampling import AGAIN_AFTER, ANSWERS, MOST_AWARDED_A_DAY, MOST_DRAWN, criteria, drawn, score_of
from threads.rules.texts import cleaned

_SEEDS = 2**62


@action
def draw_sample(
    *, by: Member, space: Space, size: int, since: datetime, kind: str = "", seed: int | None = None
) -> SamplingRound:
    """Draw up to `size` finished practices and resolved threads of a space, of those since then that one sees.

    `kind` says which, both when it is empty; the seed is kept, so that the draw can be checked. Raises Invalid for a
    size out of bounds, Conflict when there is nothing to draw.
    """
    if not may_draw(by, space):
        raise Forbidden("only_curators")
    if not 0 < size <= MOST_DRAWN:
        raise Invalid({"size": _("Draw between 1 and %(most)d.") % {"most": MOST_DRAWN}})
    if kind not in {"", PRACTICES, THREADS}:
        raise Invalid({"kind": _("Choose practices, threads, or both.")})
    practices = [] if kind == THREADS else practices_to_draw(by, space, since)
    threads = [] if kind == PRACTICES else threads_to_draw(by, space, since)
    seed = secrets.randbelow(_SEEDS) if seed is None else seed
    pool = [2 * pk for pk in practices] + [2 * pk + 1 for pk in threads]
    if not pool:
        raise Conflict("nothing_to_draw", _("Nothing was resolved or recorded here since then. Go further back."))
    made = SamplingRound.objects.create(
        space=space, by=by, at=clock.now(), seed=seed, size=size, kind=kind, since=since
    )  # fmt: skip
    chosen = drawn(pool, size=size, seed=seed)
    Sample.objects.bulk_create(
        Sample(round=made, thread_id=number // 2) if number % 2 else Sample(round=made, practice_id=number // 2)
        for number in chosen
    )
    return made


@action
def score_sample(*, by: Member, sample: Sample, scores: Mapping[str, str], comment: str = "") -> Sample:
    """Say for each question whether it is met; who wrote it is told, with the comment, and nobody else.

    Raises Forbidden for who has a part in it, Invalid when an answer is missing, Conflict when it is scored.
    """
    found = Sample.objects.select_for_update(of=("self",)).select_related("round__space", "practice__space", "thread")
    sample = found.get(pk=sample.pk)
    if sample_visible_to(by, sample.pk) is None:
        raise NotThere("no_sample")
    if not may_score(by, sample):
        raise Forbidden("somebody_else_decides")
    if sample.scored_at is not None:
        raise Conflict("decided_already")
    asked = criteria(of_thread=sample.thread_id is not None)
    missing = {name: _("Choose an answer.") for name in asked if scores.get(name) not in ANSWERS}
    if missing:
        raise Invalid(missing)
    sample.scores = {name: scores[name] for name in asked}
    sample.score = score_of(sample.scores)
    sample.comment = cleaned("comment", comment, most=NOTE_LENGTH)
    sample.scorer, sample.scored_at = by, clock.now()
    sample.save()
    _tell(sample, by)
    _credit(sample, by)
    return sample


def _subject(sample: Sample) -> str:
    return f"practice:{sample.practice_id}" if sample.practice_id else f"thread:{sample.thread_id}"


def _tell(sample: Sample, by: Member) -> None:
    authors = sorted(authors_of(sample))
    if sample.practice_id:
        seeing = practice_seen_by(sample.practice_id, authors)
    else:
        seeing = seen_by(sample.thread_id or 0, authors)
    name = f"sample:{sample.pk}"
    notify(recipients=sorted(seeing), kind=SAMPLE_SCORED, subject=_subject(sample), target=name, actor=by)


def _credit(sample: Sample, by: Member) -> None:
    """So many on one day, and nothing for what somebody was rewarded for lately: it is no news how it stands."""
    lately = Award.objects.filter(subject=_subject(sample), rule=Award.Rule.SAMPLING, at__gt=clock.now() - AGAIN_AFTER)
    if lately.exists() or earned_today(by, Award.Rule.SAMPLING) >= MOST_AWARDED_A_DAY:
        return
    topics = about_practice(sample.practice) if sample.practice else about(sample.thread) if sample.thread else None
    if topics is not None:
        cause, subject = f"sample:{sample.pk}", _subject(sample)
        grant(member=by, rule=Award.Rule.SAMPLING, cause=cause, subject=subject, about=topics, giver=None)
