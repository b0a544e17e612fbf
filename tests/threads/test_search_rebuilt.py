"""The index is made anew while people search and write: nobody misses anything, and nothing is lost."""

from functools import partial
from threading import Event
from typing import Any

import pytest

from tests.cast import Cast
from tests.community.test_event_concurrency import at_once
from tests.threads.findings import post, titles
from threads.actions.indexing import rebuild_index
from threads.actions.posts import delete_post, edit_post, post_reply
from threads.actions.spelling import learn_spellings
from threads.models import SearchEntry
from threads.queries.search import search

ROUNDS = 3


def written() -> list[tuple[Any, ...]]:
    """All that the index says."""
    columns = ("kind", "subject_id", "object_id", "title", "labels", "body", "size")
    return list(SearchEntry.objects.order_by("kind", "object_id").values_list(*columns))


def write(cast: Cast, done: Event) -> None:
    """New threads, other words in them, replies, of which all but one go again."""
    try:
        for number in range(ROUNDS):
            thread = post(cast, f"Badger {number}", "It was a weasel.")
            reply = post_reply(by=cast.ben, thread=thread, body="An otter.")
            edit_post(by=cast.ada, post=thread.posts.get(number=1), title=f"Badger {number}", body="It was a polecat.")
            if number:
                delete_post(by=cast.ben, post=reply)
    finally:
        done.set()


def rebuild(done: Event) -> None:
    """Again and again, once more after the last was written."""
    while True:
        last = done.is_set()
        list(rebuild_index())
        learn_spellings()
        if last:
            return


def look(cast: Cast, done: Event, missed: list[str]) -> None:
    """What was there before is found at any time."""
    while not done.is_set():
        if titles(search(cast.zoe, "marmot", mend=True, facets=True).hits) != ["Marmot"]:
            missed.append("marmot")


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_rebuild_while_people_search_and_write(cast: Cast) -> None:
    post(cast, "Marmot")
    done, missed = Event(), list[str]()
    at_once(partial(write, cast, done), partial(rebuild, done), partial(look, cast, done, missed))
    assert missed == []
    assert len(search(cast.zoe, "badger polecat").hits) == ROUNDS
    assert search(cast.zoe, "weasel").hits == []
    assert titles(search(cast.zoe, "otter").hits) == ["Badger 0"]
    said = written()
    list(rebuild_index())
    assert written() == said
