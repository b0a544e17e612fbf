"""Reading Yjs updates: every one that a client makes of the four texts passes, and nothing else does."""

from collections.abc import Callable
from typing import Any

import pycrdt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.threads.replicas import FIELDS, Replica
from threads.rules.yjs import (
    MOST_BYTES,
    MOST_STRUCTS,
    Foreign,
    Malformed,
    Range,
    TooLarge,
    Unusable,
    read_update,
    read_vector,
)

Make = Callable[[pycrdt.Doc[Any]], object]

PIECES = ["a", "b ", "é", "😀", "wörd", "\n", "x" * 200, "\0"]


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(128 | number & 127)
        number >>= 7
    return bytes([*out, number])


def string(text: bytes) -> bytes:
    return varint(len(text)) + text


def update(*structs: bytes, client: int = 5, clock: int = 0, deletions: bytes = b"\0") -> bytes:
    return b"\1" + varint(len(structs)) + varint(client) + varint(clock) + b"".join(structs) + deletions


def first(text: bytes = b"x", *, root: bytes = b"cause", kind: int = 4) -> bytes:
    return bytes([kind, 1]) + string(root) + string(text)


steps = st.tuples(st.integers(0, 2), st.sampled_from(FIELDS), st.integers(0, 10**6), st.sampled_from([*PIECES, ""]))


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=40), st.sets(st.integers(0, 39)))
def test_whatever_clients_write_is_read_as_what_it_is(written: list, exchanges: set) -> None:
    replicas = [Replica(client) for client in (3, 2**32 - 1, 2**53 - 1)]
    known: dict[int, int] = {}
    for number, (who, field, place, piece) in enumerate(written):
        replica = replicas[who]
        length = len(replica.texts[field])
        if piece:
            replica.write(field, place % (length + 1), piece)
        elif length:
            replica.remove(field, place % length, 1 + place % 3)
        if number in exchanges:
            for other in replicas:
                other.take(replica.since(other.vector))
    server = Replica(9)
    for replica in replicas:
        for message in [replica.since(server.vector), *replica.sent(), replica.since()]:
            found = read_update(message)
            assert not found.is_missing_something(known)
            known |= found.brings(known)
            server.take(message)
            assert read_vector(server.vector) == known
    assert {replica.since(server.vector)[:1] for replica in replicas} == {b"\0"}


def test_what_an_update_says() -> None:
    ben = Replica(7)
    ben.write("cause", 0, "a😀é")
    assert read_update(ben.outgoing[-1]).ranges == [Range(7, 0, 4)]
    ben.write("cause", 2, "x")
    found = read_update(ben.outgoing[-1])
    assert (found.ranges, found.needs, found.inserted, found.structs) == ([Range(7, 4, 5)], [(7, 2), (7, 3)], 1, 1)
    assert found.is_missing_something({7: 3})
    assert not found.is_missing_something({7: 4})
    assert found.brings({7: 4}) == {7: 5}
    assert found.brings({7: 5}) == {}
    found = read_update(ben.remove("cause", 0, 2))
    assert found.deletions == [Range(7, 0, 3)]
    assert found.is_missing_something({7: 2})
    assert not found.is_missing_something({7: 3})
    assert ben.texts["cause"] == "xé"


def test_what_builds_on_something_unknown_is_missing_it() -> None:
    def beside(flags: int, *places: bytes) -> bytes:
        return bytes([4 | flags]) + b"".join(places) + string(b"x")

    left, right = beside(128, b"\6\3"), beside(64, b"\6\3")
    for struct in (left, right):
        assert read_update(update(struct)).is_missing_something({6: 3})
        assert not read_update(update(struct)).is_missing_something({6: 4})
    assert read_update(update(first(), clock=2)).is_missing_something({5: 1})
    assert not read_update(update(first(), clock=2)).is_missing_something({5: 2})
    within = update(first(b"abc"), bytes([4 | 128, 5, 2]) + string(b"x"))
    assert not read_update(within).is_missing_something({})
    skipping = update(first(b"abc"), bytes([10, 4]), first(b"abc"))
    assert read_update(skipping).is_missing_something({})


def made_otherwise(make: Make) -> bytes:
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    make(doc)
    return doc.get_update()


def in_a_map(doc: pycrdt.Doc) -> None:
    doc["cause"] = pycrdt.Map({"a": 1})


def in_an_array(doc: pycrdt.Doc) -> None:
    doc["cause"] = pycrdt.Array(["a"])


def embedded(doc: pycrdt.Doc) -> None:
    doc.get("cause", type=pycrdt.Text).insert_embed(0, {"image": 1})


def formatted(doc: pycrdt.Doc) -> None:
    doc.get("cause", type=pycrdt.Text).insert(0, "b", {"bold": True})


def in_another_root(doc: pycrdt.Doc) -> None:
    doc["summary"] = pycrdt.Text("x")


def nested(doc: pycrdt.Doc) -> None:
    doc["cause"] = pycrdt.Array([pycrdt.Text("x")])


def in_markup(doc: pycrdt.Doc) -> None:
    doc["cause"] = fragment = pycrdt.XmlFragment()
    fragment.children.append(pycrdt.XmlText("x"))


@pytest.mark.parametrize(
    "make",
    [in_a_map, in_an_array, embedded, formatted, in_another_root, nested, in_markup],
    ids=lambda make: make.__name__,
)
def test_what_is_no_text_of_a_record_is_foreign(make: Make) -> None:
    with pytest.raises(Foreign):
        read_update(made_otherwise(make))


FOREIGN = {
    "an attribute of a root": update(bytes([4 | 32, 1]) + string(b"cause") + string(b"key") + string(b"x")),
    "an attribute beside text": update(bytes([4 | 32 | 128, 5, 0]) + string(b"x")),
    "a nested parent": update(bytes([4, 0, 5, 0]) + string(b"x")),
    "a root in other letters": update(first(root=b"Cause")),
    "a document in a document": update(bytes([9, 1]) + string(b"cause") + string(b"id") + b"\x7f"),
}

MALFORMED = {
    "nothing": b"",
    "half of it": update(first(b"hello"))[:-4],
    "something after it": update(first()) + b"\0",
    "two of them": update(first()) * 2,
    "a number without end": b"\x80" * 12,
    "a number too long": b"\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
    "a client beyond 53 bits": b"\1\1" + varint(2**53) + b"\0" + first() + b"\0",
    "a clock beyond 31 bits": update(first(), clock=2**31),
    "clocks that run beyond": update(bytes([0]) + varint(2**31 - 1), clock=1),
    "bad UTF-8": update(first(b"e5e\xe5")),
    "half a pair": update(first(b"\xed\xa0\xbd")),
    "no text in a text": update(first(b"")),
    "nothing of garbage": update(b"\0\0"),
    "garbage with a neighbour": update(bytes([128, 5, 0, 1])),
    "a gap with a neighbour": update(bytes([10 | 64, 5, 0, 1])),
    "a string beyond the end": update(bytes([4, 1]) + string(b"cause") + varint(2**40)),
    "one client twice": b"\2\1\5\0" + first() + b"\1\5\1" + first() + b"\0",
    "one client deleted twice": b"\0\2\5\1\0\1\5\1\0\1",
    "the eighteen bytes that end a process": bytes.fromhex("0101ca0100c4010a010b0620746865e56500"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_forged_for_elsewhere(name: str) -> None:
    with pytest.raises(Foreign):
        read_update(FOREIGN[name])


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed(name: str) -> None:
    with pytest.raises(Malformed):
        read_update(MALFORMED[name])


def test_too_large() -> None:
    with pytest.raises(TooLarge):
        read_update(b"\0" * (MOST_BYTES + 1))
    with pytest.raises(TooLarge):
        read_update(b"\1" + varint(MOST_STRUCTS + 1) + b"\5\0" + first(b"x") * (MOST_STRUCTS + 1) + b"\0")
    assert read_update(b"\1" + varint(MOST_STRUCTS) + b"\5\0" + first() * MOST_STRUCTS + b"\0").structs == MOST_STRUCTS


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=60), st.data())
def test_any_bytes_are_read_or_refused(noise: bytes, data: st.DataObject) -> None:
    real = bytearray(update(first(b"hello"), bytes([4 | 128, 5, 2]) + string("é".encode()), deletions=b"\1\5\1\0\1"))
    for _each in range(data.draw(st.integers(1, 3))):
        real[data.draw(st.integers(0, len(real) - 1))] = data.draw(st.integers(0, 255))
    for message in (noise, bytes(real)):
        try:
            found = read_update(message)
        except Unusable:
            continue
        assert all(start < end for _client, start, end in found.ranges)


@pytest.mark.parametrize("vector", [b"", b"\1\5", b"\1\5\1\0", b"\2\5\1\5\2", b"\x80" * 9])
def test_vectors_that_are_none(vector: bytes) -> None:
    with pytest.raises(Malformed):
        read_vector(vector)
