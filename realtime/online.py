"""Who is on line: members with a socket open, in this process and in those that told of theirs.

What other processes have is known as of when they last said that they live; who is not known to be on line may be so
all the same.
"""

from collections.abc import Collection, Iterable


class Online:
    """Members by id. `among` may be called from any thread; all else on the event loop."""

    def __init__(self) -> None:
        self.here: set[int] = set()
        self._elsewhere: dict[str, frozenset[int]] = {}

    def hear(self, process: str, ids: Iterable[int]) -> None:
        """Whom another process has now."""
        self._elsewhere[process] = frozenset(ids)

    def forget(self, process: str) -> None:
        """It lives no more."""
        self._elsewhere.pop(process, None)

    def among(self, ids: Collection[int], unnamed: Collection[int] = ()) -> set[int]:
        """Those of the members who are known to be on line, but for those who are present without their name."""
        known = [self.here, *self._elsewhere.values()]
        return {pk for pk in ids if pk not in unnamed and any(pk in some for some in known)}
