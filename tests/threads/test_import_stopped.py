"""However often an import of tables or topics is stopped, the database is consistent, and it ends as one run does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection, transaction

from tests.threads.dumps import counts, inconsistencies, snapshot
from tests.threads.exports import answered, article, asked, pointing, run_export, write_export
from tests.threads.stopping import Stop
from tests.threads.topics import run_topics, said, topic, write_topics

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

STOPS = 10
Run = Callable[..., str]


def _export(folder: Path) -> Run:
    """Articles, and questions whose answers are in no order and link to them."""
    questions = [asked(n, at=n, by=f"p{n % 3}", tags="a;b") for n in (5, 1, 3)]
    answers = [
        answered(n + 10 * m, n, at=28 - 5 * m - n, by=f"p{m}", num_helpful=m, content=pointing(f"x{m}", "x9"))
        for m in (2, 4, 3)
        for n in (1, 3, 5)
    ]
    articles = [article(n, f"x{n}", locale="en-US" if n % 2 else "it") for n in range(1, 10)]
    write_export(folder, packed=True, questions=questions, answers=answers, articles=articles)
    return lambda **options: run_export(folder, **options)


def _topics(folder: Path) -> Run:
    """Topics that link to each other, most of them solved."""
    rows = []
    for key in range(1, 7):
        posts = [said(10 * key + n, n, by=n % 3, likes=n, accepted_answer=n in (2, 4) and key > 2) for n in range(1, 6)]
        links = {"links": [{"url": f"/t/{key % 6 + 1}", "internal": True}]}
        rows.append(topic(key, *posts, details=links, tags=["a", f"b{key}"], closed=True))
    write_topics(folder, *rows)
    return lambda **options: run_topics(folder, **options)


@pytest.fixture(params=[_export, _topics], ids=["tables", "topics"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    made: Run = request.param(tmp_path / "x")
    return made


def whole_run(run: Run) -> tuple[dict[str, Any], int]:
    """What an uninterrupted run makes, and in how many statements; the database is left as it was."""
    stop = Stop(0)
    with transaction.atomic():
        with connection.execute_wrapper(stop):
            run(batch=4)
        whole = snapshot()
        transaction.set_rollback(True)
    return whole, stop.seen


@pytest.mark.parametrize("point", range(STOPS))
def test_an_interrupted_run_goes_on_to_the_same_end(run: Run, point: int) -> None:
    whole, statements = whole_run(run)
    stop = Stop(1 + statements * point // STOPS)
    with connection.execute_wrapper(stop), pytest.raises(CommandError, match="the same command goes on"):
        run(batch=4)
    assert inconsistencies() == []
    run(batch=3)
    assert snapshot() == whole
    assert inconsistencies() == []


@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_the_size_of_batches_makes_no_difference(run: Run, batch: int) -> None:
    whole, _statements = whole_run(run)
    first = counts(run(batch=batch))
    assert snapshot() == whole
    second = counts(run(batch=batch))
    assert snapshot() == whole
    for name, (read, made, there, skipped) in first.items():
        assert read == made + there + skipped, name
        assert second[name] == (read, 0, made + there, skipped), name
