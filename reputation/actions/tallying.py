"""How the numbers that a rated person sees are made: only when a new voice is heard, and only by the rule of steps.

An edit, a withdrawal, a suspension moves no number by itself: whoever knows of it would read from the change what that
one person gave. It counts when the number is next made.
"""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from community.models import Member
from community.rules import clock
from reputation.models import Evaluation, Tally
from reputation.rules.evaluations import (
    LATELY,
    LEAST_RATERS,
    MOST_SUBJECTS,
    Part,
    halves_of,
    is_renewed,
    notes_shown_from,
    part_of,
    stands_beside,
)
from reputation.rules.subtraction import Known


class _Place(NamedTuple):
    """Where a number stands: whose words, of which quality, on what subject, of what time."""

    kind: str
    quality: str
    scope: str
    window: str


def standing_evaluations(rated: Member) -> QuerySet[Evaluation]:
    """What counts: not what was withdrawn or set aside, and nothing of those whose access has ended."""
    return Evaluation.objects.filter(
        rated=rated, withdrawn_at__isnull=True, set_aside_at__isnull=True, rater__is_active=True
    )


def scopes_of(evaluation: Evaluation) -> list[str]:
    """On what subjects an evaluation speaks: on all, on its product, on each tag."""
    products = [f"product:{evaluation.product}"] if evaluation.product else []
    return ["", *products, *(f"tag:{tag}" for tag in sorted(set(evaluation.tags)))]


def hear(new: Evaluation) -> None:
    """Make the numbers about somebody anew that a new evaluation of them is due to, where the rule lets them be.

    The number of all subjects goes first. Those of each subject, and of the last year, are looked at in the same step
    only, so that they never keep it from being made. The row of the rated person is locked by the caller.
    """
    now, rated = clock.now(), new.rated
    heard = list(standing_evaluations(rated).filter(kind=new.kind))
    shown: dict[str, list[Tally]] = defaultdict(list)
    for row in Tally.objects.filter(rated=rated, kind=new.kind).order_by("pk"):
        shown[row.quality].append(row)
    made: list[Tally] = []
    for quality in new.scores:
        made += _step(_Place(new.kind, quality, "", Tally.Window.ALL), heard, shown[quality], now)
    for row in made:
        row.rated = rated
    Tally.objects.bulk_create(made)
    _bundle_notes(rated, now)


def _step(all_of_it: _Place, heard: list[Evaluation], shown: list[Tally], now: datetime) -> list[Tally]:
    """The number of all subjects and times, and with it those of each that may stand beside; nothing without it."""
    whole = _parts(all_of_it, heard, now)
    if _made(all_of_it, whole, shown, now) is None:
        return []
    made: list[Tally] = []
    known = Known(_read(row) for row in shown)
    scopes = {scope for each in heard for scope in scopes_of(each) if scope}
    year = all_of_it._replace(window=Tally.Window.YEAR)
    found = [(each, _parts(each, heard, now)) for each in (all_of_it._replace(scope=scope) for scope in scopes)]
    largest = sorted(found, key=lambda each: (-len(each[1]), each[0]))[:MOST_SUBJECTS]
    for place, parts in [(all_of_it, whole), (year, _parts(year, heard, now)), *largest]:
        more = _made(place, parts, [*shown, *made], now)
        if more is not None and not known.reveals(parts):
            known.add(parts)
            made.append(more)
        elif place == all_of_it:
            break
    return made


def _made(place: _Place, parts: dict[int, Part], shown: list[Tally], now: datetime) -> Tally | None:
    """The number as it would be now; None when it is not to be shown, or is as it was."""
    before = [row for row in shown if (row.scope, row.window) == (place.scope, place.window)]
    if before and not is_renewed(parts, _read(before[-1])):
        return None
    if not stands_beside(parts, (_read(row) for row in shown)):
        return None
    written = {str(rater): part for rater, part in parts.items()}
    return Tally(**place._asdict(), value=halves_of(parts), raters=len(parts), parts=written, at=now)


def _parts(place: _Place, heard: list[Evaluation], now: datetime) -> dict[int, Part]:
    said: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for each in heard:
        score = each.scores.get(place.quality)
        if score is None or place.scope not in scopes_of(each):
            continue
        if place.window == Tally.Window.ALL or each.given_at > now - LATELY:
            said[each.rater_id].append((score, each.weight))
    return {rater: part_of(each) for rater, each in said.items()}


def _read(row: Tally) -> dict[int, Part]:
    return {int(rater): (score, weight) for rater, (score, weight) in row.parts.items()}


def _bundle_notes(rated: Member, now: datetime) -> None:
    """Once five raters spoke since the last bundle, those of them who left a note are shown together, from Monday on.

    All wait for it, note or not, of both kinds: so a note is of one of five at least.
    """
    waiting = standing_evaluations(rated).filter(shown_from__isnull=True)
    if len(set(waiting.values_list("rater_id", flat=True))) >= LEAST_RATERS:
        waiting.update(shown_from=notes_shown_from(now))
