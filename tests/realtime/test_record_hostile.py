"""What somebody may send to a record who means harm: nothing is stored of it, nobody else is delayed or misled."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.realtime.servers import Server
from tests.realtime.writers import AWARENESS, STEP_1, STEP_2, SYNC, UPDATE, Writer, columns, varint

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = pytest.mark.django_db(transaction=True)
Sit = Callable[..., Writer]
MOST = 2**53 - 1
ENDLESS = b"\xff" * 30


def piece(content: bytes) -> bytes:
    return varint(len(content)) + content


def entries(*said: tuple[int, int, bytes]) -> bytes:
    """An awareness message."""
    told = b"".join(varint(client) + varint(clock) + piece(state) for client, clock, state in said)
    return bytes((AWARENESS,)) + piece(varint(len(said)) + told)


def placed(client: int, clock: int, root: bytes, text: bytes) -> bytes:
    """An update with one piece of text."""
    return varint(1) + varint(1) + varint(client) + varint(clock) + b"\x04\x01" + piece(root) + piece(text) + b"\0"


NONSENSE = {
    "a length without end": b"\x00\x02" + ENDLESS,
    "a length far beyond": b"\x00\x02" + varint(MOST) + b"x",
    "a type without end": ENDLESS,
    "a client that no script can count to": entries((2**54, 1, b"{}")),
    "awareness cut off": b"\x01\x05\x01\x07\x01\x09{",
    "awareness with something behind": entries((7, 1, b"{}")) + b"x",
    "awareness in awareness": b"\x01\x03\x01\x07\x01",
    "saved without a number": b"\x66",
    "saved with two": b"\x66\x01\x02",
    "asking with a question": b"\x03\x03",
    "a vector of everybody": b"\x00\x00" + piece(varint(40_000) + b"".join(varint(n) + b"\1" for n in range(40_000))),
    "a vector that counts wrongly": b"\x00\x00" + piece(varint(MOST)),
    "a vector beyond all clocks": b"\x00\x00" + piece(varint(1) + varint(7) + varint(2**40)),
    "no fields of ours": bytes((0, UPDATE)) + piece(placed(7, 0, b"title", b"x")),
    "a field with a nul": bytes((0, UPDATE)) + piece(placed(7, 0, b"cause\0", b"x")),
    "text that is not UTF-8": bytes((0, UPDATE)) + piece(placed(7, 0, b"cause", b"\xed\xa0\x80")),
    "as the site": bytes((0, UPDATE)) + piece(placed(1, 0, b"cause", b"x")),
    "a struct that holds another": bytes((0, UPDATE)) + piece(b"\x01\x01\x07\x00\x07\x01\x05cause\x00" + b"\0"),
    "a subdocument": bytes((0, UPDATE)) + piece(b"\x01\x01\x07\x00\x09\x01\x05cause\x01a\x00" + b"\0"),
    "structs that are not there": bytes((0, UPDATE)) + piece(b"\x01\x7f\x07\x00"),
    "a whole document that is cut off": bytes((0, STEP_2)) + piece(b"\x01\x01\x07"),
    "no length at all": bytes((0, UPDATE)) + piece(b"\x01\x01\x07\x00\x00\x00\x00"),
}
TOO_MUCH = {
    "deletions by everybody": bytes((0, UPDATE)) + piece(b"\x00" + varint(MOST)),
    "more structs than anybody writes": bytes((0, UPDATE))
    + piece(b"\x01" + varint(60_000) + b"\x07\x00" + b"\0\1" * 9),
    "more clients than anybody is": bytes((0, UPDATE)) + piece(varint(60_000)),
    "more deletions than anybody makes": bytes((0, UPDATE)) + piece(b"\x00\x01\x07" + varint(300_000)),
}


@pytest.mark.parametrize("name", [*NONSENSE, *TOO_MUCH])
def test_it_ends_the_connection_of_who_sent_it_and_nothing_else(sit: Sit, thread: "Thread", name: str) -> None:
    zoe, ben = sit("zoe"), sit("ben")
    zoe.connection.send((NONSENSE | TOO_MUCH)[name])
    assert zoe.ended() == (4400 if name in NONSENSE else 4413)
    ben.write("cause", 0, "calm")
    ben.settle()
    assert columns(thread) == {"problem": "", "environment": "", "cause": "calm", "resolution": ""}
    assert ben.text("cause") == "calm"


IGNORED = {
    "deep": b'{"cursor":' + b"[" * 1500,
    "deep and whole": b"[" * 1000 + b"]" * 1000,
    "no JSON": b"\xff\xfe\x00",
    "a number of a thousand digits": b'{"cursor":{"anchor":{"item":{"client":' + b"9" * 1000 + b"}}}}",
    "not a number": b'{"cursor":{"anchor":NaN}}',
    "half a character": b'{"field":"\\ud800"}',
    "a list": b"[1, 2]",
    "too long": b'{"field":"' + b"x" * 3000 + b'"}',
}


@pytest.mark.parametrize("name", IGNORED)
def test_a_state_that_nobody_can_use_reaches_nobody(sit: Sit, name: str) -> None:
    zoe, ben = sit("zoe"), sit("ben")
    zoe.connection.send(entries((zoe.replica.doc.client_id, 1, IGNORED[name])))
    zoe.settle()
    ben.say({"field": "cause"})
    zoe.until(lambda: zoe.state_of(ben) is not None)
    said = json.dumps([state for _clock, state in ben.people.values()])
    assert "9999" not in said
    assert "xxxx" not in said
    assert all(state is None or state["cursor"] is None for _clock, state in ben.people.values())


def test_a_clock_that_leaves_no_room_for_another_is_not_taken(sit: Sit) -> None:
    zoe, ben = sit("zoe"), sit("ben")
    zoe.say({"field": "cause"}, clock=MOST)
    zoe.say({"field": "problem"}, clock=3)
    ben.until(lambda: ben.state_of(zoe) is not None)
    assert ben.state_of(zoe)["field"] == "problem"
    zoe.connection.close()
    ben.until(lambda: ben.state_of(zoe) is None)


def test_nobody_takes_the_place_of_somebody_else(sit: Sit) -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.say({"field": "cause"})
    ben.until(lambda: ben.state_of(ada) is not None)
    zoe = sit("zoe")
    zoe.say({"user": {"name": "Ada Lindqvist"}, "field": "problem"}, clock=99, client=ada.replica.doc.client_id)
    zoe.say(None, clock=100, client=ada.replica.doc.client_id)
    zoe.say({"user": {"name": "Ada Lindqvist"}, "field": "resolution"}, clock=1)
    ben.until(lambda: ben.state_of(zoe) is not None)
    assert ben.state_of(zoe)["user"]["name"] == "Zoe Nakamura"
    assert ben.state_of(ada)["field"] == "cause"
    ada.say(None, clock=2)
    ben.until(lambda: ben.state_of(ada) is None)
    thief = sit("zoe")
    thief.say({"field": "problem"}, clock=99, client=ada.replica.doc.client_id)
    ada.say({"field": "environment"}, clock=3)
    ben.until(lambda: (ben.state_of(ada) or {}).get("field") == "environment")
    assert ben.state_of(ada)["user"]["name"] == "Ada Lindqvist"


def test_who_comes_back_while_their_dead_line_is_still_there_has_their_place_again(sit: Sit) -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.say({"field": "cause"})
    ben.until(lambda: ben.state_of(ada) is not None)
    again = sit("ada", client=ada.replica.doc.client_id)
    again.say({"field": "problem"}, clock=2)
    ben.until(lambda: ben.state_of(ada)["field"] == "problem")
    ada.connection.close()
    again.say({"field": "resolution"}, clock=3)
    ben.until(lambda: (ben.state_of(ada) or {}).get("field") == "resolution")


def test_a_flood_of_places_is_told_at_the_pace_of_everybody(sit: Sit, thread: "Thread") -> None:
    zoe, ben = sit("zoe"), sit("ben")
    for clock in range(1, 800):
        zoe.say({"field": ("cause", "problem")[clock % 2]}, clock=clock)
    ben.until(lambda: ben.people.get(zoe.replica.doc.client_id, (0, None))[0] == 799)
    told = sum(got.type == AWARENESS for got in ben.seen)
    assert told < 200
    ben.write("cause", 0, "calm")
    ben.settle()
    assert columns(thread)["cause"] == "calm"


def test_who_speaks_for_hundreds_speaks_for_nobody(sit: Sit) -> None:
    zoe, ben = sit("zoe"), sit("ben")
    zoe.connection.send(entries(*((number, 1, b'{"field":"cause"}') for number in range(100, 600))))
    zoe.say({"field": "problem"}, clock=2)
    ben.until(lambda: ben.state_of(zoe) is not None)
    assert ben.people.keys() == {zoe.replica.doc.client_id}


def test_who_asks_for_everything_without_end_is_closed(sit: Sit, thread: "Thread") -> None:
    ada = sit("ada")
    ada.write("problem", 0, "x" * 1000)
    ada.settle()
    zoe = sit("zoe")
    for _time in range(1500):
        zoe.send(SYNC, STEP_1, b"\0")
    assert zoe.ended() == 1013
    ada.write("problem", 0, "y")
    ada.settle()
    assert columns(thread)["problem"].startswith("yx")


def test_a_member_has_forty_sockets_and_no_more(
    server: Server, cast: "Cast", thread: "Thread", token_of: Callable[[str], str]
) -> None:
    token = token_of("zoe")
    with ExitStack() as stack:
        for _number in range(40):
            stack.enter_context(Writer(server.host, thread.pk, token)).join()
        more = stack.enter_context(Writer(server.host, thread.pk, token))
        assert more.ended() == 4409
        other = stack.enter_context(Writer(server.host, thread.pk, token_of("ada"))).join()
        other.write("cause", 0, "calm")
        other.settle()
    assert columns(thread)["cause"] == "calm"


def test_an_update_goes_where_the_socket_is_and_nowhere_else(sit: Sit, cast: "Cast", thread: "Thread") -> None:
    """A whole document of another thread is text like any other: it is written by whoever sends it, here."""
    from tests.realtime.conftest import open_thread
    from threads.actions.records import save_record

    other = open_thread(cast)
    save_record(by=cast.ada, thread=other, fields={"cause": "elsewhere"})
    zoe, stranger = sit("zoe"), sit("zoe", path=f"/ws/records/{other.pk}")
    stranger.until(lambda: stranger.text("cause") == "elsewhere")
    zoe.send(SYNC, STEP_2, stranger.replica.since())
    assert zoe.ended() == 4400
    assert columns(thread)["cause"] == ""
    assert columns(other)["cause"] == "elsewhere"
