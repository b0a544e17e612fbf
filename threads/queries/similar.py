"""Threads and practices most like a text: for likely answers while asking, and related things beside a thread."""

from collections import Counter
from collections.abc import Collection, Mapping

from django.db.models import Q, QuerySet

from community.models import Member
from threads.models import Practice, SearchEntry, Thread
from threads.queries.candidates import Candidate, best, corpus, gather, rarities, subjects_in
from threads.queries.findable import findable
from threads.queries.fulltext import Wanted, full_text
from threads.queries.hits import Hit, hits
from threads.queries.standing import in_order
from threads.rules.ranking import TITLE_WEIGHT
from threads.rules.words import terms_of

MAX_TEXT = 20_000
MOST_TERMS = 200
CHOSEN_TERMS = 12
MOST_ENTRIES = 1_500


def similar(
    viewer: Member,
    text: str,
    *,
    kinds: Collection[str] = ("thread", "practice"),
    limit: int = 5,
    exclude: Thread | Practice | None = None,
) -> list[Hit]:
    """What the viewer may see that is most like `text`, whose first line counts as its title, best first.

    Only the first MAX_TEXT characters count. `exclude` leaves out a thread with its practice, or a practice with its thread.
    """
    counts = _counts(text[:MAX_TEXT])
    frequencies = full_text().frequencies(list(counts)) if counts else {}
    if not frequencies:
        return []
    whole = corpus()
    weights = {term: weight * counts[term] for term, weight in rarities(frequencies, whole).items()}
    entries = _without(findable(viewer, kinds, replies=False), exclude)
    ranked = in_order(best(_candidates(entries, weights, frequencies, limit), weights, whole, all_count=False))
    return hits(viewer, ranked[:limit], set(counts))


def _counts(text: str) -> dict[str, float]:
    """The words of a text, and how much each says about it."""
    title, _newline, body = text.strip().partition("\n")
    counts = Counter(terms_of(body))
    for term in terms_of(title):
        counts[term] += TITLE_WEIGHT
    return {term: float(count) for term, count in counts.most_common(MOST_TERMS)}


def _without(entries: QuerySet[SearchEntry], exclude: Thread | Practice | None) -> QuerySet[SearchEntry]:
    if exclude is None:
        return entries
    if isinstance(exclude, Thread):
        threads, practices = [exclude.pk], list(Practice.objects.filter(thread=exclude).values_list("pk", flat=True))
    else:
        threads, practices = [exclude.thread_id], [exclude.pk]
    own = Q(kind=SearchEntry.Kind.THREAD, subject_id__in=[pk for pk in threads if pk])
    return entries.exclude(own | Q(kind=SearchEntry.Kind.PRACTICE, subject_id__in=practices))


def _candidates(
    entries: QuerySet[SearchEntry], weights: Mapping[str, float], frequencies: Mapping[str, int], limit: int
) -> list[Candidate]:
    """Entries with any of the most telling words that are rare enough; when those give too few, with the next ones."""
    telling = sorted(weights, key=lambda term: (-weights[term], term))
    rows: list[Candidate] = []
    while telling and len(subjects_in(rows)) < limit:
        chosen = _chosen(telling, frequencies)
        wanted = Wanted(tuple((term,) for term in chosen), any_of=True)
        rows += gather(entries, wanted, MOST_ENTRIES)
        telling = [term for term in telling if term not in chosen][:CHOSEN_TERMS]
    return rows


def _chosen(telling: list[str], frequencies: Mapping[str, int]) -> list[str]:
    """Up to CHOSEN_TERMS words that together are in no more than MOST_ENTRIES; the first in any case."""
    chosen: list[str] = []
    left = MOST_ENTRIES
    for term in telling:
        if chosen and frequencies[term] > left:
            continue
        chosen.append(term)
        left -= frequencies[term]
        if len(chosen) == CHOSEN_TERMS:
            break
    return chosen
