"""Who is in a thread: counted once, shown to everybody there, told not too often, forgotten in time."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.realtime.clients import Client

if TYPE_CHECKING:
    from realtime.people import Person
    from threads.models import Thread

Join = Callable[..., Client]


def person(number: int) -> "Person":
    from realtime.people import Person

    return Person(number, f"m{number}", f"Member {number}", "Acme")


def shown(presence: Any) -> tuple[list[int], int]:
    frame = json.loads(presence.frame("thread:1"))
    return [member["id"] for member in frame["members"]], frame["total"]


def test_a_member_with_two_tabs_counts_once() -> None:
    from realtime.presence import Presence

    presence = Presence()
    for number in (1, 2, 1):
        presence.enter(person(number))
    assert shown(presence) == ([1, 2], 2)
    presence.leave(person(1))
    assert shown(presence) == ([1, 2], 2)
    presence.leave(person(1))
    assert shown(presence) == ([2], 1)


def test_large_rooms_show_a_few_names_and_the_total() -> None:
    from realtime.presence import Presence

    presence, small = Presence(), Presence()
    for number in range(1, 1001):
        presence.enter(person(number))
    assert shown(presence) == (list(range(1, 9)), 1000)
    assert small.pause < presence.pause <= 15


def test_other_processes_are_believed_for_a_lease() -> None:
    from realtime.presence import Presence
    from realtime.rules import LEASE_SECONDS

    here, there = Presence(), Presence()
    here.enter(person(1))
    for number in (1, 2):
        there.enter(person(number))
    here.hear("other", json.loads(json.dumps(there.announcement())), now=100.0)
    assert shown(here) == ([1, 2], 2)
    assert not here.expire(100.0 + LEASE_SECONDS - 1)
    assert here.expire(100.0 + LEASE_SECONDS + 1)
    assert shown(here) == ([1], 1)
    here.hear("other", there.announcement(), now=200.0)
    here.hear("other", Presence().announcement(), now=200.0)
    assert shown(here) == ([1], 1)


def test_totals_are_summed_when_a_process_has_too_many_to_name() -> None:
    from realtime.presence import Presence
    from realtime.rules import MOST_IDS_ANNOUNCED

    here, crowded = Presence(), Presence()
    here.enter(person(1))
    for number in range(MOST_IDS_ANNOUNCED + 1):
        crowded.enter(person(10 + number))
    here.hear("other", crowded.announcement(), now=0.0)
    assert here.total == MOST_IDS_ANNOUNCED + 2


@pytest.mark.django_db(transaction=True)
def test_people_see_each_other_come_type_and_go(join: Join, thread: "Thread") -> None:
    stream = f"thread:{thread.pk}"
    ada, zoe = join("ada"), join("zoe")
    ada.subscribe(stream)
    assert ada.until("presence", stream=stream)["total"] == 1
    zoe.subscribe(stream)
    first = zoe.until("presence", stream=stream)
    assert [member["handle"] for member in first["members"]] == ["ada", "zoe"]
    assert first["members"][0]["organization"] == "Acme"
    assert ada.until("presence", stream=stream, total=2)["members"] == first["members"]
    for _key in range(3):
        zoe.send("typing", stream=stream)
    assert ada.until("typing", stream=stream)["member"]["handle"] == "zoe"
    zoe.settle()
    ada.settle()
    assert sum(frame["type"] == "typing" for frame in ada.seen) == 1
    assert not any(frame["type"] == "typing" for frame in zoe.seen)
    zoe.connection.close()
    assert ada.until("presence", stream=stream, total=1)


@pytest.mark.django_db(transaction=True)
def test_nobody_types_where_they_do_not_listen(join: Join, thread: "Thread") -> None:
    stream = f"thread:{thread.pk}"
    ada, finn = join("ada"), join("finn")
    ada.subscribe(stream)
    finn.send("typing", stream=stream)
    finn.settle()
    ada.settle()
    assert not any(frame["type"] == "typing" for frame in ada.seen)
