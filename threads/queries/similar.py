"""Threads and practices most like a text: for likely answers while asking, and related things beside a thread."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from heapq import nlargest
from typing import NamedTuple

from django.db.models import Q

from community.models import Member
from threads.models import Practice, SearchEntry, Thread
from threads.queries.candidates import (
    Candidate,
    Ranked,
    affordable,
    best,
    corpus,
    frequencies_of,
    gather,
    rarities,
    subjects_in,
)
from threads.queries.findable import Findable, known
from threads.queries.hits import Hit, hits
from threads.queries.standing import in_order
from threads.rules.ranking import K1, TITLE_WEIGHT, Corpus
from threads.rules.words import terms_of

MAX_TEXT = 20_000
MOST_TERMS = 200
CHOSEN_TERMS = 12
MOST_ENTRIES = 800
FEWER_ENTRIES = 400
_RESERVE = 50
MUCH = 0.2  # of what a text would score against itself; what is about something else has less than 0.16


def similar(
    viewer: Member,
    text: str,
    *,
    kinds: Collection[str] = ("thread", "practice"),
    limit: int = 5,
    exclude: Thread | Practice | None = None,
) -> list[Hit]:
    """What the viewer may see that is most like `text`, whose first line counts as its title, best first.

    Only the first MAX_TEXT characters count. `exclude` leaves out a thread with its practice, a practice with its
    thread.
    """
    counts = _counts(text[:MAX_TEXT])
    among = _without(Findable(viewer, known(kinds), replies=False), exclude)
    ranked = in_order(_ranked(among, counts, limit + _RESERVE, MOST_ENTRIES).rows)
    return hits(viewer, ranked[:limit], set(counts))


def much_like(viewer: Member, text: str, *, exclude: Thread, limit: int = 5) -> list[Hit]:
    """The practices that the viewer may see that are so like a text that they may answer the same, best first."""
    counts = _counts(text[:MAX_TEXT])
    found = _ranked(_without(Findable(viewer, ("practice",), replies=False), exclude), counts, limit, MOST_ENTRIES)
    return hits(viewer, [row for row in found.rows if row.score >= MUCH * found.most], set(counts))


def nearest(viewer: Member, text: str, *, exclude: Thread, limit: int) -> list[tuple[int, float]]:
    """The ids of those threads that the viewer may see that are most like `text`, and how like it they are.

    That is their score as a share of what the text would score against itself: 0 to 1.
    """
    return likeness(_without(Findable(viewer, ("thread",), replies=False), exclude), text, limit=limit)


def likeness(among: Findable, text: str, *, limit: int) -> list[tuple[int, float]]:
    """The ids of what is most like `text` among these, and its score as a share of what the text itself would have."""
    found = _ranked(among, _counts(text[:MAX_TEXT]), limit, FEWER_ENTRIES)
    return [(row.candidate.subject_id, min(1.0, row.score / found.most)) for row in found.rows]


class _Found(NamedTuple):
    """The best rows, best first, and the score that no entry can pass."""

    rows: list[Ranked]
    most: float


def _ranked(among: Findable, counts: Mapping[str, float], limit: int, entries: int) -> _Found:
    frequencies = frequencies_of(counts)
    if not frequencies:
        return _Found([], 1.0)
    whole = corpus(among.kinds)
    weights = {term: weight * counts[term] for term, weight in rarities(frequencies, whole).items()}
    rows = _candidates(among, weights, frequencies, whole, limit=limit, entries=entries)
    ranked = best(rows, weights, whole, all_count=False)
    return _Found(nlargest(limit, ranked, key=lambda row: row.score), sum(weights.values()) * (K1 + 1) or 1.0)


def _counts(text: str) -> dict[str, float]:
    """The words of a text, and how much each says about it."""
    title, _newline, body = text.strip().partition("\n")
    counts = Counter(terms_of(body))
    for term in terms_of(title):
        counts[term] += TITLE_WEIGHT
    return {term: float(count) for term, count in counts.most_common(MOST_TERMS)}


def _without(among: Findable, exclude: Thread | Practice | None) -> Findable:
    if exclude is None:
        return among
    if isinstance(exclude, Thread):
        own = Q(kind=SearchEntry.Kind.THREAD, subject_id=exclude.pk)
        own |= Q(kind=SearchEntry.Kind.PRACTICE, subject_id__in=Practice.objects.filter(thread=exclude).values("pk"))
    else:
        own = Q(kind=SearchEntry.Kind.PRACTICE, subject_id=exclude.pk)
        own |= Q(kind=SearchEntry.Kind.THREAD, subject_id=exclude.thread_id or 0)
    return replace(among, besides=own)


def _candidates(
    among: Findable,
    weights: Mapping[str, float],
    frequencies: Mapping[str, int],
    whole: Corpus,
    *,
    limit: int,
    entries: int,
) -> list[Candidate]:
    """Entries with any of the most telling words that are rare enough; when those give too few, with the next ones."""
    telling = sorted(weights, key=lambda term: (-weights[term], term))
    rows: list[Candidate] = []
    while telling and len(subjects_in(rows)) < limit:
        chosen = affordable(telling, frequencies, whole, entries)[:CHOSEN_TERMS]
        rows += gather(among, [(term,) for term in chosen], entries, any_of=True)
        telling = [term for term in telling if term not in chosen][:CHOSEN_TERMS]
    return rows
