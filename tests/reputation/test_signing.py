"""What is signed, letter by letter, and that whatever two readers might read differently is refused."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reputation.rules.signing import (
    MOST_BYTES,
    Unreadable,
    canonical,
    from_text,
    id_of,
    is_signed,
    key_from,
    pem_of,
    public_of,
    read_strictly,
    seed_of,
    sign,
    to_text,
)

SEED = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"  # the first test of RFC 8032
RECORD = {
    "format": "guildhall-record/1",
    "id": "0b0c4d3e-6a3f-4b60-9a53-2f6f6d1c9f10",
    "issued_at": "2026-11-23T07:00:00Z",
    "network": {"name": "Guildhall", "address": "https://guildhall.example"},
    "member": {"name": 'Zoë "Z" \\ 中村 🦉', "handle": "zoe"},
    "period": {"first": None, "last": "2026-11-23"},
    "subjects": None,
    "organizations": [{"name": "Brightline", "first": "2024-02-11", "last": "2026-11-20"}],
    "contributions": [{"kind": "solution", "count": 3, "points": 45}],
    "years": [{"year": 2026, "kind": "solution", "count": 3, "points": 45}],
    "topics": [],
    "standing": 45,
    "certificates": None,
}
SIGNED = (
    '{"certificates":null,"contributions":[{"count":3,"kind":"solution","points":45}],"format":"guildhall-record/1",'
    '"id":"0b0c4d3e-6a3f-4b60-9a53-2f6f6d1c9f10","issued_at":"2026-11-23T07:00:00Z",'
    '"member":{"handle":"zoe","name":"Zoë \\"Z\\" \\\\ 中村 🦉"},'
    '"network":{"address":"https://guildhall.example","name":"Guildhall"},'
    '"organizations":[{"first":"2024-02-11","last":"2026-11-20","name":"Brightline"}],'
    '"period":{"first":null,"last":"2026-11-23"},"standing":45,"subjects":null,"topics":[],'
    '"years":[{"count":3,"kind":"solution","points":45,"year":2026}]}'
)
SIGNATURE = "TeM0nSIvAgjWmyjvAS5pM2frWuUXPMt48XIrxYRH0PQaSjDuDiz8QV5V-plg20LhKXbljaRzN8vax8zGbjFrAg"

PUBLIC = public_of(key_from(SEED))

scalars = st.none() | st.integers(-(10**15) + 1, 10**15 - 1) | st.text(st.characters(exclude_categories=["Cs"]))
names = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=6)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3))
records = st.dictionaries(names, values, max_size=4).filter(lambda found: _depth(found) <= 7)


def _depth(found: Any) -> int:
    inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else None
    return 0 if inner is None else 1 + max(map(_depth, inner), default=0)


def test_the_golden_vector() -> None:
    """The key is that of RFC 8032, 7.1, so that others can check theirs by it."""
    private = key_from(SEED)
    assert canonical(RECORD).decode() == SIGNED
    assert public_of(private) == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert id_of(public_of(private)) == "21fe31dfa154a261626bf854046fd227"
    assert sign(private, RECORD) == SIGNATURE
    assert is_signed(public_of(private), RECORD, SIGNATURE)
    assert pem_of(public_of(private)).startswith("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKx")


def test_how_a_file_is_laid_out_does_not_matter() -> None:
    for laid_out in (json.dumps(RECORD, indent=4), json.dumps(RECORD, ensure_ascii=False), "\ufeff" + SIGNED):
        assert canonical(read_strictly(laid_out.encode())).decode() == SIGNED


@given(records)
def test_what_is_signed_reads_back_as_it_was(record: dict[str, Any]) -> None:
    assert read_strictly(canonical(record)) == record
    assert canonical(read_strictly(json.dumps(record).encode())) == canonical(record)


@given(st.data())
def test_any_byte_that_is_changed_is_found(data: st.DataObject) -> None:
    """Whatever one byte is made into, the record reads as it was, or is not signed, or cannot be read."""
    whole = bytearray(json.dumps({"record": RECORD, "value": SIGNATURE}, ensure_ascii=False).encode())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))
    try:
        found = read_strictly(bytes(whole))
        record, value = found["record"], found["value"]
    except (Unreadable, KeyError, TypeError):
        return
    is_as_it_was = record == RECORD and value == SIGNATURE
    assert is_signed(PUBLIC, record, value) is is_as_it_was


@given(st.binary(max_size=80))
def test_no_other_signature_will_do(raw: bytes) -> None:
    assert not is_signed(PUBLIC, RECORD, to_text(raw))


def test_a_signature_is_written_in_one_way_only() -> None:
    """Its last letter has four bits that mean nothing; other letters for the same bytes are refused."""
    raw = from_text(SIGNATURE)
    assert raw is not None
    for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=":
        if other != SIGNATURE[-1]:
            assert not is_signed(PUBLIC, RECORD, SIGNATURE[:-1] + other)
    for odd in (SIGNATURE + "==", SIGNATURE + "\n", " " + SIGNATURE, "é" * 86, "", base64.b64encode(raw).decode()):
        assert not is_signed(PUBLIC, RECORD, odd)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_json"),
        (b"\x00", "not_json"),
        (b'{"a": "\x00"}', "not_json"),
        (b"\xff\xfe{}", "not_text"),
        (b'{"a": "\\ud800"}', "not_text"),
        (b'{"\\udfff": 1}', "not_text"),
        (b'{"a": 1, "a": 1}', "named_twice"),
        (b'{"r": {"a": 1, "\\u0061": 2}}', "named_twice"),
        (b'{"a": NaN}', "odd_number"),
        (b'{"a": -Infinity}', "odd_number"),
        (b'{"a": 1.0}', "odd_number"),
        (b'{"a": 1e3}', "odd_number"),
        (b'{"a": -0}', "odd_number"),
        (b'{"a": 1000000000000000}', "odd_number"),
        (b'{"a": ' + b"9" * 100_000 + b"}", "odd_number"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 50_000, "too_deep"),
        (b"]" * 100 + b"[" * 100, "not_json"),
        (b'{"a": "' + b'\\"' * 100_000, "not_json"),
        (b'"' * 100_001, "not_json"),
        (b"{'a': 1}", "not_json"),
        (b'{"a": 1} {"a": 2}', "not_json"),
        (b" " * (MOST_BYTES + 1), "too_large"),
    ],
    ids=lambda value: repr(value[:24]),
)
def test_what_cannot_be_read_in_one_way_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_strictly(data)
    assert refused.value.code == code


@pytest.mark.parametrize("seed", ["", "short", SEED[:-1], SEED + "A", "!" * 43, "é" * 43])
def test_what_is_no_key(seed: str) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        key_from(seed)


def test_a_key_is_read_as_openssl_writes_it() -> None:
    written = base64.b64encode(from_text(SEED) or b"").decode() + "\n"
    assert seed_of(key_from(written)) == SEED
