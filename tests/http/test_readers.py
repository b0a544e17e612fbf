"""What is written lets whoever waits for a page go first, for a while."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from community.http import traffic
from community.http.callers import Receive
from community.http.handler import WRITES_WAIT_SECONDS, Scope, Send
from community.rules.readers import Readers, give_way, giving_way, readers
from community.rules.statements import execute, kept_cursor, rows_of
from tests.http.asking import PATIENCE, Make, ask


class Elsewhere:
    """Another process, in which somebody waits for a page when asked the first so many times."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.asked = 0
        self.told: list[bool] = []

    def say_reading(self, reading: bool) -> None:
        """Keeps it."""
        self.told.append(reading)

    def is_reading(self) -> bool:
        """So many times."""
        self.asked += 1
        return self.asked <= self.times


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    """Somebody waits there for three looks."""
    other = Elsewhere(3)
    monkeypatch.setattr(readers, "elsewhere", other)
    return other


def test_who_does_not_give_way_does_not_ask(elsewhere: Elsewhere) -> None:
    give_way()
    with giving_way(0.0):
        give_way()
    assert elsewhere.asked == 0


def test_who_gives_way_waits_until_nobody_reads(elsewhere: Elsewhere) -> None:
    with giving_way(PATIENCE):
        give_way()
    assert elsewhere.asked == 4


def test_it_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    always = Elsewhere(10**9)
    monkeypatch.setattr(readers, "elsewhere", always)
    with giving_way(0.005):
        for _statement in range(3):
            give_way()
        asked = always.asked
        give_way()
    assert 0 < asked == always.asked, "what may be waited in all is used up"


def test_who_waits_here_is_noticed_to_be_gone_at_once() -> None:
    some = Readers()
    some.begin()
    some.begin()
    waiting = threading.Thread(target=some.wait_for_none, args=(10 * PATIENCE,), daemon=True)
    waiting.start()
    some.end()
    assert some.any()
    some.end()
    waiting.join(PATIENCE)
    assert not waiting.is_alive()
    assert not some.any()


def test_the_other_processes_are_told_of_the_first_and_the_last(elsewhere: Elsewhere) -> None:
    with traffic.under_way(reads=True), traffic.under_way(reads=True), traffic.under_way(reads=False):
        assert elsewhere.told == [True]
    assert elsewhere.told == [True, False]


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["rows", "nothing", "cursor"])
def test_each_kept_statement_is_a_moment_for_it(elsewhere: Elsewhere, how: str) -> None:
    with giving_way(PATIENCE):
        if how == "rows":
            rows_of("SELECT 1", [])
        elif how == "nothing":
            execute("SELECT 1", [])
        else:
            with kept_cursor() as cursor:
                cursor.execute("SELECT 1")
    assert elsewhere.asked >= 4


@pytest.mark.parametrize(("method", "asks"), [("POST", True), ("GET", False)])
async def test_requests_that_write_give_way_and_those_that_read_do_not(
    handler: Make, elsewhere: Elsewhere, method: str, asks: bool
) -> None:
    assert WRITES_WAIT_SECONDS > 0
    assert (await ask(handler(), "/polite", method=method)).body == b"polite"
    assert (elsewhere.asked > 0) == asks


@pytest.mark.parametrize(("size", "waits"), [(1, True), (2**22, False)])
async def test_who_reads_waits_until_all_is_sent_but_for_what_is_read_while_it_is_sent(
    handler: Make, tmp_path: Path, size: int, waits: bool
) -> None:
    application, waiting = handler(), []
    (tmp_path / "file").write_bytes(bytes(size))

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        async def note(message: Mapping[str, Any]) -> None:
            waiting.append(readers.any())
            await send(message)

        await application(scope, receive, note)

    assert len((await ask(noting, f"/file?name={tmp_path / 'file'}")).body) == size
    assert set(waiting) == {waits}
    assert not readers.any()
