"""What search finds, how it is ranked and shown: the same on both databases."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.threads.findings import post, titles
from threads.actions.indexing import index_members
from threads.actions.posts import post_reply
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.models import Practice, SearchEntry, Thread
from threads.queries import pools
from threads.queries.search import search

pytestmark = pytest.mark.both_databases


def practice(cast: Cast, title: str, resolution: str = "Turn it off and on again.") -> Practice:
    """One in the archive, with the thread it comes from."""
    thread = post(cast, title)
    resolve(by=cast.ada, thread=thread, summary=resolution)
    return record_practice(by=cast.cleo, thread=thread, fields={"problem": "It is broken.", "resolution": resolution})


def test_words_are_found_in_titles_posts_practices_and_members(cast: Cast) -> None:
    index_members(cast.people.values())
    thread = post(cast, "Printer on fire")
    post_reply(by=cast.ben, thread=thread, body="Use the **extinguisher** behind you.")
    made = practice(cast, "Scanner jams", "Clean the rollers.")
    assert titles(search(cast.zoe, "PRINTERS").hits) == ["Printer on fire"]
    assert titles(search(cast.zoe, "extinguishers").hits) == ["Printer on fire"]
    assert {(hit.kind, hit.id) for hit in search(cast.zoe, "roller").hits} == {
        ("thread", made.thread_id),
        ("practice", made.pk),
    }
    hit = search(cast.zoe, "okafor").hits[0]
    assert (hit.kind, hit.title, hit.url) == ("member", "Ben Okafor", cast.ben.get_absolute_url())
    assert [hit.kind for hit in search(cast.zoe, "Brightline").hits] == ["member", "member"]


def test_kinds_narrow(cast: Cast) -> None:
    practice(cast, "Scanner jams", "Clean the rollers.")
    assert [hit.kind for hit in search(cast.zoe, "roller", kinds=["practice"]).hits] == ["practice"]
    assert [hit.kind for hit in search(cast.zoe, "roller", kinds=["thread"]).hits] == ["thread"]
    assert search(cast.zoe, "roller", kinds=["member"]).hits == []
    assert search(cast.zoe, "roller", kinds=[]).hits == []


def test_a_thread_is_one_hit_and_opens_at_its_best_post(cast: Cast) -> None:
    thread = post(cast, "Gateway drops mail", "Sometimes mail is lost, I think by the greylist.")
    for number in range(5):
        post_reply(by=cast.ben, thread=thread, body=f"Idea {number}: look at the log.")
    best = post_reply(by=cast.ben, thread=thread, body="The greylist. Greylist!")
    found = search(cast.ada, "greylist")
    assert found.total == 1
    assert found.hits[0].url == best.get_absolute_url()
    assert search(cast.ada, "gateway drops").hits[0].url == thread.get_absolute_url()


def test_the_words_of_a_reply_and_of_its_title_count_together(cast: Cast) -> None:
    thread = post(cast, "Gateway drops mail")
    post_reply(by=cast.ben, thread=thread, body="Caused by the frobnicator.")
    post(cast, "Something else", "About a frobnicator.")
    assert titles(search(cast.ada, "gateway frobnicator").hits)[0] == "Gateway drops mail"


def test_titles_count_more_and_all_words_before_some(cast: Cast) -> None:
    post(cast, "Slow start", "The zigbee radio is fine, the rest is slow.")
    post(cast, "Zigbee radio", "Which one?")
    post(cast, "Some radio", "Which one?")
    assert titles(search(cast.ada, "zigbee radio").hits) == ["Zigbee radio", "Slow start", "Some radio"]


def test_solved_and_validated_go_up_and_archived_last(cast: Cast) -> None:
    open_one, solved = post(cast, "Modem blinks twice"), post(cast, "Modem blinks thrice")
    resolve(by=cast.ada, thread=solved, summary="Wait.")
    assert titles(search(cast.ada, "modem blinks").hits) == [solved.title, open_one.title]
    first, second = practice(cast, "Beamer hums low"), practice(cast, "Beamer hums high")
    Practice.objects.filter(pk=first.pk).update(confidence=Practice.Confidence.VALIDATED)
    Practice.objects.filter(pk=second.pk).update(confidence=Practice.Confidence.ARCHIVED)
    hits = search(cast.ada, "beamer hums").hits
    assert (hits[0].kind, hits[0].id) == ("practice", first.pk)
    assert (hits[-1].kind, hits[-1].id) == ("practice", second.pk)


def test_phrases_are_words_in_a_row(cast: Cast) -> None:
    post(cast, "Access denied at the point of sale")
    post(cast, "Access point unreachable")
    post(cast, "Wifi", "Is wi-fi the same?")
    assert titles(search(cast.ada, '"access point"').hits)[0] == "Access point unreachable"
    assert titles(search(cast.ada, "wi-fi").hits) == ["Wifi"]


def test_other_scripts_are_found(cast: Cast) -> None:
    post(cast, "東京のプリンターが壊れた")
    post(cast, "الطابعة لا تعمل")
    post(cast, "Der Drucker ist über Nacht kaputt")
    assert titles(search(cast.ada, "プリンター").hits) == ["東京のプリンターが壊れた"]
    assert titles(search(cast.ada, "الطابعة").hits) == ["الطابعة لا تعمل"]
    assert titles(search(cast.ada, "UBER").hits) == ["Der Drucker ist über Nacht kaputt"]


def test_filters_narrow(cast: Cast) -> None:
    gateway = cast.products["mail-gateway"]
    one = post(cast, "Mail stuck one", product=gateway, tags=["queue"])
    two = post(cast, "Mail stuck two", by="zoe", space="alliance")
    post_reply(by=cast.ben, thread=two, body="Mail stuck here too.")
    resolve(by=cast.zoe, thread=two, summary="Unstuck.")
    cases = {
        "product:mail-gateway": [one], 'product:"mail gateway"': [one], "tag:QUEUE": [one], "tag:none": [],
        "status:resolved": [two], "status:unresolved": [one], "space:alliance": [two], "author:@zoe": [two],
        "author:ben": [two], "author:olga": [],
    }  # fmt: skip
    for asked, expected in cases.items():
        assert titles(search(cast.ada, f"mail stuck {asked}").hits) == [thread.title for thread in expected], asked
        assert titles(search(cast.ada, asked, kinds=["thread"]).hits) == [thread.title for thread in expected], asked
    by_asker = search(cast.ada, "mail", filters={"asker": "zoe"}, kinds=["thread"])
    assert titles(by_asker.hits) == [two.title]


def test_words_found_are_marked_and_everything_else_escaped(cast: Cast) -> None:
    post(cast, "<script>alert(1)</script> & printers", "`<b>` a printer & <img src=x onerror=alert(1)> a mark </mark>")
    hit = search(cast.ada, "printer").hits[0]
    assert hit.heading == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; <mark>printers</mark>"
    assert "<mark>printer</mark>" in hit.highlight
    rest = hit.highlight.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in rest
    assert "&lt;img" in rest


def test_imported_things_say_where_they_are_from(cast: Cast) -> None:
    thread = post(cast, "Printer on fire")
    source = {
        "source_site": "example",
        "source_id": "7",
        "source_url": "https://example.org/7",
        "source_license": "MIT",
    }
    Thread.objects.filter(pk=thread.pk).update(**source)
    found = search(cast.ada, "printer").hits[0].source
    assert found == {"site": "example", "id": "7", "url": "https://example.org/7", "license": "MIT"}


def test_pages_follow_one_another_without_repeating(cast: Cast) -> None:
    for number in range(25):
        post(cast, f"Printer number {number}")
    seen: list[str] = []
    after = ""
    for _page in range(3):
        found = search(cast.ada, "printer", limit=10, after=after)
        seen += titles(found.hits)
        after = found.next or ""
    assert len(seen) == len(set(seen)) == found.total == 25
    assert found.next is None


@pytest.mark.parametrize("cursor", ["x", "!!", "a" * 500, "MTA"])
def test_a_broken_cursor_is_a_value_error(cast: Cast, cursor: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        search(cast.ada, "printer", after=cursor)


def test_only_so_many_entries_are_ranked_but_no_thread_crowds_out_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "MOST_ANYWHERE", 10)
    monkeypatch.setattr(pools, "MOST_IN_TITLE", 5)
    other = post(cast, "Lamp", "A printer.")
    busy = post(cast, "Heater", "A printer.")
    for _reply in range(12):
        post_reply(by=cast.ben, thread=busy, body="Printer!")
    found = search(cast.ada, "printer")
    assert {hit.id for hit in found.hits} == {other.pk, busy.pk}
    assert found.bounded


def test_the_number_of_queries_is_fixed(cast: Cast) -> None:
    def queries(text: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert search(cast.ada, text).hits
        return len(captured)

    post(cast, "Printer on fire")
    few = queries("printer fire")
    for number in range(12):
        post(cast, f"Printer {number} on fire", tags=[f"t{number}"])
    assert queries("printer fire") <= few + 1
    assert few <= 12


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "the of and", "\x00", "printer\x00fire", '"', '""', '"a" "', "a OR b", "NOT a", "a AND", "NEAR(a b)",
        "title:a", "{title body}:x", "*", "a*", "^a", "(", ")", "-a", "a & b | !c <-> d", ":*", "\\",
        "'; DROP TABLE x; --", "%s %(a)s {}",
        "§thread", "tag:", 'tag:"', "tag:\x00", "status:\ud800", "😀😀", "\u202eabc", "\ud800", "é" * 50, "a" * 100_000,
        "a b " * 25_000, '"' * 100_000, "1e5 0x1f 2a .5", "author:@", "product:%", "\u0000\uffff",
    ],
)  # fmt: skip
def test_hostile_queries_find_something_or_nothing(cast: Cast, text: str) -> None:
    post(cast, "A printer on fire 😀", "a b c d thread title body")
    for hit in search(cast.ada, text).hits:
        assert hit.title


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(text=st.text(max_size=60) | st.text(alphabet="ab \"'*:()-&|!<>§\\%\0tag:status", max_size=60))
def test_any_query_is_answered(db: None, text: str) -> None:
    from community.models import Member

    viewer = Member(pk=1, is_superuser=True, organization_id=1)
    assert search(viewer, text).hits == []


def test_every_word_indexed_can_be_found(cast: Cast) -> None:
    body = "1e5 0x1f v2.1 foo_bar naïve Ⅷ ½ ² हिन्दी 駅 ꙮ ǅ ß"
    thread = post(cast, "Odd words", body)
    entry = SearchEntry.objects.get(kind="thread", subject_id=thread.pk)
    for word in entry.body.split():
        assert titles(search(cast.ada, f'"{word}"').hits) == ["Odd words"], word
