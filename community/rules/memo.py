"""What has been made from the same facts before, kept in this process within a bound."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Memo(Generic[T]):
    """Things by all the facts they are made from, so that none is ever out of date.

    Other facts are another key. `size` says how much of the bound a thing takes; what was not asked for longest goes.
    """

    def __init__(self, *, most: int, size: Callable[[T], int]) -> None:
        self._most = most
        self._size = size
        self._held = 0
        self._things: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, facts: Hashable, make: Callable[[], T]) -> T:
        """The thing made from these facts, made now when it is not kept."""
        with self._lock:
            thing = self._things.get(facts)
            if thing is not None:
                self._things.move_to_end(facts)
                return thing
        made = make()
        with self._lock:
            if facts not in self._things:
                self._things[facts] = made
                self._held += self._size(made)
            while self._held > self._most:
                _facts, gone = self._things.popitem(last=False)
                self._held -= self._size(gone)
        return made

    def __len__(self) -> int:
        return len(self._things)
