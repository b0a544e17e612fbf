"""Crowds: how much is written while they come, that they are counted right across processes, and who has no name."""

from typing import Any

from tests.realtime.crowds import Loop, Network, Process, Wire, person, ticking, wire

SIZE = 18_000


def written(listeners: list[Any], type_: str = "presence") -> int:
    """How many frames of a type they were sent in all."""
    mark = f'{{"type":"{type_}"'
    return sum(frame.startswith(mark) for listening in listeners for frame in wire(listening).sent)


def arrive(processes: list[Process], loop: Loop, people: int, a_second: int, first: int = 1) -> list[Any]:
    """So many people, spread over the processes, at that rate."""
    listeners = []
    for number in range(people):
        loop.passes(1 / a_second)
        listeners.append(processes[number % len(processes)].enter(person(first + number)))
    return listeners


def test_18000_who_arrive_are_told_three_times_each_at_most_and_in_the_end_right() -> None:
    loop, network = Loop(), Network()
    processes = [Process(loop, network, name) for name in ("one", "two")]
    ticking(loop, *processes)
    listeners = arrive(processes, loop, SIZE, 1000)
    loop.passes(120)
    assert written(listeners) <= 3 * SIZE
    assert {wire(listening).shown[1] for listening in listeners} == {SIZE}
    assert [process.crowd.totals for process in processes] == [{1: SIZE}] * 2


def test_a_crowd_that_comes_and_goes_is_told_of_at_a_bounded_rate() -> None:
    from realtime.rules import PRESENCE_TO_A_PLACE

    loop = Loop()
    process = Process(loop)
    listeners = arrive([process], loop, 4000, 4000)
    loop.passes(60)
    before, began = written(listeners), loop.now
    for number in range(3000):
        process.leave(process.enter(person(SIZE + number)))
        loop.passes(0.01)
    seconds = loop.now - began
    assert 0 < written(listeners) - before <= PRESENCE_TO_A_PLACE * seconds + len(listeners)


def test_many_small_rooms_that_change_at_once_share_a_budget() -> None:
    from realtime.rules import WRITES_A_PROCESS

    loop = Loop()
    process = Process(loop)
    rooms = [f"thread:{number}" for number in range(1, 1001)]
    listeners = [process.enter(person(number), room) for room in rooms for number in range(1, 9)]
    loop.passes(30)
    before, began = written(listeners), loop.now
    for _time in range(40):
        for room in rooms:
            process.leave(process.enter(person(99), room))
        loop.passes(0.25)
    told = written(listeners) - before
    assert 0 < told <= WRITES_A_PROCESS * (loop.now - began) + 2 * len(listeners)


def test_a_small_room_is_told_within_half_a_second_and_is_exact_at_once_for_who_comes() -> None:
    loop = Loop()
    process = Process(loop)
    ada = process.enter(person(1))
    loop.passes(10)
    ben = process.enter(person(2))
    assert wire(ben).shown == ([1, 2], 2)
    assert wire(ada).shown == ([1], 1)
    loop.passes(0.5)
    assert wire(ada).shown == ([1, 2], 2)
    process.leave(ben)
    loop.passes(0.5)
    assert wire(ada).shown == ([1], 1)
    loop.passes(60)
    assert written([ada]) == 3


def test_a_second_tab_changes_nothing_for_the_others() -> None:
    loop = Loop()
    process = Process(loop)
    ada = process.enter(person(1))
    loop.passes(10)
    again = process.enter(person(1))
    loop.passes(10)
    process.leave(again)
    loop.passes(10)
    assert written([ada]) == 1


def test_who_has_tabs_on_two_processes_counts_once_however_many_there_are() -> None:
    loop, network = Loop(), Network()
    one, two = Process(loop, network, "one"), Process(loop, network, "two")
    ticking(loop, one, two)
    here = [one.enter(person(number)) for number in range(1, 2001)]
    there = [two.enter(person(number)) for number in range(1001, 3001)]
    loop.passes(60)
    assert {wire(listening).shown[1] for listening in here + there} == {3000}
    for listening in there[:1000]:
        two.leave(listening)
    loop.passes(60)
    assert {wire(listening).shown[1] for listening in here} == {3000}
    for listening in there[1000:]:
        two.leave(listening)
    loop.passes(60)
    assert {wire(listening).shown[1] for listening in here} == {2000}


def test_a_process_that_is_killed_is_forgotten_within_a_lease() -> None:
    from realtime.rules import LEASE_SECONDS, PRESENCE_SECONDS, TICK_SECONDS

    loop, network = Loop(), Network()
    one, two = Process(loop, network, "one"), Process(loop, network, "two")
    ticking(loop, one, two)
    ada, _ben = one.enter(person(1)), two.enter(person(2))
    two.enter(person(3), "thread:7")
    loop.passes(30)
    assert wire(ada).shown == ([1, 2], 2)
    assert one.crowd.totals == {1: 2, 7: 1}
    del network.processes["two"]
    loop.passes(LEASE_SECONDS + PRESENCE_SECONDS + 2 * TICK_SECONDS)
    assert wire(ada).shown == ([1], 1)
    assert one.crowd.totals == {1: 1}


def test_time_in_which_a_process_was_stopped_ends_no_lease() -> None:
    from realtime.rules import LEASE_SECONDS, PRESENCE_SECONDS

    loop, network = Loop(), Network()
    one, two = Process(loop, network, "one"), Process(loop, network, "two")
    ada, _ben = one.enter(person(1)), two.enter(person(2))
    two.crowd.tick()
    loop.passes(3 * LEASE_SECONDS)
    one.crowd.tick(late=3 * LEASE_SECONDS)
    loop.passes(LEASE_SECONDS - 1)
    one.crowd.tick()
    loop.passes(PRESENCE_SECONDS)
    assert wire(ada).shown == ([1, 2], 2)
    loop.passes(2)
    one.crowd.tick()
    loop.passes(PRESENCE_SECONDS)
    assert wire(ada).shown == ([1], 1)


def test_an_outage_ends_with_everybody_counted_again_within_seconds() -> None:
    from realtime.rules import ALIVE_SECONDS, LEASE_SECONDS

    loop, network = Loop(), Network()
    one, two = Process(loop, network, "one"), Process(loop, network, "two")
    ticking(loop, one, two)
    ada, ben = one.enter(person(1)), two.enter(person(2))
    loop.passes(30)
    network.down = True
    cleo = one.enter(person(3))
    two.leave(ben)
    ben = two.enter(person(4))
    loop.passes(LEASE_SECONDS + 5)
    assert wire(ada).shown == wire(cleo).shown == ([1, 3], 2)
    assert wire(ben).shown == ([4], 1)
    network.down = False
    loop.passes(ALIVE_SECONDS + 2)
    assert wire(ada).shown == ([1, 3, 4], 3)
    assert wire(ben).shown == ([4, 1, 3], 3)


def test_a_lost_word_is_made_good_by_the_next_sign_of_life() -> None:
    from realtime.rules import ALIVE_SECONDS

    loop, network = Loop(), Network()
    one, two = Process(loop, network, "one"), Process(loop, network, "two")
    ticking(loop, one, two)
    ada, ben = one.enter(person(1)), two.enter(person(2))
    cleo = two.enter(person(3), "thread:7")
    dora = one.enter(person(4), "thread:7")
    loop.passes(30)
    network.down = True
    two.leave(cleo)
    two.enter(person(5))
    loop.passes(1)
    network.down = False
    loop.passes(ALIVE_SECONDS + 2)
    assert wire(ada).shown == ([1, 2, 5], 3)
    assert wire(ben).shown == ([2, 5, 1], 3)
    assert wire(dora).shown == ([4], 1)


def test_a_process_that_starts_again_is_not_counted_twice() -> None:
    loop, network = Loop(), Network()
    one, two = Process(loop, network, "one"), Process(loop, network, "two")
    ticking(loop, one, two)
    ada = one.enter(person(1))
    two.enter(person(2))
    loop.passes(30)
    del network.processes["two"]
    again = Process(loop, network, "three")
    ticking(loop, again)
    ben = again.enter(person(2))
    loop.passes(3)
    assert wire(ada).shown == ([1, 2], 2)
    assert wire(ben).shown == ([2, 1], 2)


def test_who_counts_without_a_name_is_in_the_total_and_in_no_frame_and_no_word_to_other_processes() -> None:
    loop, network = Loop(), Network()
    one, two = Process(loop, network, "one"), Process(loop, network, "two")
    ticking(loop, one, two)
    said: list[str] = []
    network.overheard_by = said.append
    ada, ben = one.enter(person(1)), two.enter(person(2))
    nameless = one.enter(person(77, named=False))
    one.crowd.type(nameless.place, nameless)
    loop.passes(30)
    assert wire(ada).shown == ([1, 2], 3)
    assert wire(ben).shown == ([2, 1], 3)
    assert wire(nameless).shown == ([1, 2], 3)
    everything = said + [frame for each in (ada, ben, nameless) for frame in wire(each).sent]
    assert not [text for text in everything if "Member 77" in text or "m77" in text]
    assert not wire(ada).frames("typing")


def test_the_choice_counts_at_once_for_who_is_there_already() -> None:
    loop, network = Loop(), Network()
    one, two = Process(loop, network, "one"), Process(loop, network, "two")
    ticking(loop, one, two)
    ada, ben = one.enter(person(1)), two.enter(person(2))
    loop.passes(30)
    network.down = True
    for process in (one, two):
        process.crowd.choose({1})
    loop.passes(2)
    assert wire(ada).shown == wire(ben).shown == ([2], 2)
    network.down = False
    late = one.enter(person(1))
    assert wire(late).shown == ([2], 2)
    for process in (one, two):
        process.crowd.choose(set())
    loop.passes(2)
    assert wire(ada).shown == ([1, 2], 2)
    assert wire(ben).shown == ([2, 1], 2)


def test_a_name_that_is_to_go_goes_at_once_also_in_a_crowd_and_everywhere() -> None:
    loop, network = Loop(), Network()
    one, two = Process(loop, network, "one"), Process(loop, network, "two")
    ticking(loop, one, two)
    listeners = arrive([one, two], loop, 4000, 4000)
    loop.passes(60)
    shown = [{*wire(each).shown[0]} for each in (listeners[0], listeners[1])]
    assert {1, 3} <= shown[0]
    assert {2, 4} <= shown[1]
    newcomers = arrive([one, two], loop, 200, 100, first=SIZE)
    before = written(listeners)
    network.down = True
    for process in (one, two):
        process.crowd.choose({1, 2})
    late = [process.enter(person(2 * SIZE)) for process in (one, two)]
    assert not any({1, 2} & {*wire(each).shown[0]} for each in late)
    loop.passes(1)
    assert not any({1, 2} & {*wire(each).shown[0]} for each in listeners + newcomers)
    network.down = False
    for _time in range(20):
        for process in (one, two):
            process.crowd.choose(set())
        loop.passes(1)
        for process in (one, two):
            process.crowd.choose({1, 2})
        loop.passes(1)
    assert written(listeners) < before + 8 * len(listeners)


def test_who_counts_without_a_name_is_not_seen_typing_even_when_their_process_has_not_heard_of_it_yet() -> None:
    loop, network = Loop(), Network()
    one, two = Process(loop, network, "one"), Process(loop, network, "two")
    ada, ben, cleo = one.enter(person(1)), two.enter(person(2)), two.enter(person(3))
    one.crowd.choose({2})
    for writer in (ben, cleo):
        two.crowd.type(writer.place, writer)
    assert [frame["member"]["id"] for frame in wire(ada).frames("typing")] == [3]


def test_who_comes_to_a_room_learns_at_once_who_is_there_in_other_processes_now() -> None:
    loop, network = Loop(), Network()
    one, two = Process(loop, network, "one"), Process(loop, network, "two")
    ben = two.enter(person(2))
    loop.passes(10)
    ada = one.enter(person(1))
    assert wire(ada).shown == ([1, 2], 2)
    loop.passes(10)
    one.leave(ada)
    two.leave(ben)
    network.down = True
    assert wire(one.enter(person(1))).shown == ([1], 1)


def test_typing_in_a_crowd_is_told_at_a_bounded_rate() -> None:
    from realtime.rules import TYPING_TO_A_PLACE

    loop = Loop()
    process = Process(loop)
    listeners = arrive([process], loop, 4000, 4000)
    began = loop.now
    for number in range(2000):
        writer = listeners[number]
        process.crowd.type(writer.place, writer)
        loop.passes(0.02)
    told, bound = written(listeners, "typing"), TYPING_TO_A_PLACE * (loop.now - began)
    assert bound / 2 < told <= bound + len(listeners)


def test_hints_to_a_full_space_come_at_a_bounded_rate_and_the_last_one_comes() -> None:
    from realtime.rules import HINTS_TO_A_PLACE

    loop = Loop()
    process = Process(loop)
    listeners = [process.enter(person(number), "space:lobby") for number in range(5000)]
    place, began = listeners[0].place, loop.now
    for _time in range(400):
        process.crowd.hint(place)
        loop.passes(0.1)
    seconds = loop.now - began
    told = written(listeners, "hint")
    assert len(listeners) < told <= HINTS_TO_A_PLACE * seconds + len(listeners)
    process.crowd.hint(place)
    loop.passes(60)
    assert written(listeners, "hint") == told + len(listeners)
    assert wire(listeners[0]).frames("hint")[-1] == {"type": "hint", "stream": "space:lobby", "within": 50}


def test_a_place_that_closes_leaves_nothing_planned() -> None:
    loop = Loop()
    process = Process(loop)
    space = process.enter(person(1), "space:lobby").place
    process.crowd.hint(space)
    process.crowd.hint(space)
    assert space.timers
    process.crowd.close(space)
    ada = process.enter(person(1))
    process.leave(ada)
    process.crowd.close(ada.place)
    sent = len(wire(ada).sent)
    loop.passes(60)
    assert (space.timers, ada.place.timers, len(wire(ada).sent)) == ({}, {}, sent)


def test_rooms_that_emptied_do_not_slow_the_others_down() -> None:
    loop = Loop()
    process = Process(loop)
    crowd = [process.enter(person(number), f"thread:{room}") for room in range(2, 2000) for number in range(8)]
    loop.passes(20)
    for listening in crowd:
        process.leave(listening)
    ada = process.enter(person(1))
    for number in (2, 3):
        process.enter(person(number))
        loop.passes(0.6)
        assert wire(ada).shown[1] == number


def test_a_budget_lets_one_through_that_costs_more_and_is_paid_off_before_the_next() -> None:
    from realtime.pace import Budget

    budget = Budget(100, now=0.0)
    budget.spend(1000)
    assert not budget.covers(8.9)
    assert not budget.covers(5.0)
    assert budget.covers(20.0)


def test_wires_tell_frames_apart() -> None:
    socket = Wire(person(1))
    socket.push('{"type":"hint"}')
    assert socket.frames("presence") == []


def test_other_sites_on_the_same_redis_are_not_heard(settings: Any) -> None:
    from realtime.bridge import group

    ours = group()
    assert group() == ours
    settings.SECRET_KEY = "another site"
    assert group() != ours
