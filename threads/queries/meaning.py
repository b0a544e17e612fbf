"""What the sentence model adds to what words found: things that say it in other words, and how like all of them are.

Everything that the model names is asked about in the database before anything is done with it.
"""

from collections.abc import Collection, Mapping, Sequence
from math import ceil
from types import TracebackType
from typing import Self

from django.core.cache import cache

from threads.models import SHELF_OF
from threads.queries.alike import FEW_SEEN, Alike, Place, Sight, Subject
from threads.queries.coverage import class_of
from threads.queries.nearest_vectors import Near, Question, is_asked
from threads.queries.postings import postings
from threads.rules.likeness import Weight
from threads.rules.model_frames import MOST_NEAREST

NEAREST = 200
ROOM = 1.5  # so many times FEW_SEEN are hoped for: what is near one text may be seen less than others
LEAST_LIKE = 0.3  # of what only the model found; less is about something else
BY_WORDS = 0.1  # what the share of the best score counts beside a cosine
_REMEMBERED = 600

Likes = dict[Subject, float]


class Meaning:
    """What the model says to what somebody asks. It is asked at once, and answers while words are looked up."""

    def __init__(self, text: str, sights: Mapping[str, Sight]) -> None:
        """`sights`: what they see, by the kinds that are looked for."""
        self._sights = sights if is_asked() else {}
        self._among = {kind: sight.all.things for kind, sight in self._sights.items() if sight.all is not None}
        self._most = {kind: NEAREST if kind in self._among else depth_of(sight) for kind, sight in self._sights.items()}
        self._asked = Question(text if self._sights else "", self._most, self._among)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._asked.__exit__(kind, error, at)

    def of(
        self, found: Mapping[str, list[Alike]], weights: Sequence[Weight], besides: Collection[Subject]
    ) -> tuple[list[Alike], Likes]:
        """All of what words found and what the model found, with cosines; without any where it does not answer.

        Where they see much, but little of what is nearest, more is asked for, and the next time at once.
        """
        by_words = [each for rows in found.values() for each in rows]
        near = self._asked.nearest()
        if near is None:
            return by_words, {}
        like = {kind: _like(near.get(kind, {}), kind, besides) for kind in found}
        seen = {kind: self._seen(kind, ids) for kind, ids in like.items()}
        deeper = [kind for kind in found if self._is_little(kind, len(seen[kind]), len(like[kind]))]
        strange = {kind: [each.id for each in rows if each.id not in like[kind]] for kind, rows in found.items()}
        second = self._asked.likeness(strange, dict.fromkeys(deeper, MOST_NEAREST))
        if second is None:
            return by_words, {}
        of, more = second
        for kind in deeper:
            ids = _like(more.get(kind, {}), kind, besides)
            seen[kind] = self._seen(kind, ids)
            remember_depth(self._sights[kind], len(seen[kind]), len(ids))
        known = {(each.kind, each.id) for each in by_words}
        named = [each for kind, rows in seen.items() for each in self._scored(kind, rows, weights)]
        return [*by_words, *(each for each in named if (each.kind, each.id) not in known)], _likes(near, more, of)

    def _is_little(self, kind: str, seen: int, looked_at: int) -> bool:
        """Whether more of a kind should be looked at, as far as there is more."""
        return kind not in self._among and self._most[kind] < MOST_NEAREST and seen < min(FEW_SEEN, looked_at)

    def _seen(self, kind: str, ids: Sequence[int]) -> dict[int, Place]:
        """Those that they see, by entry."""
        return self._sights[kind].seen_of(ids)

    def _scored(self, kind: str, seen: Mapping[int, Place], weights: Sequence[Weight]) -> list[Alike]:
        scores = postings().scores(list(seen), weights, SHELF_OF[kind])
        return [Alike(kind, *seen[entry], scores.get(entry, 0)) for entry in sorted(seen, reverse=True)]


def depth_of(sight: Sight) -> int:
    """How many of the nearest are asked about at first for who sees what they see."""
    return int(cache.get(_depth_key(sight), NEAREST))


def remember_depth(sight: Sight, seen: int, looked_at: int) -> None:
    """That they saw so many of so many: of how many they should see enough."""
    wanted = ceil(looked_at * ROOM * FEW_SEEN / max(1, seen))
    cache.set(_depth_key(sight), max(NEAREST, min(wanted, MOST_NEAREST)), _REMEMBERED)


def _depth_key(sight: Sight) -> str:
    return f"search.depth.{sight.kind}.{class_of(sight.viewer)}"


def _like(near: Mapping[int, float], kind: str, besides: Collection[Subject]) -> list[int]:
    return [pk for pk, cosine in near.items() if cosine >= LEAST_LIKE and (kind, pk) not in besides]


def _likes(*answers: Near) -> Likes:
    return {(kind, pk): cosine for near in answers for kind, rows in near.items() for pk, cosine in rows.items()}


def fused(shares: Mapping[Subject, float], likes: Likes) -> dict[Subject, float]:
    """Cosines, with something of what words say. What has no vector yet counts as its words say."""
    best = max((likes[subject] for subject in shares if subject in likes), default=None)
    if best is None:
        return dict(shares)
    return {subject: likes.get(subject, share * best) + BY_WORDS * share for subject, share in shares.items()}
