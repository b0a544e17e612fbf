"""A guest who is shown out: both their sockets end, in other processes too, and nothing written afterwards comes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.realtime.clients import Client
from tests.realtime.conftest import reply
from tests.realtime.servers import Server
from tests.realtime.writers import Writer, columns

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
Pair = tuple[Server, Server]
GONE = 4404


@pytest.fixture(params=["apart", "joined"])
def pair(request: pytest.FixtureRequest) -> Pair:
    """Two processes, without Redis and with it."""
    servers: Pair = request.getfixturevalue(request.param)
    return servers


@pytest.fixture
def write(token_of: Callable[[str], str], thread: "Thread") -> Iterator[Callable[[str, Server], Writer]]:
    """Puts members at the record in a process: `write("ada", one)`."""
    with ExitStack() as stack:
        yield lambda handle, at: stack.enter_context(Writer(at.host, thread.pk, token_of(handle))).join()


def let_in(at: Server, token: str, thread: "Thread", handle: str) -> None:
    """As a script would: what they will see is looked at first."""
    shown = at.call(token, "GET", f"threads/{thread.pk}/audience/preview?member={handle}")
    at.call(token, "PUT", f"threads/{thread.pk}/guests/{handle}", {"preview": shown["preview"]})


def test_a_guest_who_is_shown_out_gets_nothing_more_in_any_process(
    pair: Pair,
    join: Callable[..., Client],
    write: Callable[[str, Server], Writer],
    token_of: Callable[[str], str],
    cast: "Cast",
    thread: "Thread",
) -> None:
    one, two = pair
    token, stream = token_of("ada"), f"thread:{thread.pk}"
    let_in(two, token, thread, "finn")
    listening, staying = join("finn", one), join("zoe", one)
    for client in (listening, staying):
        client.subscribe(stream)
    finn, ada = write("finn", one), write("ada", two)
    finn.write("cause", 0, "Dust")
    ada.until(lambda: ada.text("cause") == "Dust")

    two.call(token, "DELETE", f"threads/{thread.pk}/guests/finn")
    reply(thread, cast.ben, "Without Finn.")
    ada.write("cause", 4, " and rain")
    ada.settle()
    assert listening.until("error", stream=stream)["code"] == "not_there"
    assert finn.ended() == GONE
    staying.until("event", stream=stream, kind="post.created")
    listening.settle()
    assert listening.events(stream) == []
    assert finn.text("cause") == "Dust"
    assert columns(thread)["cause"] == "Dust and rain"
    listening.send("subscribe", stream=stream, after=0)
    assert listening.until("error", stream=stream)["code"] == "not_there"
