"""Who writes where: what is told of whom, with which clock and colour."""

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from realtime.people import Person
    from realtime.records.awareness import Whereabouts

NOBODY: frozenset[int] = frozenset()


def person(number: int) -> "Person":
    from realtime.people import Person

    return Person(number, f"m{number}", f"Member {number}", "Acme")


def say(people: "Whereabouts", member: int, client: int, clock: int = 1, **state: Any) -> bool:
    from realtime.records.wire import Entry

    return people.hear(person(member), Entry(client, clock, json.dumps(state).encode()))


def told(people: "Whereabouts", unnamed: frozenset[int] = NOBODY) -> dict[int, tuple[int, Any]]:
    return {entry.client: (entry.clock, json.loads(entry.state)) for entry in people.take(unnamed)}


@pytest.fixture
def people() -> "Whereabouts":
    from realtime.records.awareness import Whereabouts

    return Whereabouts()


def test_only_what_changed_is_told_and_only_once(people: "Whereabouts") -> None:
    say(people, 1, 10, field="cause")
    say(people, 2, 20)
    assert told(people).keys() == {10, 20}
    assert not people.changed
    say(people, 1, 10, clock=1, field="problem")
    assert not people.changed
    say(people, 1, 10, clock=2, field="problem")
    ((client, (clock, state)),) = told(people).items()
    assert (client, clock, state["field"]) == (10, 2, "problem")


def test_who_is_gone_is_told_with_a_higher_clock(people: "Whereabouts") -> None:
    say(people, 1, 10, clock=4)
    told(people)
    people.leave(10)
    assert told(people) == {10: (5, None)}
    people.leave(10)
    assert not people.changed


def test_colours_are_a_members_own_and_nobody_elses_while_there_are_enough(people: "Whereabouts") -> None:
    for member in (3, 11, 19, 3):
        say(people, member, 100 + member * 10 + member)
    say(people, 3, 999)
    slots = {client: state["user"]["slot"] for client, (_clock, state) in told(people).items()}
    assert slots[133] == slots[999] == 3
    assert len({slots[133], slots[221], slots[309]}) == 3


def test_a_colour_of_another_process_is_taken_too(people: "Whereabouts") -> None:
    user = {"id": 11, "name": "Eleven", "organization": "Acme", "slot": 3}
    people.hear_others("other", [(50, 1, {"user": user, "cursor": None, "field": None})], now=0.0)
    say(people, 3, 10)
    assert told(people)[10][1]["user"]["slot"] == 4


def test_choosing_to_have_no_name_is_told_at_once_and_clocks_only_rise(people: "Whereabouts") -> None:
    say(people, 1, 10, clock=3)
    assert told(people)[10][0] == 3
    people.choose({1}, NOBODY)
    clock, state = told(people, frozenset({1}))[10]
    assert (clock, state["user"]["name"]) == (4, "")
    assert not state["user"].keys() & {"id", "organization", "slot"}
    say(people, 1, 10, clock=4)
    assert told(people, frozenset({1}))[10][0] == 5
    people.leave(10)
    assert told(people)[10] == (6, None)


def test_other_processes_say_all_they_have_and_are_forgotten_when_silent(people: "Whereabouts") -> None:
    from realtime.records.limits import FORGOTTEN_SECONDS

    state = {"user": {"name": ""}, "cursor": None, "field": "cause"}
    people.hear_others("one", [(50, 1, state), (51, 1, state)], now=0.0)
    people.hear_others("two", [(60, 7, state)], now=20.0)
    assert told(people).keys() == {50, 51, 60}
    people.hear_others("one", [(50, 1, state)], now=1.0)
    assert told(people) == {51: (2, None)}
    people.forget(FORGOTTEN_SECONDS + 2)
    assert told(people) == {50: (2, None)}
    assert {entry.client for entry in people.entries(NOBODY)} == {60}


def test_who_comes_here_from_another_process_is_here(people: "Whereabouts") -> None:
    state = {"user": {"name": ""}, "cursor": None, "field": "cause"}
    people.hear_others("one", [(50, 1, state)], now=0.0)
    told(people)
    say(people, 1, 50, clock=2, field="problem")
    people.hear_others("one", [], now=1.0)
    assert told(people)[50][1]["field"] == "problem"


@pytest.mark.parametrize("state", [b"{", b"[" * 2000, b"7", b'"x"', b"\xff"])
def test_what_is_no_state_is_nothing(people: "Whereabouts", state: bytes) -> None:
    from realtime.records.wire import Entry

    assert not people.hear(person(1), Entry(10, 1, state))
    assert not people.changed
