"""The live benchmark at a tiny size: its client sees what is lost and what comes twice, and its rows run."""

import socket
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.conf import settings

from tests.benchmarks.live import broadcast, burst, outage, stalled, streams
from tests.benchmarks.live.crowd import gathered
from tests.benchmarks.live.figures import Figure, percentile, table
from tests.benchmarks.live.floor import laid
from tests.benchmarks.live.options import Options
from tests.benchmarks.live.posting import Delivery, Posted
from tests.benchmarks.live.seats import Seat
from tests.benchmarks.live.site import Site
from tests.live import LiveSite
from tests.services import free_port

SOCKETS = 50
EVENT = b'{"type":"event","stream":"thread:0","seq":1000,"kind":"post.created","data":{"seq":5}}'
TINY = Options(
    sockets=SOCKETS,
    posts=2,
    streams=3,
    listeners=4,
    rate=20,
    seconds=0.5,
    writers=2,
    burst=6,
    burst_listeners=SOCKETS,
    viewers=(5, 10),
    window=20,
    room_listeners=SOCKETS,
    room_rate=40,
    room_seconds=0.5,
    stalled=(1,),
    editors=5,
    keystrokes=10,
    records=2,
)


def seed() -> None:
    """A small network, for a site of its own (tests/live.py)."""
    from django.core.management import call_command

    tokens = Path(settings.DATA_DIR) / "tokens"
    call_command("seed_network", members=60, centers=5, threads=3, tokens=tokens, verbosity=0)


pytestmark = pytest.mark.site(seed="tests.operations.test_live_benchmark:seed")


@pytest.fixture(scope="module")
def site(live_site: LiveSite) -> Site:
    """The small network, served."""
    lines = (live_site.data_dir / "tokens").read_text().splitlines()
    return Site(live_site, [line.split()[1] for line in lines])


def values(figures: list[Figure]) -> dict[str, str]:
    """What was measured, by its name."""
    return {figure.what: figure.value for figure in figures}


def test_the_client_sees_what_is_lost_and_what_comes_twice() -> None:
    seats = [Seat("nobody", "thread:0", 1000)] * SOCKETS
    with laid(EVENT) as floor, gathered(floor.address, seats) as crowd:
        crowd.arrive(SOCKETS)
        for seq in (1001, 1002, 1002, 1004):
            floor.broadcast(seq)
        assert crowd.expect(3 * SOCKETS, patience=10)
        assert not crowd.expect(1, patience=0)
        seen = crowd.take()
    assert (seen.skipped, seen.repeated, seen.gone) == (SOCKETS, SOCKETS, 0)
    assert {seq: len(times) for seq, times in seen.arrivals().items()} == dict.fromkeys((1001, 1002, 1004), SOCKETS)
    assert seen.lacking(dict.fromkeys(range(SOCKETS), 1004)) == SOCKETS
    assert seen.lacking(dict.fromkeys(range(SOCKETS), 1005)) == 2 * SOCKETS


def test_sockets_that_are_refused_are_told() -> None:
    seats = [Seat("nobody", "thread:0", 0)] * 3
    with (
        gathered(("127.0.0.1", free_port()), seats) as crowd,
        pytest.raises(RuntimeError, match="0 of 3 sockets arrive"),
    ):
        crowd.arrive(3)


def test_a_broadcast_beside_the_floor(site: Site) -> None:
    with (
        broadcast.full_room(site, SOCKETS, "Broadcast") as room,
        laid(room.frame) as floor,
        gathered(floor.address, broadcast.floor_seats(SOCKETS)) as below,
    ):
        room.crowd.arrive(SOCKETS)
        below.arrive(SOCKETS)
        figures = values(list(broadcast.in_turn("row", room, floor, below, TINY)))
    assert (figures["lost"], figures["twice"]) == ("0", "0")
    assert int(figures["frame"].split()[0].replace(",", "")) < 3000


@pytest.mark.parametrize("row", [streams.measure, burst.measure, burst.measure_viewers])
def test_other_rows(site: Site, row: Callable[..., list[Figure]]) -> None:
    figures = list(row(site, TINY))
    lost = [figure for figure in figures if figure.reference == "none"]
    assert lost
    assert all(figure.good for figure in lost), table(figures)


def test_clients_that_never_read_are_there_until_they_are_cut_off(site: Site) -> None:
    with broadcast.full_room(site, 1, "Stalled") as room, stalled.unread(room, 2) as clients:
        assert stalled.ended(clients, patience=0) == 0
        clients[0].shutdown(socket.SHUT_RDWR)
        assert stalled.ended(clients, patience=0) == 1


@pytest.mark.parametrize(
    ("late", "again"), [((), 100), ((-50,), 100), ((20, 900), 1400), ((20, 1500), 520), (range(0, 5000, 900), None)]
)
def test_live_again_is_when_all_arrive_at_once_for_a_while(late: Iterable[int], again: int | None) -> None:
    slow = set(late)
    posts = [Posted(1, number, 0, (100 + number) * 1_000_000) for number in range(-100, 5000, 10)]
    arrived = [Delivery(post, 400_000_000 if post.number in slow else 5_000_000) for post in posts]
    expected = float("inf") if again is None else again * 1_000_000
    assert outage.live_again(arrived, returned=100_000_000) == expected


def test_percentiles() -> None:
    assert [percentile([5, 1, 4, 2, 3], percent) for percent in (50, 99, 1)] == [3, 5, 1]
