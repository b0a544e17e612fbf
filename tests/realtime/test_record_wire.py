"""Reading what clients of records send: whatever it is, it is read in short or refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.realtime.writers import varint

GOOD = [
    b"\x00\x00\x01\x00",
    b"\x00\x02\x02\x00\x00",
    b"\x01\x16\x01\x07\x01\x12" + b'{"field":"cause"}' + b" ",
    b"\x03",
    b"\x66\x05",
]
mutated = st.tuples(st.sampled_from(GOOD), st.integers(0, 30), st.binary(max_size=12)).map(
    lambda made: made[0][: made[1]] + made[2] + made[0][made[1] :]
)


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.binary(max_size=200), mutated))
def test_whatever_comes_is_read_or_is_a_mistake(message: bytes) -> None:
    from realtime.records import wire

    try:
        asked = wire.read(message)
    except wire.Mistake:
        return
    if isinstance(asked, wire.Awareness):
        assert all(entry.client < 2**53 and entry.clock < 2**32 for entry in asked.entries)


def test_of_a_message_about_many_none_is_read() -> None:
    from realtime.records import wire

    many = varint(700_000) + b"\0" * (2 * 1024 * 1024 - 11)
    assert wire.read(b"\x01" + varint(len(many)) + many) == wire.Awareness(())


@pytest.mark.parametrize("number", [b"\x80" * 2_000_000, varint(2**53), b"\xff" * 7 + b"\x7f"])
def test_a_number_that_nobody_can_count_to_is_a_mistake(number: bytes) -> None:
    from realtime.records import wire

    with pytest.raises(wire.Mistake):
        wire.read(b"\x66" + number)
