"""What has been made from the same facts before, kept in this process within a bound."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Generic, TypeVar

T = TypeVar("T")

# Bytes of an object besides its content, and of a place in a tuple.
_OBJECT, _PLACE = 56, 8
_SMALL = {int, bool, float, datetime, type(None)}


class Hashed:
    """Facts that are compared often: what they hash to is found out once, and the very same are not looked at.

    So is their weight, because they are part of several keys.
    """

    __slots__ = ("_hash", "_weight", "value")

    def __init__(self, value: Hashable) -> None:
        self.value = value
        self._hash = hash(value)
        self._weight: int | None = None

    @property
    def weight(self) -> int:
        """About how many bytes they take."""
        if self._weight is None:
            self._weight = _OBJECT + weight(self.value)
        return self._weight

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Hashed) and self._hash == other._hash and self.value == other.value


def weight(facts: Hashable) -> int:
    """About how many bytes facts take that are kept as a key. What others hold as well counts, too."""
    total = 0
    things: list[Any] = [facts]
    for thing in things:
        if thing.__class__ is Hashed:
            total += thing.weight
            continue
        total += _OBJECT
        if thing.__class__ in _SMALL:
            continue
        if isinstance(thing, str | bytes):
            total += len(thing)
        elif isinstance(thing, tuple | frozenset):
            total += _PLACE * len(thing)
            things.extend(thing)
        elif is_dataclass(thing):
            things.extend(getattr(thing, field.name) for field in fields(thing))
    return total


class Memo(Generic[T]):
    """Things by all the facts they are made from, so that none is ever out of date.

    Other facts are another key. `size` says how much of the bound a thing takes, and `weigh` its facts; what was not
    asked for longest goes.
    """

    def __init__(self, *, most: int, size: Callable[[T], int], weigh: Callable[[Hashable], int] = weight) -> None:
        self._most = most
        self._size = size
        self._weigh = weigh
        self._held = 0
        self._things: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, facts: Hashable, make: Callable[[], T]) -> T:
        """The thing made from these facts, made now when it is not kept."""
        with self._lock:
            kept = self._things.get(facts)
            if kept is not None:
                self._things.move_to_end(facts)
                return kept[0]
        made = make()
        taken = self._size(made) + self._weigh(facts)
        with self._lock:
            if facts not in self._things:
                self._things[facts] = made, taken
                self._held += taken
            while self._held > self._most:
                _facts, (_gone, given) = self._things.popitem(last=False)
                self._held -= given
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._things.clear()
            self._held = 0

    def __len__(self) -> int:
        return len(self._things)
