"""Search and suggestions show nobody what they may not see.

No hit, no count, no mark, no shift in what else is found.
"""

import pytest
from django.contrib import admin
from django.core.cache import cache

from community.models import Member
from tests.cast import Cast
from tests.threads.findings import post, titles
from tests.threads.playing import mo_writes
from tests.threads.practicing import recorded
from threads.actions.indexing import index_members
from threads.actions.postings import count_words
from threads.actions.posts import delete_post, post_reply
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.actions.reuse import use_practice
from threads.models import Posting, Practice, SearchEntry, SearchWord, Thread
from threads.policies.threads import may_see
from threads.queries import alike as likeness
from threads.queries import few as seeing_little
from threads.queries import pools
from threads.queries.archive import practices_visible_to
from threads.queries.playbooks import playbooks_visible_to
from threads.queries.search import search
from threads.queries.similar import nearest, similar
from threads.rules import likeness as weighing

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
    for space in ("lobby", "alliance", "backroom"):
        mo_writes(
            cast, space, by=cast.nia, title="Quasar drill", audience="organization" if space == "lobby" else "space"
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
    playbooks = set(playbooks_visible_to(viewer).values_list("pk", flat=True))
    assert {hit.id for hit in search(viewer, "quasar drill", kinds=["playbook"]).hits} == playbooks
    assert {hit.id for hit in similar(viewer, "quasar drill", kinds=["playbook"])} == playbooks
    like = similar(viewer, "Quasar leak\nThe quasar leaks.", limit=50)
    assert {hit.id for hit in like if hit.kind == "thread"} == threads
    assert {hit.id for hit in like if hit.kind == "practice"} == practices


def test_what_others_hide_does_not_use_up_the_bounds(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "MOST_ANYWHERE", 3)
    monkeypatch.setattr(pools, "MOST_IN_TITLE", 3)
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


def test_hidden_twins_take_nobodys_place(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many unseen things are more like a text than what is seen, that is found, alone and as if they were not
    there."""
    monkeypatch.setattr(likeness, "PER_WORD", 4)
    monkeypatch.setattr(likeness, "CANDIDATES", 5)
    monkeypatch.setattr(likeness, "PER_WORD_DEEPER", 6)
    monkeypatch.setattr(likeness, "CANDIDATES_DEEPER", 8)
    seen = post(cast, "Pulsar seen by all", "It hums, and much else is said here that nobody asks for.")
    for number in range(20):
        post(cast, "Pulsar hums", f"Pulsar hums {number}.", audience="organization")
    cache.clear()
    found = similar(cast.zoe, "Pulsar hums\nPulsar hums")
    assert [(hit.id, hit.score) for hit in found] == [(seen.pk, 1.0)]
    assert nearest(cast.zoe, "Pulsar hums", exclude=Thread(pk=0), limit=5)[0][0] == seen.pk


@pytest.mark.parametrize("few", [1, 3_000])
def test_what_is_remembered_of_those_who_see_little_permits_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(seeing_little, "MOST_FEW", few)
    monkeypatch.setattr(likeness, "PER_WORD", 1)
    monkeypatch.setattr(likeness, "CANDIDATES", 1)
    cache.clear()
    thread = post(cast, "Quasar in the backroom", space="backroom")
    post(cast, "Quasar in the lobby")
    assert {hit.id for hit in similar(cast.ada, "quasar in the backroom")} >= {thread.pk}
    cast.spaces["backroom"].members.remove(cast.ada)
    assert thread.pk not in {hit.id for hit in similar(cast.ada, "quasar in the backroom")}


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_uses_that_are_seen_raise_anything(cast: Cast, who: str) -> None:
    """Of a practice that all see, in threads for some: nobody else finds it higher, or is told of more threads."""
    viewer = cast.people[who]
    practice = recorded(cast, title="Heating controller forgets its access point")
    threads = [
        post(cast, "Thermostat asleep"),
        post(cast, "Thermostat asleep", audience="organization"),
        post(cast, "Thermostat asleep", space="backroom"),
    ]
    for thread in threads:
        use_practice(by=cast.nia, thread=thread, practice=practice)
    seen = sum(may_see(viewer, thread) for thread in threads) if viewer.is_active else 0
    found = [hit.because for hit in similar(viewer, "Thermostat asleep", kinds=["practice"])]
    said = {0: [], 1: ["used in 1 thread like this"]}
    assert found == said.get(seen, [f"used in {seen} threads like this"])


SEEN = {
    "Pulsar hums": "Loudly.", "Pulsar and quasar": "Both.", "A pulsar": "It is far, and hums.", "Something else": "No.",
}  # fmt: skip


@pytest.mark.parametrize("rare", [True, False])
def test_hidden_things_change_no_order_and_scores_by_rarity_alone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, rare: bool
) -> None:
    """They make words more common: were all words as rare, no score would change at all."""
    if not rare:
        monkeypatch.setattr(weighing, "rarity", lambda _documents, _whole: 1.0)
    for title, body in SEEN.items():
        post(cast, title, body)
    before = [shares(cast.zoe), nearness(cast.zoe)]
    assert len(set(before[0].values())) == 3, "they are not all alike"
    for number in range(30):
        post(cast, f"Secret {number}", "Pulsar hums quasar." if number % 2 else "Altogether.", audience="organization")
    count_words()
    after = [shares(cast.zoe), nearness(cast.zoe)]
    assert [list(found) for found in after] == [list(found) for found in before]
    if rare:
        assert after != before, "or rarity is not looked at, and the docs are wrong"
    for now, was in zip(after, before, strict=True):
        assert now == pytest.approx(was, abs=0.2 if rare else 0)


def shares(viewer: Member) -> dict[int, float]:
    """What is shown of what is like a text, the best first."""
    cache.clear()
    return {hit.id: hit.score for hit in similar(viewer, "pulsar hums")}


def nearness(viewer: Member) -> dict[int, float]:
    """How near things are to that text."""
    cache.clear()
    return dict(nearest(viewer, "pulsar hums", exclude=Thread(pk=0), limit=5))


def test_nobody_reads_the_index_itself() -> None:
    """Neither administrators nor the API list words and postings: those of hidden texts are among them."""
    assert not admin.site.is_registered(SearchWord)
    assert not admin.site.is_registered(Posting)
    assert not admin.site.is_registered(SearchEntry)
