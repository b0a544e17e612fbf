"""Who is in a thread: counted once, shown to everybody there, told not too often, forgotten in time."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.realtime.clients import Client
from tests.realtime.crowds import person

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread

Join = Callable[..., Client]


ids = st.sets(st.integers(1, 6), max_size=4)


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

    presence = Presence()
    for number in range(1, 1001):
        presence.enter(person(number))
    assert shown(presence) == (list(range(1, 9)), 1000)


def test_the_frame_is_the_same_one_while_nothing_changes() -> None:
    from realtime.presence import Presence

    presence = Presence()
    presence.enter(person(1))
    first = presence.frame("thread:1")
    presence.enter(person(1))
    assert presence.frame("thread:1") is first
    presence.enter(person(2))
    assert presence.frame("thread:1") is not first


def test_what_another_process_said_earlier_does_not_undo_what_it_said_later() -> None:
    from realtime.presence import Presence

    here, there = Presence(), Presence()
    here.enter(person(1))
    there.enter(person(2))
    early = there.announcement()
    there.enter(person(3))
    assert here.hear("other", there.announcement())
    assert not here.hear("other", early)
    assert shown(here) == ([1, 2, 3], 3)
    assert here.forget("other")
    assert not here.forget("other")
    assert shown(here) == ([1], 1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["enter", "leave", "hear", "forget"]), st.integers(0, 2), ids), max_size=40))
def test_the_total_is_the_number_of_different_people_whatever_happens(steps: list[tuple[str, int, set[int]]]) -> None:
    from realtime.presence import Presence

    presence, sockets = Presence(), list[int]()
    elsewhere: dict[int, set[int]] = {}
    for version, (what, process, members) in enumerate(steps, 1):
        if what == "enter":
            for member in members:
                presence.enter(person(member), named=bool(member % 2))
            sockets += members
        elif what == "leave":
            for member in members & set(sockets):
                presence.leave(person(member))
                sockets.remove(member)
        elif what == "hear":
            people = [(member, "m", "M", "A") for member in members]
            presence.hear(str(process), {"version": version, "people": people, "ids": list(members)})
            elsewhere[process] = members
        else:
            presence.forget(str(process))
            elsewhere.pop(process, None)
        assert presence.total == len(set(sockets).union(*elsewhere.values()))
        assert presence.here == len(set(sockets))


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


@pytest.mark.django_db(transaction=True)
def test_who_chooses_so_counts_without_a_name_and_types_unseen(join: Join, cast: "Cast", thread: "Thread") -> None:
    from community.actions.members import edit_profile

    def chooses(choice: bool) -> None:
        edit_profile(by=cast.zoe, name="Zoe", about="", time_zone="", present_without_name=choice)

    stream = f"thread:{thread.pk}"
    ada, zoe = join("ada"), join("zoe")
    for client in (ada, zoe):
        client.subscribe(stream)
    ada.until("presence", stream=stream, total=2)
    chooses(True)
    nameless = ada.until("presence", stream=stream, total=2)
    assert [member["handle"] for member in nameless["members"]] == ["ada"]
    zoe.send("typing", stream=stream)
    zoe.settle()
    late = join("zoe")
    late.subscribe(stream)
    assert [member["handle"] for member in late.until("presence", stream=stream)["members"]] == ["ada"]
    chooses(False)
    named = ada.until("presence", stream=stream, total=2)
    assert [member["handle"] for member in named["members"]] == ["ada", "zoe"]
    assert not any(frame["type"] == "typing" for frame in ada.seen)
