"""Of common words the newest are ranked, and no more than the viewer may see; of others all."""

import pytest

from tests.cast import Cast
from tests.threads.findings import post
from threads.actions.posts import post_reply
from threads.models import Thread
from threads.queries import newest, pools
from threads.queries.candidates import gather
from threads.queries.findable import KINDS, Findable
from threads.queries.newest import Narrowed
from threads.queries.pools import Pool, pool_of
from threads.queries.search import search
from threads.rules.ranking import Corpus
from threads.rules.search_text import parse

pytestmark = pytest.mark.both_databases
ALL_COMMON = {"printer": 100, "queue": 100}


@pytest.fixture(autouse=True)
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rules, with few of everything."""
    for name, value in {"MOST_ANYWHERE": 6, "MOST_IN_TITLE": 4, "FEW": 3, "NEWEST": (8, 16)}.items():
        monkeypatch.setattr(pools, name, value)
    monkeypatch.setattr(newest, "FITTING", (5, 8))


@pytest.fixture
def printers(cast: Cast) -> list[Thread]:
    """Thirty threads of printers, every third one tagged."""
    return [post(cast, f"Printer {number}", tags=["smoke"] if number % 3 == 0 else []) for number in range(30)]


def pool(cast: Cast, who: str, text: str) -> Pool:
    """What is ranked where both words are common."""
    asked = parse(text)
    among = Findable(cast.people[who], KINDS, asked.filters)
    return pool_of(Narrowed(among), asked, ALL_COMMON, Corpus(count=100, share=1.0))


def ids(found: Pool) -> set[int]:
    """The threads in a pool."""
    return {row.subject_id for row in found.rows}


def test_the_newest_of_a_common_word_are_enough(cast: Cast, printers: list[Thread]) -> None:
    found = pool(cast, "zoe", "printer")
    assert ids(found) == {thread.pk for thread in printers[-6:]}
    assert found.bounded


def test_what_others_hide_takes_nobody_s_place(cast: Cast, printers: list[Thread]) -> None:
    for number in range(20):
        post(cast, f"Printer in the backroom {number}", space="backroom", by="mo")
    assert ids(pool(cast, "zoe", "printer")) == {thread.pk for thread in printers[-6:]}, "looked at further back"
    few = [post(cast, f"Secret queue {number}", audience="organization") for number in range(20)]
    shown = post(cast, "Queue for all")
    found = pool(cast, "zoe", "queue")
    assert (ids(found), found.bounded) == ({shown.pk}, False)
    assert ids(pool(cast, "ada", "queue")) == {shown.pk, *(each.pk for each in few[-5:])}


def test_words_that_seldom_meet_are_looked_for_everywhere(cast: Cast, printers: list[Thread]) -> None:
    post_reply(by=cast.ben, thread=printers[0], body="The printer has a queue.")
    found = pool(cast, "zoe", "printer queue")
    assert (printers[0].pk in ids(found), found.bounded) == (True, False)


def test_of_what_much_fits_filters_the_newest_are_enough(cast: Cast, printers: list[Thread]) -> None:
    tagged = [thread.pk for thread in printers if thread.tags.exists()]
    found = pool(cast, "zoe", "printer tag:smoke")
    assert ids(found) == set(tagged[-5:])
    assert found.bounded
    post_reply(by=cast.ben, thread=printers[0], body="Now it has a queue.")
    found = pool(cast, "zoe", "queue tag:smoke")
    assert (ids(found), found.bounded) == ({printers[0].pk}, False), "too few among the newest: all are looked at"


@pytest.mark.parametrize("many", [5, 7], ids=["as many as are listed", "more"])
def test_titles_are_looked_for_further_back_than_texts(cast: Cast, many: int) -> None:
    older = [post(cast, f"Queue {number}", tags=["fog"]) for number in range(3)]
    newer = [post(cast, f"Lamp {number}", "A queue.", tags=["fog"]) for number in range(many)]
    assert ids(pool(cast, "zoe", "queue tag:fog")) == {thread.pk for thread in older + newer[-5:]}


def test_words_in_quotes_are_looked_for_everywhere(cast: Cast, printers: list[Thread]) -> None:
    post_reply(by=cast.ben, thread=printers[0], body="A printer queue.")
    assert printers[0].pk in ids(pool(cast, "zoe", '"printer queue"'))


def test_only_the_newest_that_match_are_looked_at(cast: Cast, printers: list[Thread]) -> None:
    post(cast, "Toaster")
    among, phrases = Findable(cast.zoe, KINDS), [("printer",)]
    for in_title in (False, True):
        found = gather(among, phrases, 100, in_title=in_title, newest=7)
        assert [row.subject_id for row in found] == [thread.pk for thread in reversed(printers[-7:])]
        everything = gather(among, phrases, 100, in_title=in_title)
        assert [row.subject_id for row in everything] == [thread.pk for thread in reversed(printers)]
    assert gather(Findable(cast.sam, KINDS), phrases, 100, newest=7) == []


def test_replies_and_labels_are_no_titles(cast: Cast) -> None:
    lamp = post(cast, "Lamp", "A printer.", tags=["printer"])
    post_reply(by=cast.ben, thread=lamp, body="Printer!")
    among = Findable(cast.zoe, KINDS)
    assert gather(among, [("printer",)], 10, in_title=True) == []
    assert {row.subject_id for row in gather(among, [("printer",)], 10)} == {lamp.pk}
    assert gather(among, [("lamp",)], 10, in_title=True)[0].subject_id == lamp.pk


def test_a_page_says_that_there_is_more(cast: Cast, printers: list[Thread]) -> None:
    found = search(cast.zoe, "printer")
    assert (found.total, found.bounded) == (6, True)
