"""What is refused at a record, with which code; who may write it, and who may see it no more."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pycrdt
import pytest

from tests.realtime.writers import STEP_1, STEP_2, SYNC, UPDATE, Writer, columns

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
Sit = Callable[..., Writer]


# What is refused


def foreign_update() -> bytes:
    doc: pycrdt.Doc = pycrdt.Doc()
    doc.get("evil", type=pycrdt.Map)["a"] = 1
    return doc.get_update()


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"\x00\x02\x03\x01\x02\x03", 4400),
        (b"\x00\x02\xff", 4400),
        (b"\x00\x07\x00", 4400),
        (b"\x63", 4400),
        (b"\x02\x00\x00", 4400),
        (b"", 4400),
        ("text", 4400),
        (b"\x00\x00\x02\xff\xff", 4400),
        (bytes((SYNC, UPDATE, len(foreign_update()))) + foreign_update(), 4400),
        (bytes((SYNC, STEP_1)) + b"\xff" * 20, 4400),
        (b"\x00\x02" + b"\x00" * (2 * 1024 * 1024 + 100), 4413),
    ],
    ids=[
        "no update", "cut off", "unknown step", "unknown type", "auth", "empty", "text", "vector", "root", "number",
        "long",
    ],
)  # fmt: skip
def test_nonsense_ends_the_connection_and_nothing_is_kept(
    sit: Sit, thread: "Thread", sent: bytes | str, code: int
) -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.connection.send(sent)
    assert ada.ended() == code
    ben.settle()
    assert not any(got.step == UPDATE for got in ben.seen)
    assert not any(columns(thread).values())


def test_a_record_that_becomes_too_large_is_refused(sit: Sit, thread: "Thread") -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.write("problem", 0, "x" * 60_000)
    ada.settle()
    ben.until(lambda: len(ben.text()) == 60_000)
    ben.write("problem", 0, "y")
    assert ben.ended() == 4413
    assert columns(thread)["problem"] == "x" * 60_000


def test_the_sites_own_client_is_nobody_elses(sit: Sit) -> None:
    ada = sit("ada", client=1)
    ada.write("problem", 0, "as the site")
    assert ada.ended() == 4400


def test_a_good_update_in_the_same_round_as_a_bad_one_is_stored(sit: Sit, thread: "Thread") -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.send(SYNC, UPDATE, foreign_update())
    ben.write("problem", 0, "good")
    ben.settle()
    assert ada.ended() == 4400
    assert columns(thread)["problem"] == "good"


def test_what_is_missing_is_asked_for_and_saved_is_said_only_then(sit: Sit, thread: "Thread") -> None:
    ada, ben = sit("ada"), sit("ben")
    asked = ada.asked
    ada.replica.write("problem", 0, "first ")
    ada.replica.sent()
    ada.write("problem", 6, "second")
    ada.settle()
    assert ada.asked == asked + 1
    assert columns(thread)["problem"] == "first second"
    ben.until(lambda: ben.text() == "first second")


def test_who_never_sends_what_is_missing_is_closed(sit: Sit, thread: "Thread", monkeypatch: pytest.MonkeyPatch) -> None:
    ada = sit("ada")
    ada.replica.write("problem", 0, "first ")
    ada.replica.sent()
    second = ada.replica.write("problem", 6, "second")
    monkeypatch.setattr(ada.replica, "since", lambda _vector: second)
    ada.flush()
    assert ada.ended() == 1013
    assert columns(thread)["problem"] == ""


def test_who_sends_without_end_is_closed(sit: Sit) -> None:
    ada = sit("ada")
    for _number in range(1500):
        ada.send(102, 1)
    assert ada.ended() == 1013


# Who may write, and who may see it


def test_a_closed_thread_is_read_and_not_written(sit: Sit, cast: "Cast", thread: "Thread") -> None:
    from threads.actions.records import save_record
    from threads.models import Thread

    save_record(by=cast.ada, thread=thread, fields={"problem": "As it was."})
    Thread.objects.filter(pk=thread.pk).update(status=Thread.Status.CLOSED)
    zoe = sit("zoe")
    assert (zoe.text(), zoe.asked) == ("As it was.", 0)
    zoe.send(SYNC, STEP_2, zoe.replica.since())
    zoe.settle()
    zoe.write("problem", 0, "Not ")
    assert zoe.ended() == 4405
    assert zoe.seen[-1].type == 2
    assert columns(thread)["problem"] == "As it was."


def test_who_may_write_no_longer_or_again_comes_back(sit: Sit, thread: "Thread") -> None:
    from threads.models import Thread

    ada = sit("ada")
    Thread.objects.filter(pk=thread.pk).update(status=Thread.Status.CLOSED)
    assert ada.ended() == 4500
    again = sit("ada")
    assert not again.asked
    Thread.objects.filter(pk=thread.pk).update(status=Thread.Status.OPEN)
    assert again.ended() == 4500
    assert sit("ada").asked == 1


def test_a_recorded_thread_is_read_only_from_that_moment(sit: Sit, cast: "Cast", thread: "Thread") -> None:
    from threads.actions.practices import record_practice
    from threads.actions.resolution import resolve

    ada = sit("ada")
    for number, field in enumerate(("problem", "environment", "cause", "resolution")):
        ada.write(field, 0, f"Enough is said here, {number}.")
    ada.settle()
    resolve(by=cast.ada, thread=thread, posts=[], summary="Done.")
    record_practice(by=cast.cleo, thread=thread)
    ada.write("cause", 0, "late ")
    assert ada.ended() == 4500
    assert columns(thread)["cause"] == "Enough is said here, 2."


def test_who_may_not_see_the_thread_gets_nothing(sit: Sit) -> None:
    finn = sit("finn", greet=False)
    assert finn.ended() == 4404
    assert finn.seen == []


def shown_out(cast: "Cast") -> None:
    """Mo sees the space only as its moderator, and is it no more."""
    from community.actions.spaces import revoke_role
    from community.models import Grant

    for grant in Grant.objects.filter(member=cast.mo, space=cast.spaces["alliance"]):
        revoke_role(by=cast.nia, grant=grant)


def test_who_may_see_it_no_more_is_out_before_the_next_word(sit: Sit, cast: "Cast") -> None:
    ada, mo = sit("ada"), sit("mo")
    shown_out(cast)
    ada.write("problem", 0, "secret")
    ada.settle()
    assert mo.ended() == 4404
    assert not any(got.step == UPDATE for got in mo.seen)


def test_what_somebody_sends_who_may_see_it_no_more_is_not_stored(sit: Sit, cast: "Cast", thread: "Thread") -> None:
    mo = sit("mo")
    shown_out(cast)
    mo.write("problem", 0, "too late")
    assert mo.ended() == 4404
    assert columns(thread)["problem"] == ""


def test_a_change_behind_the_sites_back_counts_soon(sit: Sit, thread: "Thread") -> None:
    from threads.models import Audience, Thread

    zoe = sit("zoe")
    Thread.objects.filter(pk=thread.pk).update(audience=Audience.ORGANIZATION)
    assert zoe.ended() == 4404


def test_a_revoked_token_ends_it(sit: Sit, cast: "Cast") -> None:
    from django.utils import timezone

    from community.models import ApiToken

    ada = sit("ada")
    ApiToken.objects.filter(member=cast.ada).update(revoked_at=timezone.now())
    assert ada.ended() == 4401
