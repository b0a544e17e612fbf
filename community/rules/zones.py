"""Time zones by their names in the tz database."""

from functools import cache
from zoneinfo import available_timezones


@cache
def zones() -> list[str]:
    """Every zone a person can choose."""
    return sorted(available_timezones())


def is_zone(name: str) -> bool:
    """Whether the name is that of a zone."""
    return name in available_timezones()
