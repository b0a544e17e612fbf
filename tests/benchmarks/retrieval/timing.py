"""How long a query takes on a large site of real texts, each varied, for people who see all or little of it.

Varied: a fifth of the words left out, and a sentence of another text put in. Who sees one thread in ten sees those of
everybody; the others are their organization's own.
"""

import gc
import random
import re
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.benchmarks.retrieval.meaning import model_running, vary_vectors

SEED = 7
ASKED, NOT_COUNTED = 300, 20
SHARES = (1, 10, 100, 1_000)
_LEFT_OUT = 0.2
_READ = 1_000  # by the model; the other vectors are like these
_AT_ONCE = 2_000
_SENTENCE = re.compile(r"[^.!?]+[.!?]")

Texts = list[tuple[str, str]]


def measure(folder: Path, threads: int) -> None:
    """Fill the empty database in use, ask, and print p50 and p95 by the clock and of this process's processor time."""
    from threads.rules import semantic

    draw = random.Random(SEED)
    texts = _texts(folder)
    viewer = _fill(draw, texts, threads)
    asked = [f"{title}\n{body}" for title, body in draw.sample(texts, ASKED + NOT_COUNTED)]
    gc.collect()
    gc.freeze()  # as the server does once it has started
    _ask(viewer, asked, threads, "by words")
    if semantic.in_use():
        vary_vectors(draw, min(_READ, threads))
        with model_running(patiently=False):
            _ask(viewer, asked, threads, "with the model")


def _ask(viewer: Any, asked: Sequence[str], threads: int, how: str) -> None:
    for share in SHARES:
        _hide(share)
        cache.clear()
        _show(viewer, asked, f"{connection.vendor}, {how}, {threads:,} threads, seed {SEED}, sees 1 in {share:,}")


def _show(viewer: Any, asked: Sequence[str], about: str) -> None:
    from threads.queries.nearest_vectors import Question
    from threads.queries.similar import similar

    answers: list[object] = []
    nearest = Question.nearest

    def counted(question: Question) -> Any:
        answers.append(nearest(question))
        return answers[-1]

    for text in asked[:NOT_COUNTED]:
        similar(viewer, text)
    took, busy, statements = [], [], 0
    with patch.object(Question, "nearest", counted):
        for text in asked[NOT_COUNTED:]:
            clock, processor = time.perf_counter(), time.process_time()
            similar(viewer, text)
            took.append(1000 * (time.perf_counter() - clock))
            busy.append(1000 * (time.process_time() - processor))
    with CaptureQueriesContext(connection) as said:
        similar(viewer, asked[0])
        statements = len(said)
    sys.stdout.write(
        f"{about}: by the clock {_spread(took)}; processor of this process {_spread(busy)}; {statements} statements; "
        f"the model answered {sum(each is not None for each in answers)} of {len(took)}\n"
    )


def _spread(values: Sequence[float]) -> str:
    ordered = sorted(values)
    return f"p50 {ordered[len(ordered) // 2]:.0f} ms, p95 {ordered[int(0.95 * len(ordered))]:.0f} ms"


def _texts(folder: Path) -> Texts:
    from tests.benchmarks.retrieval.sets import plain, rows_of

    return [(row["title"][:200] or "Untitled", plain(row["content"])) for row in rows_of(folder / "questions.csv")]


def _varied(draw: random.Random, texts: Texts) -> tuple[str, str]:
    title, body = draw.choice(texts)
    words = [word for word in body.split() if draw.random() > _LEFT_OUT]
    others = _SENTENCE.findall(draw.choice(texts)[1]) or [""]
    return title, " ".join([*words, draw.choice(others)])


def _fill(draw: random.Random, texts: Texts, wanted: int) -> Any:
    """Threads of one organization; gives somebody of another."""
    from community.models import Member, Organization, Space
    from threads.actions.indexing import index_posts
    from threads.actions.postings import count_all_words
    from threads.models import Post, Thread

    call_command("migrate", verbosity=0, skip_checks=True)
    own, other = (Organization.objects.create(slug=name, name=name) for name in ("own", "other"))
    viewer = Member.objects.create(handle="looks", name="Looks", email="looks@example.org", organization=own)
    author = Member.objects.create(handle="asks", name="Asks", email="asks@example.org", organization=other)
    space = Space.objects.create(slug="measured", name="Measured")
    made, began = [*texts], timezone.now() - timedelta(minutes=wanted)
    made += [_varied(draw, texts) for _number in range(wanted - len(texts))]
    for start in range(0, wanted, _AT_ONCE):
        with transaction.atomic():
            threads = Thread.objects.bulk_create(
                Thread(
                    space=space, organization=other, author=author, title=title, last_number=1,
                    created_at=began + timedelta(minutes=number), last_activity_at=began + timedelta(minutes=number),
                )
                for number, (title, _body) in enumerate(made[start : start + _AT_ONCE], start)
            )  # fmt: skip
            posts = [
                Post(thread=thread, number=1, author=author, organization=other, body=body, markup="html", html=body)
                for thread, (_title, body) in zip(threads, made[start : start + _AT_ONCE], strict=True)
            ]
            index_posts(Post.objects.bulk_create(posts))
    list(count_all_words())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return viewer


def _hide(share: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE threads_thread SET audience = 'space'")
        cursor.execute("UPDATE threads_thread SET audience = 'organization' WHERE MOD(id, %s) <> 0", [share])
