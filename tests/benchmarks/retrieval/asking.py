"""Asks all questions of a set, of the site itself and of plain BM25."""

import sys
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from django.db import connection

from tests.benchmarks.retrieval.meaning import model_running
from tests.benchmarks.retrieval.plain import MOST, Ranks, by_hand, by_rank_bm25
from tests.benchmarks.retrieval.sets import Found, Set

PLAIN, PLAIN_BY_HAND = "plain BM25 (rank-bm25)", "plain BM25, rarity never below 0"
LEXICAL, WITH_VOTES = "similar by words, without uses", "similar by words"
ALONE, FUSED, FUSED_WITH_VOTES = "the model alone", "similar, without uses", "similar"


@dataclass(frozen=True)
class Answers:
    """What each way of finding gave, and what similar took: milliseconds of this process's processor time."""

    ranks: dict[str, Ranks]
    took: list[float]


def ask(chosen: Set) -> Answers:
    """Fill the database in use, which is empty, and ask."""
    sys.stdout.write(f"\n{chosen.name}, {connection.vendor}: {len(chosen.questions)} questions, ")
    sys.stdout.write(f"{len(chosen.documents)} things that may be found\n")
    found = chosen.fill()
    ranks = {PLAIN: by_rank_bm25(chosen), PLAIN_BY_HAND: by_hand(chosen)}
    with _without_votes():
        ranks[LEXICAL], _took = _similar(chosen, found)
    ranks[WITH_VOTES], took = _similar(chosen, found)
    with model_running(chosen.kind, patiently=True) as there:
        if there:
            with _without_votes():
                with patch("threads.queries.meaning.BY_WORDS", 0.0):
                    ranks[ALONE], _took = _similar(chosen, found)
                ranks[FUSED], _took = _similar(chosen, found)
            ranks[FUSED_WITH_VOTES], took = _similar(chosen, found)
    return Answers(ranks, took)


def _without_votes() -> AbstractContextManager[Any]:
    return patch("threads.queries.similar.votes", lambda *_asked: {})


def _similar(chosen: Set, found: Found) -> tuple[Ranks, list[float]]:
    from community.models import Member
    from threads.models import Thread
    from threads.queries.similar import similar

    viewer = Member(pk=0, is_superuser=True, organization_id=0)
    names = {pk: key for key, pk in found.things.items()}
    threads = Thread.objects.in_bulk([found.threads[key] for key in chosen.questions if key in found.threads])
    ranks: Ranks = {}
    took = []
    for key, (title, text) in chosen.questions.items():
        own = threads.get(found.threads.get(key, 0))
        started = time.process_time()
        hits = similar(viewer, f"{title}\n{text}", kinds=[chosen.kind], limit=MOST, exclude=own)
        took.append(1000 * (time.process_time() - started))
        ranks[key] = [names[hit.id] for hit in hits]
    return ranks, took
