"""The vectors of one model in memory, and how near a text they are: for each kind of things a shelf of its own.

Each has a graph of near neighbours (usearch), which finds the nearest of a million without looking at each. What they
are is in the database; a copy of the graphs is kept in a folder, because making them takes longer than loading them.
"""

import hashlib
import heapq
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index

from community.rules import clock
from threads.management.model.minilm import DIMENSIONS, Array
from threads.models import SHELF_OF, EmbeddingModel, Vector

MOST_PARTS = 16
_COUNTED = 2  # passages that say how like a thing is: the two most like
_LOOKS_BACK = timedelta(minutes=1)  # for what another process was still about to commit
_BATCH = 100
_WIDELY = 200

Subject = tuple[str, int]
IntArray = NDArray[np.int_]


class Shelf:
    """The vectors of the things of one kind."""

    def __init__(self, index: Index | None = None) -> None:
        self.index = Index(ndim=DIMENSIONS, metric="cos", dtype="f16") if index is None else index
        self.index.expansion_search = _WIDELY
        self.parts: dict[int, int] = {}
        for key in self.index.keys:
            subject = int(key) // MOST_PARTS
            self.parts[subject] = self.parts.get(subject, 0) + 1

    def put(self, subject: int, vectors: Collection[bytes]) -> None:
        """Have these be the vectors of a thing; none, if it is to be found no more."""
        if there := self.parts.pop(subject, 0):
            self.index.remove(_keys(subject, there), threads=1)
        if vectors:
            rows = np.stack([np.frombuffer(each, dtype="<f2") for each in vectors])
            self.index.add(_keys(subject, len(rows)), rows, threads=1)
            self.parts[subject] = len(rows)

    def nearest(self, vector: Array, most: int) -> dict[int, float]:
        """Up to `most` of the things with the nearest passages, and how like each is."""
        if not self.parts or most < 1:
            return {}
        found = self.index.search(vector, min(2 * most, len(self.index)), threads=1)
        subjects = dict.fromkeys(int(key) // MOST_PARTS for key in found.keys)
        return self.likeness(vector, list(subjects)[:most])

    def nearest_among(self, vector: Array, most: int, subjects: Iterable[int]) -> dict[int, float]:
        """Up to `most` of these things, those most like; each is looked at."""
        likes = self.likeness(vector, subjects)
        return {pk: likes[pk] for pk in heapq.nlargest(most, likes, key=likes.__getitem__)}

    def likeness(self, vector: Array, subjects: Iterable[int]) -> dict[int, float]:
        """How like each of these is: the cosine of its passages, the mean of the two greatest. Without strangers."""
        known = [subject for subject in dict.fromkeys(subjects) if subject in self.parts]
        if not known:
            return {}
        counts = np.array([self.parts[subject] for subject in known])
        rows = np.concatenate(self.index.get(_all_keys(known, counts))).reshape(-1, DIMENSIONS)
        return dict(zip(known, _means_of_greatest(rows.astype(np.float32) @ vector, counts), strict=True))


class Shelves:
    """All of one model's. `complete` once everything that was in the database at the start is in them."""

    def __init__(self, model: EmbeddingModel, folder: Path) -> None:
        self.model = model
        self._folder = folder / f"{model.pk}"
        self.shelves, self._since = self._load()
        self._seen: dict[Subject, datetime] = {}
        self._waiting: dict[Subject, None] = {}
        self.complete = False
        self.changed = False
        self.compare()

    def look(self) -> None:
        """Find out what changed since the last time."""
        now = clock.now()
        rows = Vector.objects.filter(model=self.model, part=0)
        if self._since is not None:
            rows = rows.filter(at__gte=self._since)
        for kind, subject, at in rows.values_list("kind", "subject_id", "at").iterator():
            if self._seen.get((kind, subject)) != at:
                self._seen[kind, subject] = at
                self._waiting[kind, subject] = None
        self._since = now - _LOOKS_BACK
        self._seen = {subject: at for subject, at in self._seen.items() if at >= self._since}

    def compare(self) -> None:
        """Find out what is gone, and what is lacking though it seems old."""
        there = set(Vector.objects.filter(model=self.model, part=0).values_list("kind", "subject_id").iterator())
        held = {(kind, subject) for kind, shelf in self.shelves.items() for subject in shelf.parts}
        self._waiting |= dict.fromkeys(there ^ held)
        self.look()

    def advance(self) -> bool:
        """Put the next of what was found into the shelves; False when there was nothing."""
        batch = list(self._waiting)[:_BATCH]
        for kind in SHELF_OF:
            self._put(kind, [subject for name, subject in batch if name == kind])
        for each in batch:
            del self._waiting[each]
        self.complete = self.complete or not self._waiting
        self.changed = self.changed or bool(batch)
        return bool(batch)

    def _put(self, kind: str, subjects: Collection[int]) -> None:
        vectors: dict[int, list[bytes]] = {subject: [] for subject in subjects}
        rows = Vector.objects.filter(model=self.model, kind=kind, subject_id__in=subjects)
        for subject, data in rows.order_by("subject_id", "part").values_list("subject_id", "data"):
            vectors[subject].append(bytes(data))
        for subject, parts in vectors.items():
            self.shelves[kind].put(subject, parts)

    def nearest(
        self, vector: Array, most: Mapping[str, int], among: Mapping[str, Collection[int]]
    ) -> dict[str, dict[int, float]]:
        """Of each kind so many of the things most like, and as many of those `among` which it asks in particular."""
        near = {kind: self.shelves[kind].nearest(vector, count) for kind, count in most.items()}
        for kind, subjects in among.items():
            near[kind] = near.get(kind, {}) | self.shelves[kind].nearest_among(vector, most.get(kind, 0), subjects)
        return near

    def likeness(self, vector: Array, subjects: Mapping[str, Collection[int]]) -> dict[str, dict[int, float]]:
        """How like each of these things is."""
        return {kind: self.shelves[kind].likeness(vector, ids) for kind, ids in subjects.items()}

    def save(self) -> None:
        """Keep a copy, for the next start. What cannot be kept is made anew then."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            digests = {}
            for kind, shelf in self.shelves.items():
                made = self._folder / f"{kind}.new"
                shelf.index.save(str(made))
                digests[kind] = _digest(made)
                made.replace(self._folder / kind)
            about = {"at": (self._since or clock.now()).isoformat(), "digests": digests}
            made = self._folder / "about.new"
            made.write_text(json.dumps(about))
            made.replace(self._folder / "about.json")
            self.changed = False

    def _load(self) -> tuple[dict[str, Shelf], datetime | None]:
        """The copy, if it is whole and of the same making; else nothing, which is then filled from the database."""
        try:
            about = json.loads((self._folder / "about.json").read_text())
            shelves = {kind: self._load_one(kind, about["digests"][kind]) for kind in SHELF_OF}
            since = datetime.fromisoformat(about["at"])
        except (OSError, ValueError, KeyError, TypeError):
            return {kind: Shelf() for kind in SHELF_OF}, None
        return shelves, since

    def _load_one(self, kind: str, digest: str) -> Shelf:
        path = self._folder / kind
        if _digest(path) != digest:
            raise ValueError(path)
        index = Index.restore(str(path))
        if index is None:
            raise ValueError(path)
        return Shelf(index)


def _keys(subject: int, parts: int) -> NDArray[np.uint64]:
    return np.arange(subject * MOST_PARTS, subject * MOST_PARTS + parts, dtype=np.uint64)


def _all_keys(subjects: Sequence[int], parts: IntArray) -> NDArray[np.uint64]:
    """The keys of these things, which have so many parts each, one thing's after another's."""
    first = np.array(subjects, dtype=np.uint64) * np.uint64(MOST_PARTS)
    return np.repeat(first, parts) + _numbers_within(parts).astype(np.uint64)


def _numbers_within(sizes: IntArray) -> IntArray:
    """0, 1, 2 ... in each of the groups of these sizes."""
    return np.arange(sizes.sum()) - np.repeat(sizes.cumsum() - sizes, sizes)


def _means_of_greatest(values: Array, sizes: IntArray) -> list[float]:
    """Of each of the groups of these sizes the mean of its greatest values, _COUNTED of them or all."""
    ordered = values[np.lexsort((-values, np.repeat(np.arange(len(sizes)), sizes)))]
    counted = np.where(_numbers_within(sizes) < _COUNTED, ordered, 0)
    means: list[float] = (np.add.reduceat(counted, sizes.cumsum() - sizes) / sizes.clip(max=_COUNTED)).tolist()
    return means


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
