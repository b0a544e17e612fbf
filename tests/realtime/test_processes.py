"""Several web processes: with Redis at once, without it by the sweep, and with Redis going away half-way."""

import http.client
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.realtime.clients import Client
from tests.realtime.servers import Server
from tests.services import redis
from tests.services.processes import PATIENCE_SECONDS

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = pytest.mark.django_db(transaction=True)
Join = Callable[..., Client]
Pair = tuple[Server, Server]


def write(server: Server, token: str, thread: "Thread", times: int = 1) -> None:
    """Replies in that process."""
    for _time in range(times):
        server.call(token, "POST", f"threads/{thread.pk}/posts", {"body": "Try this."})


def test_without_redis_the_sweep_brings_everything(
    apart: Pair, join: Join, token_of: Callable[[str], str], thread: "Thread"
) -> None:
    one, other = apart
    stream = f"thread:{thread.pk}"
    here, there = join("ada", one), join("zoe", other)
    for client in (here, there):
        client.subscribe(stream)
        client.subscribe("space:alliance")
    write(one, token_of("ben"), thread, 3)
    for client in (here, there):
        assert client.numbers(stream, 5) == [3, 4, 5]
        if not any(frame["type"] == "hint" for frame in client.seen):
            client.until("hint", stream="space:alliance")


def test_with_redis_nudges_hints_presence_and_typing_cross(
    joined: Pair, join: Join, token_of: Callable[[str], str], cast: "Cast", thread: "Thread"
) -> None:
    one, other = joined
    stream = f"thread:{thread.pk}"
    ada, zoe = join("ada", one), join("zoe", other)
    for client in (ada, zoe):
        client.subscribe(stream)
        client.subscribe("space:alliance")
    for client in (ada, zoe):
        while not any(frame.get("total") == 2 for frame in client.seen):
            client.until("presence", stream=stream)
    names = {member["handle"] for frame in zoe.seen if frame.get("total") == 2 for member in frame["members"]}
    assert names == {"ada", "zoe"}
    zoe.send("typing", stream=stream)
    assert ada.until("typing", stream=stream)["member"]["handle"] == "zoe"
    write(one, token_of("ben"), thread)
    for client in (ada, zoe):
        assert client.numbers(stream, 3) == [3]
        if not any(frame["type"] == "hint" for frame in client.seen):
            client.until("hint", stream="space:alliance")
    zoe.send("unsubscribe", stream=stream)
    assert ada.until("presence", stream=stream, total=1)["members"][0]["handle"] == "ada"


def home_page(server: Server, cookie: str) -> str:
    """The home page of a signed-in member."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/", headers={"Cookie": cookie})
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def test_pages_of_every_process_say_where_people_are(
    joined: Pair, join: Join, sign_in: Callable[[str], tuple[str, Callable[[], None]]], thread: "Thread"
) -> None:
    one, other = joined
    cookie, _sign_out = sign_in("mo")
    for handle in ("ada", "zoe"):
        join(handle, one).subscribe(f"thread:{thread.pk}")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while "2 people there" not in home_page(other, cookie):
        assert time.monotonic() < deadline


def test_who_could_help_says_who_is_on_line_in_every_process_and_stops_when_they_leave(
    joined: Pair, join: Join, token_of: Callable[[str], str], cast: "Cast", thread: "Thread"
) -> None:
    from tests.realtime.conftest import open_thread
    from threads.actions.posts import post_reply

    post_reply(by=cast.zoe, thread=open_thread(cast), body="Look at the seal.")
    token = token_of("mo")

    def on_line(server: Server) -> bool:
        found = server.call(token, "GET", f"threads/{thread.pk}/matches")["items"]
        zoe = next(each for each in found if each["member"]["handle"] == "zoe")
        return "here" in {reason["kind"] for reason in zoe["reasons"]}

    def becomes(wanted: list[bool]) -> bool:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while [on_line(server) for server in joined] != wanted:
            assert time.monotonic() < deadline
        return True

    assert becomes([False, False])
    zoe = join("zoe", joined[0])
    assert becomes([True, True])
    zoe.connection.close()
    assert becomes([False, False])


def test_when_a_process_dies_its_people_can_go_on_in_another(
    apart: Pair, start_server: Callable[..., Server], join: Join, token_of: Callable[[str], str], thread: "Thread"
) -> None:
    dying, stream, token = start_server(), f"thread:{thread.pk}", token_of("ben")
    ada = join("ada", dying)
    ada.subscribe(stream, after=0)
    write(dying, token, thread, 2)
    assert ada.numbers(stream, 4) == [1, 2, 3, 4]
    dying.process.send_signal(signal.SIGKILL)
    write(apart[0], token, thread, 2)
    ada_again = join("ada", apart[1])
    ada_again.subscribe(stream, after=4)
    assert ada_again.numbers(stream, 6) == [5, 6]


def test_a_process_that_is_killed_leaves_nobody_behind_for_longer_than_a_lease(
    joined: Pair, start_server: Callable[..., Server], join: Join, redis_port: int, thread: "Thread"
) -> None:
    from realtime.rules import LEASE_SECONDS

    dying, stream = start_server(REDIS_URL=f"redis://127.0.0.1:{redis_port}/0"), f"thread:{thread.pk}"
    ada, zoe = join("ada", joined[0]), join("zoe", dying)
    for client in (ada, zoe):
        client.subscribe(stream)
    ada.until("presence", stream=stream, total=2)
    dying.process.send_signal(signal.SIGKILL)
    alone = ada.until("presence", stream=stream, total=1, patience=LEASE_SECONDS + 10)
    assert [member["handle"] for member in alone["members"]] == ["ada"]


def test_a_process_that_was_stopped_for_a_while_does_not_take_the_others_for_gone(
    joined: Pair, start_server: Callable[..., Server], join: Join, redis_port: int, thread: "Thread"
) -> None:
    from realtime.rules import LEASE_SECONDS

    stopped, stream = start_server(REDIS_URL=f"redis://127.0.0.1:{redis_port}/0"), f"thread:{thread.pk}"
    ada, zoe = join("ada", joined[0]), join("zoe", stopped)
    for client in (ada, zoe):
        client.subscribe(stream)
    for client in (ada, zoe):
        client.until("presence", stream=stream, total=2)
    zoe.seen.clear()
    stopped.process.send_signal(signal.SIGSTOP)
    try:
        ada.until("presence", stream=stream, total=1, patience=LEASE_SECONDS + 10)
    finally:
        stopped.process.send_signal(signal.SIGCONT)
    ada.until("presence", stream=stream, total=2)
    join("mo", joined[0]).subscribe(stream)
    zoe.until("presence", stream=stream, total=3)
    assert {frame["total"] for frame in zoe.seen if frame["type"] == "presence"} <= {2, 3}


def test_redis_stopping_loses_nothing_and_it_mends_itself(
    joined: Pair,
    join: Join,
    token_of: Callable[[str], str],
    thread: "Thread",
    redis_server: ExitStack,
    redis_port: int,
) -> None:
    one, other = joined
    stream, token = f"thread:{thread.pk}", token_of("ben")
    here, there = join("ada", one), join("zoe", other)
    for client in (here, there):
        client.subscribe(stream)
    write(one, token, thread, 2)
    assert there.numbers(stream, 4) == [3, 4]
    redis_server.close()
    write(one, token, thread, 3)
    write(other, token, thread, 3)
    late = join("mo", other)
    late.subscribe(stream, after=0)
    for client, first in ((here, 3), (there, 3), (late, 1)):
        assert client.numbers(stream, 10) == list(range(first, 11))
    redis_server.enter_context(redis.running(redis_port))
    cross_again(here, there, stream)
    while not any(frame.get("total") == 3 for frame in here.seen):
        here.until("presence", stream=stream)
    write(other, token, thread)
    assert here.numbers(stream, 11) == list(range(3, 12))
    for server in joined:
        assert server.log.read_text().count("the channel layer fails") <= 1
        assert "Traceback" not in server.log.read_text()


def cross_again(here: Client, there: Client, stream: str) -> None:
    """Types until it is seen on the other side: only Redis carries that, so it is back."""
    for _try in range(8):
        here.send("typing", stream=stream)
        try:
            there.until("typing", patience=2.5)
        except TimeoutError:
            continue
        return
    raise AssertionError("typing never crossed again")
