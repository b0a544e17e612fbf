"""However often an import is stopped, the database is consistent, and in the end it is what one whole run makes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection, transaction

from tests.threads.dumps import (
    answer,
    comment,
    counts,
    day,
    history,
    inconsistencies,
    question,
    run_import,
    snapshot,
    user,
    vote,
    write_dump,
)
from tests.threads.stopping import Stop

STOPS = 12
KILLS = (60, 250)


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Threads whose posts and notes are scattered over the files, in no order of dates."""
    people = [user(number, f"Person {number % 3}") for number in range(1, 8)]
    questions = [question(n, at=day(n), Tags="<a><b>", AcceptedAnswerId=n + 20, owner=1) for n in (5, 1, 3)]
    answers = [answer(n + 10 * m, n, at=day(28 - 5 * m - n), owner=m) for m in (2, 4, 3) for n in (1, 3, 5)]
    gone = [answer(90, 1, at=day(2), owner=None, OwnerDisplayName="user23"), answer(91, 1, at=day(2), owner=None)]
    notes = [comment(n, post, at=day(n + 4)) for n, post in enumerate([1, 21, 3, 45, 90, 21, 1, 33, 5, 5], start=1)]
    votes = [vote(n, post, at=day(n % 28 + 1)) for n, post in enumerate([1, 21, 31, 23, 45, 90, 91] * 5, start=1)]
    votes += [vote(100 + n, n + 20, 1) for n in (1, 3, 5)]
    texts = [history(10 * n, n, 2, f"first {n}", f"g{n}", UserId=1) for n in (1, 3, 5, 21)]
    texts += [history(10 * n + 1, n, 1, f"title {n}", f"g{n}", UserId=1) for n in (1, 3, 5)]
    texts += [history(10 * n + 2, n, 5, f"second {n}", f"h{n}", UserDisplayName="helper") for n in (1, 3, 5, 21)]
    links = [{"Id": 1, "PostId": 1, "RelatedPostId": 3, "LinkTypeId": 3, "CreationDate": day(1)}]
    badges = [{"Id": n, "UserId": n, "Name": "Teacher", "Date": day(n)} for n in range(1, 8)]
    return write_dump(
        tmp_path / "iot", Users=people, Posts=[*answers, *questions, *gone], Comments=notes, Votes=votes,
        PostHistory=texts, PostLinks=links, Badges=badges, Tags=[{"Id": 1, "TagName": "a"}],
    )  # fmt: skip


def whole_run(dump: Path) -> tuple[dict[str, Any], int]:
    """What an uninterrupted run makes, and in how many statements; the database is left as it was."""
    stop = Stop(0)
    with transaction.atomic():
        with connection.execute_wrapper(stop):
            run_import(dump, batch=4)
        whole = snapshot()
        transaction.set_rollback(True)
    return whole, stop.seen


@pytest.mark.django_db
@pytest.mark.both_databases
@pytest.mark.parametrize("point", range(STOPS))
def test_an_interrupted_run_goes_on_to_the_same_end(dump: Path, point: int) -> None:
    whole, statements = whole_run(dump)
    stop = Stop(1 + statements * point // STOPS)
    with connection.execute_wrapper(stop), pytest.raises(CommandError, match="the same command goes on"):
        run_import(dump, batch=4)
    assert inconsistencies() == []
    run_import(dump, batch=3)
    assert snapshot() == whole
    assert inconsistencies() == []


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_run_interrupted_again_and_again_gets_there(dump: Path) -> None:
    whole, _statements = whole_run(dump)
    for attempt in range(200):
        try:
            with connection.execute_wrapper(Stop(60 * attempt + 10)):
                output = run_import(dump, batch=4)
            break
        except CommandError:
            assert inconsistencies() == [], attempt
    assert attempt > 3
    assert snapshot() == whole
    assert counts(output)["all"][2] > 0


@pytest.mark.django_db
@pytest.mark.both_databases
@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_the_size_of_batches_makes_no_difference(dump: Path, batch: int) -> None:
    whole, _statements = whole_run(dump)
    first = counts(run_import(dump, batch=batch))
    assert snapshot() == whole
    second = counts(run_import(dump, batch=batch))
    assert snapshot() == whole
    for name, (read, made, there, skipped) in first.items():
        assert read == made + there + skipped, name
        assert second[name] == (read, 0, made + there, skipped), name


def test_a_killed_run_goes_on_to_the_same_end(dump: Path, tmp_path: Path) -> None:
    whole = json.loads(_driven(tmp_path / "whole", dump).stdout)
    assert len(whole["rows"]["threads.Post"]) == 24
    for statement in KILLS:
        assert _driven(tmp_path / "killed", dump, statement).returncode == -signal.SIGKILL
    assert json.loads(_driven(tmp_path / "killed", dump).stdout) == whole


def _driven(data: Path, dump: Path, statement: int = 0) -> "subprocess.CompletedProcess[str]":
    """Import in a process and a database of its own, which is killed at a statement."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    environment = kept | {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", "tests.threads.import_driver", str(dump), str(statement)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done
