"""Writing a record over its socket: what comes to whom, and what is stored before it is told."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.realtime.servers import Server
from tests.realtime.writers import STEP_2, SYNC, UPDATE, Writer, columns

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
Sit = Callable[..., Writer]


def test_what_one_writes_comes_to_the_others_and_is_in_the_columns(sit: Sit, thread: "Thread") -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.write("problem", 0, "Hellö 😀")
    ben.write("cause", 0, "DNS")
    ada.settle()
    ben.settle()
    both = ("Hellö 😀", "DNS")
    ada.until(lambda: (ada.text("problem"), ada.text("cause")) == both)
    ben.until(lambda: (ben.text("problem"), ben.text("cause")) == both)
    assert columns(thread) == {"problem": "Hellö 😀", "environment": "", "cause": "DNS", "resolution": ""}
    late = sit("zoe")
    assert late.replica.texts == ada.replica.texts


def test_what_was_written_without_a_connection_is_asked_for_and_merges(sit: Sit, thread: "Thread") -> None:
    ada = sit("ada")
    ada.write("problem", 0, "Mail ")
    ada.settle()
    away = sit("ben")
    away.connection.close()
    away.replica.write("problem", 5, "waits")
    ada.write("problem", 0, "Our ")
    ada.settle()
    back = sit("ben", greet=False)
    back.replica = away.replica
    back.join()
    back.settle()
    ada.until(lambda: ada.text() == back.text())
    assert columns(thread)["problem"] == ada.text() == "Our Mail waits"


# How it begins


@pytest.mark.parametrize("path", ["/ws/records/{}", "/ws/records/{}/"])
def test_the_path_may_end_with_a_slash(sit: Sit, path: str) -> None:
    sit("ada", path=path).settle()


@pytest.mark.parametrize("path", ["/ws/records/", "/ws/records/{}/x", "/ws/records/0", "/ws/records/99999999"])
def test_other_paths_lead_nowhere(sit: Sit, path: str) -> None:
    assert sit("ada", greet=False, path=path).ended() == 4404


def test_a_browser_comes_by_cookie_from_our_own_pages_only(
    server: Server, thread: "Thread", sign_in: Callable[[str], tuple[str, Callable[[], None]]]
) -> None:
    cookie, sign_out = sign_in("ada")
    with Writer(server.host, thread.pk, cookie=cookie, origin="http://evil.example") as foreign:
        assert foreign.ended() == 4403
    with Writer(server.host, thread.pk, cookie=cookie, origin=f"http://{server.host}") as ada:
        ada.join().write("cause", 0, "DNS")
        ada.settle()
        sign_out()
        assert ada.ended() == 4401
    assert columns(thread)["cause"] == "DNS"


def test_without_a_token_nobody_comes_in(server: Server, thread: "Thread") -> None:
    with Writer(server.host, thread.pk, "nonsense") as nobody:
        assert nobody.ended() == 4401


def test_a_record_that_was_written_by_form_is_there(sit: Sit, cast: "Cast", thread: "Thread") -> None:
    from threads.actions.records import save_record

    save_record(by=cast.ada, thread=thread, fields={"problem": "By form.", "cause": "Ünknown."})
    ben = sit("ben")
    assert (ben.text("problem"), ben.text("cause")) == ("By form.", "Ünknown.")
    ben.write("problem", 3, "the ")
    ben.settle()
    assert columns(thread)["problem"] == "By the form."


def test_what_a_form_or_the_api_saves_comes_to_who_sits_there(sit: Sit, cast: "Cast", thread: "Thread") -> None:
    from threads.actions.records import save_record

    ada = sit("ada")
    ada.write("problem", 0, "Mail waits")
    ada.settle()
    save_record(by=cast.ben, thread=thread, fields={"problem": "All mail waits"})
    ada.until(lambda: ada.text() == "All mail waits")


# What is saved


def test_nothing_is_relayed_or_acknowledged_before_it_is_stored(
    sit: Sit, thread: "Thread", request: pytest.FixtureRequest
) -> None:
    from django.db import transaction

    from threads.models import WorkingRecord

    ada, ben = sit("ada"), sit("ben")
    with transaction.atomic():
        WorkingRecord.objects.filter(pk=thread.pk).update(updated_at=None)
        ada.write("problem", 0, "x")
        ada.send(102, 7)
        for writer in (ada, ben):
            seen = len(writer.seen)
            with pytest.raises(TimeoutError):
                writer.until(lambda: len(writer.seen) > seen, patience=0.3)  # noqa: B023  (called at once)
    ada.until(lambda: any(got.type == 102 for got in ada.seen))
    ben.until(lambda: ben.text() == "x")


def test_who_does_not_ask_is_told_nothing_of_saving(sit: Sit) -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.write("problem", 0, "x")
    ben.until(lambda: ben.text() == "x")
    ben.settle()
    assert not any(got.type == 102 for got in ada.seen)


def test_the_answer_to_a_question_comes_after_what_was_sent_before_it_is_stored(sit: Sit, thread: "Thread") -> None:
    ada = sit("ada")
    ada.write("problem", 0, "stored")
    answers = sum(got.step == STEP_2 for got in ada.seen)
    ada.greet()
    ada.until(lambda: sum(got.step == STEP_2 for got in ada.seen) > answers)
    assert columns(thread)["problem"] == "stored"


def test_sending_again_changes_nothing(sit: Sit, thread: "Thread") -> None:
    from threads.models import RecordUpdate

    ada, ben = sit("ada"), sit("ben")
    update = ada.replica.write("problem", 0, "once")
    for _time in range(3):
        ada.send(SYNC, UPDATE, update)
        ada.settle()
    ada.send(SYNC, STEP_2, ada.replica.since())
    ada.settle()
    ben.until(lambda: ben.text() == "once")
    assert RecordUpdate.objects.filter(record=thread.pk).count() == 1
