"""Who is known to be on line, in this process and by what others tell."""

from tests.realtime.crowds import Loop, Network, Process, person, ticking

EVERYBODY = (1, 2, 3, 77)


def online(process: Process) -> set[int]:
    """Whom this process knows to be on line, and may say so of."""
    return process.crowd.online.among(EVERYBODY, process.crowd.unnamed)


def test_those_of_other_processes_are_known_by_the_next_sign_of_life_and_gone_after_the_lease() -> None:
    from realtime.rules import ALIVE_SECONDS, LEASE_SECONDS

    loop, network = Loop(), Network()
    one, two = Process(loop, network, "one"), Process(loop, network, "two")
    ticking(loop, one, two)
    one.crowd.came(person(1))
    two.crowd.came(person(2))
    assert online(one) == {1}
    loop.passes(ALIVE_SECONDS + 1)
    assert online(one) == online(two) == {1, 2}
    one.crowd.went(person(1))
    assert online(one) == {2}
    loop.passes(ALIVE_SECONDS + 1)
    assert online(two) == {2}
    del network.processes["two"]
    loop.passes(LEASE_SECONDS + 2)
    assert online(one) == set()


def test_only_who_is_asked_about_is_told() -> None:
    process = Process(Loop())
    for number in (1, 2):
        process.crowd.came(person(number))
    assert process.crowd.online.among([2, 3]) == {2}


def test_who_is_present_without_a_name_is_on_line_for_nobody() -> None:
    loop, network = Loop(), Network()
    one, two = Process(loop, network, "one"), Process(loop, network, "two")
    ticking(loop, one, two)
    said: list[str] = []
    network.overheard_by = said.append
    one.crowd.came(person(77, named=False))
    one.crowd.came(person(1))
    loop.passes(30)
    assert online(one) == online(two) == {1}
    assert not [text for text in said if "77" in text.partition("online")[2]]
    for process in (one, two):
        process.crowd.choose({1})
    assert 1 not in online(one) | online(two)
