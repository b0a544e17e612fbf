"""Statements that PostgreSQL keeps ready: what may happen to a connection that has some."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DataError, connection, transaction

from community.rules import ready
from community.rules.statements import answered, rows_of

pytestmark = pytest.mark.postgresql_only


def given(*values: Any) -> list[Any]:
    """The values, through the database."""
    (row,) = rows_of(f"SELECT {', '.join(['%s'] * len(values))}, 7 %% 4", values)
    assert row[-1] == 3
    return list(row[:-1])


def test_values_come_back_as_they_were(db: None) -> None:
    moment = datetime(2024, 2, 29, 23, 59, 58, 700, tzinfo=UTC)
    for values in ([1, 2**40, -1], ["ä%s", "'; --", ""], [True, None, 1.5], [moment], [[1, 2]]):
        assert given(*values) == values


def test_times_are_words_for_whoever_does_not_want_them(db: None) -> None:
    moment = datetime(2024, 2, 29, 23, 59, 58, 700, tzinfo=UTC)
    ((word,),) = answered(connection, "SELECT %s::timestamptz", [moment])
    assert datetime.fromisoformat(word) == moment


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_is_gone_is_made_ready_again() -> None:
    assert given(1) == [1]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert given(1) == [1]


@pytest.mark.django_db(transaction=True)
def test_a_table_that_has_changed_is_read_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE changing AS SELECT 1 AS one")
        assert rows_of("SELECT * FROM changing", []) == [(1,)]
        cursor.execute("ALTER TABLE changing ADD two text")
        assert rows_of("SELECT * FROM changing", []) == [(1, None)]
        cursor.execute("DROP TABLE changing")


@pytest.mark.django_db(transaction=True)
def test_a_mistake_ends_its_transaction_and_nothing_else() -> None:
    with pytest.raises(DataError), transaction.atomic():
        rows_of("SELECT %s::text::int", ["x"])
    with transaction.atomic():
        before = rows_of("SELECT txid_current()", [])
        assert rows_of("SELECT txid_current()", []) == before
    assert rows_of("SELECT txid_current()", []) != before


@pytest.mark.django_db(transaction=True)
def test_no_more_is_kept_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "_MOST_READY", 3)
    connection.close()
    for _again in range(2):
        for number in range(5):
            assert rows_of(f"SELECT {number}", []) == [(number,)]
    assert rows_of("SELECT count(*) FROM pg_prepared_statements", []) == [(3,)]
