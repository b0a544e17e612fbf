"""The worker does what is due one by one: what fails is put off, logged once, and stops nobody else."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, connections
from prometheus_client import REGISTRY

from community.actions import duties as doing
from community.actions.duties import FIRST_PAUSE, LONGEST_PAUSE, each, put_off
from community.errors import NotThere
from community.events import duties as registered
from community.rules import clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOON = datetime.fromisoformat("2026-03-02T12:00:00+00:00")


@pytest.fixture(autouse=True)
def _nothing_failed_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doing, "_put_off", {})


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], int]]:
    def count() -> int:
        return len([record for record in caplog.records if record.name.startswith("community")])

    with caplog.at_level(logging.INFO):
        yield count


def failures() -> float:
    return REGISTRY.get_sample_value("guildhall_worker_failures_total") or 0


def broken(one: int) -> int:
    if one == 2:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing_of_that_name FROM nowhere")
    return 1


def failing(error: Exception, at: int = 2) -> Callable[[int], int]:
    def act(one: int) -> int:
        if one == at:
            raise error
        return 1

    return act


@pytest.mark.parametrize("error", [ValueError("odd"), NotThere("no_practice"), KeyError("x")])
def test_what_fails_is_put_off_and_logged_once(error: Exception, logged: Callable[[], int]) -> None:
    before = failures()
    with clock.at(NOON):
        assert each("a duty", [1, 2, 3], failing(error)) == 2
        assert put_off("a duty") == {2}
        assert put_off("another duty") == set()
        assert each("a duty", [1, 2, 3], failing(error)) == 2, "it is left alone for a while"
    assert (failures() - before, logged()) == (1, 1)
    with clock.at(NOON + FIRST_PAUSE):
        assert each("a duty", [1, 2, 3], failing(error)) == 2
    assert (failures() - before, logged()) == (2, 1)
    with clock.at(NOON + 2 * FIRST_PAUSE):
        assert put_off("a duty") == {2}, "twice as long as before"
    with clock.at(NOON + 3 * FIRST_PAUSE):
        assert each("a duty", [1, 2, 3], lambda _one: 1) == 3
        assert put_off("a duty") == set()
        assert each("a duty", [2], failing(error)) == 0
    assert logged() == 2, "it had been done meanwhile"


def test_it_is_tried_again_within_the_hour_and_forgotten_when_it_is_gone() -> None:
    for hour in range(12):
        with clock.at(NOON + hour * LONGEST_PAUSE):
            each("a duty", [2], failing(ValueError()))
            assert put_off("a duty") == {2}
    with clock.at(NOON + timedelta(days=3)):
        assert each("a duty", [], failing(ValueError())) == 0
    assert not doing._put_off


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_fails_is_its_rows_fault() -> None:
    assert each("a duty", [1, 2, 3], broken) == 2
    assert put_off("a duty") == {2}


def test_a_database_that_is_away_is_nobodys_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(connections["default"]), "is_usable", lambda _connection: False)
    with pytest.raises(DatabaseError):
        each("a duty", [1, 2, 3], failing(OperationalError("gone")))
    assert put_off("a duty") == set()


def test_a_duty_that_fails_stops_no_other(monkeypatch: pytest.MonkeyPatch, logged: Callable[[], int]) -> None:
    done: list[str] = []

    def fails() -> int:
        raise RuntimeError

    def works() -> int:
        done.append("works")
        return 1

    duties = {name: registered.Duty(name, 1, work) for name, work in (("fails", fails), ("works", works))}
    monkeypatch.setattr(registered, "_duties", duties)
    call_command("work", "--once")
    assert (done, logged()) == (["works"], 1)
