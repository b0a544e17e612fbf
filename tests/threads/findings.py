"""Shared by the tests of search and similar: posting, and what a hit is called."""

from typing import Any

from tests.cast import Cast
from threads.actions.threads import open_thread
from threads.models import Thread
from threads.queries.hits import Hit


def post(
    cast: Cast, title: str, body: str = "It does not work.", *, by: str = "ada", space: str = "lobby", **more: Any
) -> Thread:
    """A problem, by Ada in the lobby unless said otherwise."""
    return open_thread(by=cast.people[by], space=cast.spaces[space], title=title, body=body, **more)


def titles(hits: list[Hit]) -> list[str]:
    """What was found, in order."""
    return [hit.title for hit in hits]
