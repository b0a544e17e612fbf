"""What the sentence model adds to what words found: things that say it in other words, and how like all of them are.

Everything that the model names is asked about in the database before anything is done with it.
"""

from collections.abc import Collection, Mapping, Sequence

from community.models import Member
from threads.models import SHELF_OF
from threads.queries.alike import FEW_SEEN, Alike, Place, Sight, Subject
from threads.queries.nearest_vectors import Near, Question
from threads.queries.postings import postings
from threads.rules.likeness import Weight
from threads.rules.model_frames import MOST_NEAREST

NEAREST = 200
LEAST_LIKE = 0.3  # of what only the model found; less is about something else
BY_WORDS = 0.1  # what the share of the best score counts beside a cosine

Likes = dict[Subject, float]


def question(text: str, kinds: Collection[str]) -> Question:
    """Ask the model for what is most like a text; the answer comes while words are looked up."""
    return Question(text, dict.fromkeys(kinds, NEAREST))


class Meaning:
    """What the model says to what somebody asked."""

    def __init__(self, viewer: Member, asked: Question, weights: Sequence[Weight]) -> None:
        self._viewer, self._asked, self._weights = viewer, asked, weights

    def of(self, found: Mapping[str, list[Alike]], besides: Collection[Subject]) -> tuple[list[Alike], Likes]:
        """All of what words found and what the model found, with cosines; without any where it does not answer."""
        by_words = [each for rows in found.values() for each in rows]
        near = self._asked.nearest()
        if near is None:
            return by_words, {}
        like = {kind: _like(near.get(kind, {}), kind, besides) for kind in found}
        seen = {kind: self._seen(kind, ids) for kind, ids in like.items()}
        deeper = [kind for kind in found if len(seen[kind]) < min(FEW_SEEN, len(like[kind]))]
        strange = {kind: [each.id for each in rows if each.id not in like[kind]] for kind, rows in found.items()}
        second = self._asked.likeness(strange, dict.fromkeys(deeper, MOST_NEAREST))
        if second is None:
            return by_words, {}
        of, more = second
        seen |= {kind: self._seen(kind, _like(more.get(kind, {}), kind, besides)) for kind in deeper}
        known = {(each.kind, each.id) for each in by_words}
        named = [each for kind, rows in seen.items() for each in self._scored(kind, rows)]
        return [*by_words, *(each for each in named if (each.kind, each.id) not in known)], _likes(near, more, of)

    def _seen(self, kind: str, ids: Sequence[int]) -> dict[int, Place]:
        """Those that they see, by entry."""
        return Sight(self._viewer, kind).seen_of(ids)

    def _scored(self, kind: str, seen: Mapping[int, Place]) -> list[Alike]:
        scores = postings().scores(list(seen), self._weights, SHELF_OF[kind])
        return [Alike(kind, *seen[entry], scores.get(entry, 0)) for entry in sorted(seen, reverse=True)]


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
