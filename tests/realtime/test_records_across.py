"""One record at several processes: with Redis, without, with Redis going away; and a process that is killed."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.realtime.servers import Server
from tests.realtime.writers import SAVED, SYNC, UPDATE, Writer, columns, number_at
from tests.services import redis
from tests.threads.replicas import torn

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
Pair = tuple[Server, Server]
Sit = Callable[..., Writer]


@pytest.fixture
def sit(token_of: Callable[[str], str], thread: "Thread") -> Iterator[Sit]:
    """Puts members at the record in a process: `sit("ada", one)`."""
    with ExitStack() as stack:
        yield lambda handle, at: stack.enter_context(Writer(at.host, thread.pk, token_of(handle))).join()


def replayed(thread: "Thread") -> dict[str, str]:
    """What the log says."""
    from threads.actions.live_records import catch_up

    return catch_up([thread.pk], {})[thread.pk].document.texts


def write_at_once(thread: "Thread", *writers: Writer) -> None:
    """All write in the same place without waiting for each other; in the end all have the same."""
    for number in range(10):
        for name, writer in enumerate(writers):
            text = writer.text()
            writer.write("problem", len(text) // 2, f"{name}{number}")
    for writer in writers:
        writer.settle()
    length = 20 * len(writers)
    for writer in writers:
        writer.until(lambda writer=writer: len(writer.text()) == length)  # type: ignore[misc]
    assert {writer.text() for writer in writers} == {columns(thread)["problem"]} == {replayed(thread)["problem"]}


def test_without_redis_everybody_comes_to_the_same(apart: Pair, sit: Sit, thread: "Thread") -> None:
    write_at_once(thread, sit("ada", apart[0]), sit("ben", apart[1]), sit("zoe", apart[1]))


def test_with_redis_so_too_and_places_cross(joined: Pair, sit: Sit, thread: "Thread") -> None:
    ada, ben, zoe = sit("ada", joined[0]), sit("ben", joined[1]), sit("zoe", joined[1])
    ada.say({"field": "cause"})
    ben.until(lambda: ben.state_of(ada) is not None)
    assert ben.state_of(ada)["user"]["name"] == "Ada Lindqvist"
    late = sit("cleo", joined[1])
    late.until(lambda: late.state_of(ada) is not None)
    write_at_once(thread, ada, ben, zoe)
    ada.connection.close()
    ben.until(lambda: ben.state_of(ada) is None)


def test_a_form_saved_in_another_process_comes_in(apart: Pair, sit: Sit, cast: "Cast", thread: "Thread") -> None:
    from threads.actions.records import save_record

    ada = sit("ada", apart[0])
    save_record(by=cast.ben, thread=thread, fields={"cause": "A full disk."})
    ada.until(lambda: ada.text("cause") == "A full disk.")
    ada.write("cause", 2, "very ")
    ada.settle()
    assert columns(thread)["cause"] == "A very full disk."


def test_a_version_that_is_cut_disturbs_nobody(
    apart: Pair, sit: Sit, thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import timezone

    from threads.actions.live_records import cut_version

    ada, ben = sit("ada", apart[0]), sit("ben", apart[1])
    ada.write("problem", 0, "before ")
    ada.settle()
    later = timezone.now() + timedelta(minutes=1)
    with monkeypatch.context() as patched:
        patched.setattr("community.rules.clock.now", lambda: later)
        assert cut_version(thread_id=thread.pk).made
    ben.until(lambda: ben.text() == "before ")
    ben.write("problem", 7, "after")
    ben.settle()
    ada.until(lambda: ada.text() == "before after")
    assert replayed(thread)["problem"] == columns(thread)["problem"] == "before after"


def test_without_redis_too_everybody_reads_anew_what_was_put_right(
    apart: Pair, sit: Sit, thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import timezone

    from threads.actions.live_records import cut_version

    ada, ben = sit("ada", apart[0]), sit("ben", apart[1])
    for update in torn():
        ada.send(SYNC, UPDATE, update)
    ada.settle()
    ben.until(lambda: sorted(ben.text("cause")) == sorted("abcdXYZ"))
    later = timezone.now() + timedelta(minutes=1)
    with monkeypatch.context() as patched:
        patched.setattr("community.rules.clock.now", lambda: later)
        assert cut_version(thread_id=thread.pk) == (True, True)
    assert (ada.ended(), ben.ended()) == (1012, 1012)
    again, other = sit("ada", apart[0]), sit("ben", apart[1])
    again.write("cause", 3, "!")
    again.settle()
    other.until(lambda: "!" in other.text("cause"))
    assert again.text("cause") == other.text("cause") == columns(thread)["cause"] == replayed(thread)["cause"]


def test_redis_stopping_loses_nothing(
    joined: Pair, sit: Sit, thread: "Thread", redis_server: ExitStack, redis_port: int
) -> None:
    ada, ben = sit("ada", joined[0]), sit("ben", joined[1])
    ada.write("problem", 0, "with ")
    ben.until(lambda: ben.text() == "with ")
    redis_server.close()
    ada.write("problem", 5, "and without")
    ben.until(lambda: ben.text() == "with and without")
    ben.write("cause", 0, "both ways")
    ada.until(lambda: ada.text("cause") == "both ways")
    redis_server.enter_context(redis.running(redis_port))
    ada.write("problem", 16, " and again")
    ben.until(lambda: ben.text() == "with and without and again")
    for server in joined:
        assert "Traceback" not in server.log.read_text()


def confirmed(writer: Writer) -> int:
    """The highest number of which a writer knows that all before it is stored."""
    return max((number_at(got.content, 0)[0] for got in writer.seen if got.type == SAVED), default=0)


def test_a_process_killed_while_somebody_types_loses_nothing_that_was_acknowledged(
    apart: Pair, start_server: Callable[..., Server], sit: Sit, thread: "Thread"
) -> None:
    dying = start_server()
    ada, ben = sit("ada", dying), sit("ben", apart[0])
    text = "".join(chr(ord("a") + number % 26) for number in range(400))
    for number, letter in enumerate(text):
        ada.write("problem", number, letter)
        ada.send(SAVED, number + 1)
        if number == len(text) // 2:
            ada.until(lambda: confirmed(ada) > 20)
    dying.process.send_signal(signal.SIGKILL)
    while ada.closed is None:
        ada.step()
    stored = columns(thread)["problem"]
    assert text.startswith(stored)
    assert len(stored) >= confirmed(ada) > 20
    assert replayed(thread)["problem"] == stored
    again = sit("ada", apart[1])
    again.replica.take(ada.replica.since())
    again.greet()
    again.send(0, 1, ada.replica.since())
    again.settle()
    ben.until(lambda: ben.text() == text)
    assert columns(thread)["problem"] == replayed(thread)["problem"] == text
