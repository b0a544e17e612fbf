"""Search and suggestions show nobody what they may not see.

No hit, no count, no mark, no shift in what else is found.
"""

import pytest

from community.models import Member
from tests.cast import Cast
from tests.threads.findings import post, titles
from threads.actions.indexing import index_members
from threads.actions.posts import delete_post, post_reply
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.models import Practice, Thread
from threads.policies.threads import may_see
from threads.queries import search as searching
from threads.queries.archive import practices_visible_to
from threads.queries.search import search
from threads.queries.similar import similar

pytestmark = pytest.mark.both_databases

EVERYBODY = ("ada", "ben", "olga", "cleo", "zoe", "mo", "nia", "finn", "sam")


@pytest.fixture
def places(cast: Cast) -> list[Thread]:
    """One thread, with a practice, for each space and audience."""
    made = [
        post(cast, "Quasar leak in the lobby", "The quasar leaks."),
        post(cast, "Quasar leak in the alliance", space="alliance"),
        post(cast, "Quasar leak in the backroom", space="backroom"),
        post(cast, "Quasar leak in the workshop", space="workshop"),
        post(cast, "Quasar leak for my organization", audience="organization"),
        post(cast, "Quasar leak for my center", audience="center"),
        post(cast, "Quasar leak for Corax", audience="organizations", organizations=[cast.organizations["corax"]]),
        post(cast, "Quasar leak by zoe", by="zoe", space="alliance", audience="organization"),
    ]
    for thread in made:
        post_reply(by=thread.author, thread=thread, body="The quasar again.")
        resolve(by=thread.author, thread=thread, summary="Sealed the quasar.")
        record_practice(
            by=cast.nia, thread=thread, fields={"problem": "Quasar leak.", "resolution": "Seal the quasar."}
        )
    return made


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_finds_exactly_what_they_may_see(cast: Cast, places: list[Thread], who: str) -> None:
    viewer = cast.people[who]
    threads = {thread.pk for thread in places if viewer.is_active and may_see(viewer, thread)}
    practices = set(practices_visible_to(viewer).values_list("pk", flat=True))
    for text in ("quasar", "quasar leak", '"quasar leak"', "sealed", "again", "status:resolved", "quasar absent"):
        found = search(viewer, text, kinds=["thread", "practice"], limit=50)
        assert {hit.id for hit in found.hits if hit.kind == "thread"} == threads, text
        assert {hit.id for hit in found.hits if hit.kind == "practice"} <= practices
        assert found.total == len(found.hits)
    like = similar(viewer, "Quasar leak\nThe quasar leaks.", limit=50)
    assert {hit.id for hit in like if hit.kind == "thread"} == threads
    assert {hit.id for hit in like if hit.kind == "practice"} == practices


def test_what_others_hide_does_not_use_up_the_bounds(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_ANYWHERE", 3)
    monkeypatch.setattr(searching, "MOST_IN_TITLE", 3)
    seen = post(cast, "Pulsar seen by all")
    for number in range(6):
        post(cast, f"Pulsar secret {number}", "Pulsar.", audience="organization")
    found = search(cast.zoe, "pulsar")
    assert [hit.id for hit in found.hits] == [seen.pk]
    assert (found.total, found.bounded, found.next) == (1, False, None)


def test_a_secret_reply_is_not_shown_after_deletion(cast: Cast) -> None:
    thread = post(cast, "Ordinary problem")
    reply = post_reply(by=cast.ben, thread=thread, body="The password is swordfish.")
    assert "swordfish" in search(cast.ada, "swordfish").hits[0].highlight
    delete_post(by=cast.ben, post=reply)
    assert search(cast.nia, "swordfish").hits == []


def test_access_withdrawn_ends_hits_at_once(cast: Cast) -> None:
    thread = post(cast, "Quasar in the backroom", space="backroom")
    assert [hit.id for hit in search(cast.ada, "quasar").hits] == [thread.pk]
    cast.spaces["backroom"].members.remove(cast.ada)
    assert search(cast.ada, "quasar").hits == []
    assert similar(cast.ada, "quasar in the backroom") == []


def test_suspended_members_neither_find_nor_are_found(cast: Cast) -> None:
    index_members(cast.people.values())
    assert titles(search(cast.ada, "nakamura").hits) == ["Zoe Nakamura"]
    assert search(cast.sam, "ada").hits == []
    assert search(cast.ada, "suspended").hits == []
    Member.objects.filter(pk=cast.zoe.pk).update(is_active=False)
    assert search(cast.ada, "nakamura").hits == []


def test_archived_practices_of_others_stay_theirs(cast: Cast, places: list[Thread]) -> None:
    Practice.objects.update(confidence=Practice.Confidence.ARCHIVED)
    visible = set(practices_visible_to(cast.finn).values_list("pk", flat=True))
    assert {hit.id for hit in search(cast.finn, "quasar", kinds=["practice"], limit=50).hits} == visible
