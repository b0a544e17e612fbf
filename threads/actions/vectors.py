"""Keeps the vectors of the sentence model. Whoever writes a thing only notes that it was written; the process of the
model makes the vectors, and stores them if the thing still says that.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from community.events import action, at_end
from community.events.duties import every
from community.rules import clock
from threads.actions.passages import passages_of
from threads.models import SHELF_OF, EmbeddingModel, SearchEntry, Vector, VectorWork
from threads.rules import semantic
from threads.rules.passages import RECIPE, digest_of

KEPT_FOR = timedelta(days=1)  # after another model took the place of theirs: going back is quick till then
_AT_ONCE = 1_000

Subject = tuple[str, int]


class Part(NamedTuple):
    """One passage of a thing, by its digest, and its vector."""

    digest: str
    data: bytes


def note_written(entries: Iterable[SearchEntry]) -> None:
    """Have the vectors of things made anew whose entries were just written. Nothing where there is no model."""
    written = [(entry.kind, entry.subject_id) for entry in entries if entry.kind in SHELF_OF]
    if written and semantic.in_use():
        at_end(_note, written)


def _note(written: Collection[Subject]) -> None:
    rows = [VectorWork(kind=kind, subject_id=pk) for kind, pk in sorted(set(written))]
    VectorWork.objects.bulk_create(rows, ignore_conflicts=True)


def drop_vectors(kind: str, ids: Collection[int]) -> None:
    """Keep none of things whose entries are gone."""
    Vector.objects.filter(kind=kind, subject_id__in=ids).delete()
    VectorWork.objects.filter(kind=kind, subject_id__in=ids).delete()


@action
def model_of(*, name: str, digest: str, dimensions: int) -> EmbeddingModel:
    """The row of a model with the recipe of today; one that was retired fills what it lacks and comes back."""
    about = {"name": name, "dimensions": dimensions}
    model, _new = EmbeddingModel.objects.get_or_create(digest=digest, recipe=RECIPE, defaults=about)
    if model.state == EmbeddingModel.State.RETIRED:
        model.state, model.since = EmbeddingModel.State.FILLING, clock.now()
        model.save()
    return model


@action
def make_current(*, model: EmbeddingModel) -> bool:
    """Have a model that has filled answer from now on, and the one before it no more; False if it is not filling."""
    models = EmbeddingModel.objects.select_for_update().order_by("pk")
    states = {row.pk: row.state for row in models}
    if states.get(model.pk) != EmbeddingModel.State.FILLING:
        return False
    now = clock.now()
    current = EmbeddingModel.objects.filter(state=EmbeddingModel.State.CURRENT)
    current.update(state=EmbeddingModel.State.RETIRED, since=now)
    EmbeddingModel.objects.filter(pk=model.pk).update(state=EmbeddingModel.State.CURRENT, since=now)
    return True


@action
def keep_vectors(*, model: EmbeddingModel, kind: str, made: Mapping[int, Sequence[Part]]) -> int:
    """Store the vectors of things that still say what these were made of; says how many were new.

    Whoever writes one of the things holds its entry, so what is read here is what is stored for. Things that changed
    meanwhile, or are being written, are left to whoever makes theirs next: nobody is waited for. Of those that are gone
    nothing is kept.
    """
    entries = SearchEntry.objects.filter(kind=kind, subject_id__in=made)
    there = {
        entry.subject_id for entry in entries.only("subject_id").order_by("pk").select_for_update(skip_locked=True)
    }
    drop_vectors(kind, made.keys() - set(entries.values_list("subject_id", flat=True)))
    said = passages_of(kind, there)
    true = [pk for pk in there if [digest_of(text) for text in said.get(pk, [])] == [part.digest for part in made[pk]]]
    digests = digests_of(model, kind, true)
    changed = [pk for pk in true if digests.get(pk, []) != [part.digest for part in made[pk]]]
    Vector.objects.filter(model=model, kind=kind, subject_id__in=changed).delete()
    now = clock.now()
    rows = [
        Vector(model=model, kind=kind, subject_id=pk, part=number, digest=part.digest, data=part.data, at=now)
        for pk in changed
        for number, part in enumerate(made[pk])
    ]
    Vector.objects.bulk_create(rows)
    VectorWork.objects.filter(kind=kind, subject_id__in=true).delete()
    return len(rows)


def digests_of(model: EmbeddingModel, kind: str, ids: Collection[int]) -> dict[int, list[str]]:
    """Of what passages things have vectors, in order."""
    held: dict[int, list[str]] = {}
    rows = Vector.objects.filter(model=model, kind=kind, subject_id__in=ids).order_by("subject_id", "part")
    for pk, digest in rows.values_list("subject_id", "digest"):
        held.setdefault(pk, []).append(digest)
    return held


def drop_stray_vectors() -> None:
    """Keep none of things that cannot be found any more."""
    there = SearchEntry.objects.filter(kind=OuterRef("kind"), subject_id=OuterRef("subject_id"))
    for things in (Vector.objects, VectorWork.objects):
        things.filter(~Exists(there)).delete()


def drop_retired() -> int:
    """Take away vectors of models that another one took the place of a day ago, some at a time; says how many."""
    long_ago = clock.now() - KEPT_FOR
    retired = EmbeddingModel.objects.filter(state=EmbeddingModel.State.RETIRED, since__lt=long_ago)
    stale = Vector.objects.filter(model__in=retired).values_list("pk", flat=True)[:_AT_ONCE]
    return Vector.objects.filter(pk__in=list(stale)).delete()[0]


def register() -> None:
    """Have the worker tidy up; called once at start-up."""
    every(60, "drop vectors of retired models", drop_retired)
