"""What the process of the model does: answer what is asked; between questions see what changed, and make vectors."""

import logging
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from threading import Event
from typing import Any

from django.db import DatabaseError, close_old_connections

from threads.actions.vectors import drop_stray_vectors, model_of
from threads.management.model.door import Door
from threads.management.model.filling import Filler
from threads.management.model.minilm import DIGEST, DIMENSIONS, MOST_OF_A_QUESTION, NAME, Array, MiniLM
from threads.management.model.shelves import Shelves
from threads.models import EmbeddingModel
from threads.rules import semantic
from threads.rules.model_frames import MOST_LETTERS, MOST_NEAREST

log = logging.getLogger(__name__)
LOOK_EVERY, COMPARE_EVERY, SAVE_EVERY = 1.0, 600.0, 600.0
IDLE, AFTER_ERROR = 0.2, 5.0
_REMEMBERED = 64
NOTHING: dict[str, Any] = {"near": None}


def own_model() -> EmbeddingModel:
    """The row of the model that is installed."""
    return model_of(name=NAME, digest=DIGEST, dimensions=DIMENSIONS)


class Process:
    """Answers from the current model, if it is made of the weights that are installed; fills its own."""

    def __init__(self, folder: Path | None = None) -> None:
        """Raises OSError where it cannot listen, WrongWeightsError."""
        self._folder = folder or semantic.folder()
        self._reads = MiniLM()
        self._filler = Filler(self._reads, own_model(), lambda: self._door.attend(0))
        self._filling: Iterator[object] = self._filler.everything()
        self._vectors: OrderedDict[str, Array] = OrderedDict()
        self._answering: Shelves | None = None
        self._coming: Shelves | None = None
        self._due: dict[str, float] = {}
        self._door = Door(self._folder / "socket", self.answer)

    def run(self, stop: Event) -> None:
        """Until told to stop. Where the database is away, what is in memory is still answered."""
        pause = 0.0
        try:
            while not stop.is_set():
                self._door.attend(pause)
                try:
                    pause = 0.0 if self.step() else IDLE
                except DatabaseError:
                    log.exception("the process of the model cannot read or write, and tries again")
                    close_old_connections()
                    self._filling = self._filler.everything()
                    pause = AFTER_ERROR
        finally:
            self._door.close()
            if self._answering is not None and self._answering.changed:
                self._answering.save()

    def step(self) -> bool:
        """Something of what is to be done; False when there is nothing."""
        if self._is_due("look", LOOK_EVERY):
            close_old_connections()
            self._look()
        busy = [shelves.advance() for shelves in (self._answering, self._coming) if shelves is not None]
        if self._coming is not None and self._coming.complete:
            self._answering, self._coming = self._coming, None
            self._answering.save()
        return any(busy) or bool(self._filler.work()) or self._fill()

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What is nearest to a text, so many of each kind and as many of those that are named (`near`, `among`), and
        how near certain things are (`of`).

        Nothing while it cannot answer in full.
        """
        if self._answering is None:
            return NOTHING
        vector = self._vector(str(asked["text"])[:MOST_LETTERS])
        most = {kind: min(MOST_NEAREST, int(count)) for kind, count in dict(asked.get("near", {})).items()}
        among, subjects = _named(asked.get("among", {})), _named(asked.get("of", {}))
        near = self._answering.nearest(vector, most, among)
        return {
            "model": self._answering.model.pk,
            "near": _said(near),
            "of": _said(self._answering.likeness(vector, subjects)),
        }

    def _vector(self, text: str) -> Array:
        """Remembered: a text is asked about twice, for what is like it, and for how like it is what words found."""
        if text not in self._vectors:
            self._vectors[text] = self._reads.vector(text, MOST_OF_A_QUESTION)
        self._vectors.move_to_end(text)
        while len(self._vectors) > _REMEMBERED:
            self._vectors.popitem(last=False)
        return self._vectors[text]

    def _look(self) -> None:
        """Whether another model answers now, and what changed of its vectors."""
        current = EmbeddingModel.objects.filter(state=EmbeddingModel.State.CURRENT).first()
        if current is None or current.digest != DIGEST:
            self._answering = self._coming = None
            return
        known = self._coming or self._answering
        if known is None or known.model.pk != current.pk:
            self._coming = Shelves(current, self._folder)
        elif self._is_due("compare", COMPARE_EVERY):
            known.compare()
        else:
            known.look()
        if self._answering is not None and self._answering.changed and self._is_due("save", SAVE_EVERY):
            self._answering.save()

    def _fill(self) -> bool:
        if next(self._filling, None) is not None:
            return True
        if self._filler.model.state == EmbeddingModel.State.FILLING and self._filler.finish():
            drop_stray_vectors()
            self._due.pop("look", None)
        return False

    def _is_due(self, what: str, seconds: float) -> bool:
        now = time.monotonic()
        if what in self._due and self._due[what] > now:
            return False
        self._due[what] = now + seconds
        return True


def _named(said: Mapping[str, Iterable[int]]) -> dict[str, list[int]]:
    return {kind: [int(pk) for pk in ids] for kind, ids in dict(said).items()}


def _said(found: Mapping[str, Mapping[int, float]]) -> dict[str, list[tuple[int, float]]]:
    return {kind: [(pk, round(cosine, 4)) for pk, cosine in each.items()] for kind, each in found.items()}
