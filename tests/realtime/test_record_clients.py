"""Whose a Yjs client is, on the wire: nobody writes as somebody else's, and who comes back goes on as their own."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.realtime.writers import SAVED, STEP_2, SYNC, UPDATE, Writer, columns
from tests.threads.replicas import Replica

if TYPE_CHECKING:
    from threads.models import Thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
Sit = Callable[..., Writer]


def test_who_writes_as_somebody_else_is_closed_and_the_other_goes_on(sit: Sit, thread: "Thread") -> None:
    ben, zoe = sit("ben", client=7), sit("zoe")
    ben.write("cause", 0, "DNS")
    ben.settle()
    zoe.until(lambda: zoe.text("cause") == "DNS")
    zoe.send(SYNC, UPDATE, Replica(7, ben.replica.since()).write("cause", 3, " no"))
    assert zoe.ended() == 4400
    assert zoe.closed == (4400, "foreign")
    ben.write("cause", 3, " yes")
    ben.settle()
    assert columns(thread)["cause"] == ben.text("cause") == "DNS yes"


def test_who_was_seen_to_speak_for_a_client_is_the_first_to_write_as_it(sit: Sit, thread: "Thread") -> None:
    ben, zoe = sit("ben", client=7), sit("zoe")
    ben.say({"field": "cause"})
    zoe.until(lambda: zoe.state_of(ben) is not None)
    zoe.send(SYNC, UPDATE, Replica(7).write("cause", 0, "nothing"))
    assert zoe.ended() == 4400
    ben.connection.close()
    mo = sit("mo")
    mo.say({"field": "cause"}, client=7)
    mo.send(SYNC, UPDATE, Replica(7).write("cause", 0, "nothing"))
    assert mo.ended() == 4400
    again = sit("ben", client=7)
    again.write("cause", 0, "DNS")
    again.settle()
    assert columns(thread)["cause"] == "DNS"


def test_text_as_a_client_that_somebody_else_has_is_refused_and_not_said_to_be_stored(
    sit: Sit, thread: "Thread"
) -> None:
    zoe = sit("zoe", client=7)
    zoe.write("cause", 0, "nothing")
    zoe.settle()
    ben = sit("ben")
    ben.send(SYNC, STEP_2, Replica(7).write("cause", 0, "a disk"))
    ben.send(SAVED, 1)
    assert ben.ended() == 4400
    assert all(got.type != SAVED for got in ben.seen)
    assert columns(thread)["cause"] == "nothing"


def test_who_comes_back_goes_on_as_their_own_client_and_passes_on_what_others_wrote(sit: Sit, thread: "Thread") -> None:
    ben, zoe = sit("ben", client=7), sit("zoe", client=8)
    ben.write("cause", 0, "DNS")
    ben.settle()
    zoe.until(lambda: zoe.text("cause") == "DNS")
    zoe.write("cause", 3, "!")
    zoe.send(SYNC, STEP_2, zoe.replica.since())
    zoe.settle()
    ben.connection.close()
    again = sit("ben", client=7)
    again.until(lambda: again.text("cause") == "DNS!")
    again.write("cause", 4, "!")
    again.send(SYNC, STEP_2, again.replica.since())
    again.settle()
    assert columns(thread)["cause"] == "DNS!!"
