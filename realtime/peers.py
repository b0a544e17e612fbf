"""The other processes: believed for a lease after they last said that they live, then forgotten."""

from collections.abc import Mapping

from realtime.rules import LEASE_SECONDS


class Peers:
    """When each was heard last, and how many people it has in which place."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._people: dict[str, Mapping[str, int]] = {}

    def heard(self, process: str, now: float) -> None:
        """It lives."""
        self._until[process] = now + LEASE_SECONDS

    def has(self, process: str, people: Mapping[str, int]) -> None:
        """How many people it has, by place."""
        self._people[process] = people

    def wait(self, seconds: float) -> None:
        """Time in which nobody here could listen does not count."""
        for process in self._until:
            self._until[process] += seconds

    def over(self, now: float) -> list[str]:
        """Forgets those whose lease ran out; gives them."""
        over = [process for process, until in self._until.items() if until < now]
        for process in over:
            del self._until[process]
            self._people.pop(process, None)
        return over

    def totals(self) -> dict[str, int]:
        """How many people all of them have, by place; who is on two of them counts twice."""
        found: dict[str, int] = {}
        for people in self._people.values():
            for place, total in people.items():
                found[place] = found.get(place, 0) + total
        return found
