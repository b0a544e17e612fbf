"""A record of very many edits, made without applying one after the other, which takes minutes: as one Yjs update.

Each edit puts in one character after another one, by one client: after the last one, or after any.
"""

import random
from collections.abc import Sequence

from tests.realtime.writers import varint

FIELDS = ("problem", "environment", "cause", "resolution")
CLIENT = 7
_TEXT, _RIGHT, _LEFT = 4, 0x40, 0x80


def edits_of(count: int, *, typed: bool) -> list[bytes]:
    """So many edits, a quarter in each field, one field after the other when typed."""
    dice = random.Random(count)
    follows: dict[int, int | None] = {}
    fields: list[list[int]] = [[] for _field in FIELDS]
    edits = []
    for clock in range(count):
        number = clock * len(FIELDS) // count if typed else clock % len(FIELDS)
        here = fields[number]
        left = (here[-1] if typed else dice.choice(here)) if here else None
        right = follows[left] if left is not None else None
        if left is not None:
            follows[left] = clock
        follows[clock] = right
        here.append(clock)
        edits.append(_struct(FIELDS[number], left, right, dice.choice(b"abcdefghij klmnopqrstuvwxyz")))
    return edits


def update_of(edits: Sequence[bytes], first: int) -> bytes:
    """These edits, the first of which has that number, as one update."""
    return varint(1) + varint(len(edits)) + varint(CLIENT) + varint(first) + b"".join(edits) + varint(0)


def _struct(field: str, left: int | None, right: int | None, letter: int) -> bytes:
    info = _TEXT | (_LEFT if left is not None else 0) | (_RIGHT if right is not None else 0)
    place = b"".join(varint(CLIENT) + varint(clock) for clock in (left, right) if clock is not None)
    root = varint(1) + varint(len(field)) + field.encode() if left is None and right is None else b""
    return bytes((info,)) + place + root + varint(1) + bytes((letter,))
