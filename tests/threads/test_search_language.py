"""What may be typed into a search box: filters, one by one, and what is said of those that mean nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from community.rules import clock
from tests.cast import Cast
from tests.threads.findings import post
from tests.threads.playing import mo_writes
from threads.actions.posts import post_reply
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.models import Practice, Thread
from threads.queries.search import search
from threads.rules.search_filters import STATUSES, UNRESOLVED, Filter, moment_of
from threads.rules.search_text import MAX_FILTERS, mended, parse, typed_words, with_filter, without

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "filters", "words", "unknown"),
    [
        ("TAG:WiFi printer", ["tag:wifi"], ["printer"], []),
        ('product:"Mail Gateway"', ['product:"mail gateway"'], [], []),
        ("tag:a tag:b tag:a", ["tag:a", "tag:b"], [], []),
        ("product:a product:b", ["product:b"], [], []),
        ("-tag:a -product:b -product:c", ["-tag:a", "-product:b", "-product:c"], [], []),
        ("author:@Ben", ["author:ben"], [], []),
        ("status:Not-Validated", ["status:not_validated"], [], []),
        ("status:broken printer", [], ["printer"], ["status:broken"]),
        ("has:wings -has:code", ["-has:code"], [], ["has:wings"]),
        ("kind:planet", [], [], ["kind:planet"]),
        ("before:2026-02-30 after:30d", ["after:30d"], [], ["before:2026-02-30"]),
        ('before:"" tag:""', [], [], ['before:""', 'tag:""']),
        ("flavour:vanilla", [], ["flavour", "vanilla"], ["flavour:vanilla"]),
        ("error:42", [], ["error", "42"], ["error:42"]),
        ("http://example.org C:\\temp std::move 12:30 tag:", [],
         ["http", "exampl", "org", "c", "temp", "std", "move", "12", "30", "tag"], []),
        ('"see tag:wifi there"', [], ["see", "tag", "wifi"], []),
        ('tag:"open', [], ["tag", "open"], []),
        ("x" * 999 + " tag:wifi", [], ["x" * 40], []),
        (" ".join(f"tag:t{n}" for n in range(20)), [f"tag:t{n}" for n in range(MAX_FILTERS)], [],
         [f"tag:t{n}" for n in range(MAX_FILTERS, 20)]),
    ],
)  # fmt: skip
def test_how_a_text_is_understood(text: str, filters: list[str], words: list[str], unknown: list[str]) -> None:
    asked = parse(text)
    assert [str(each) for each in asked.filters] == filters
    assert asked.terms == words
    assert list(asked.unknown) == unknown


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)), ("2026-3", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-09", datetime(2026, 3, 9, tzinfo=UTC)), ("3d", NOW - timedelta(days=3)),
        ("2w", NOW - timedelta(days=14)), ("6m", NOW - timedelta(days=180)), ("1y", NOW - timedelta(days=365)),
        ("0000", None), ("2026-13", None), ("9999y", None), ("12345d", None), ("\u0663d", None), ("soon", None),
    ],
)  # fmt: skip
def test_dates(value: str, moment: datetime | None) -> None:
    assert moment_of(value, NOW) == moment


def test_all_states_can_be_asked_for() -> None:
    assert set(STATUSES) == {*Thread.Status.values, *Practice.Confidence.values, UNRESOLVED}


@pytest.mark.parametrize(
    ("text", "wanted", "together"),
    [
        ("printer", Filter("tag", "wifi"), "printer tag:wifi"),
        ("tag:lan printer", Filter("tag", "wifi"), "tag:lan printer tag:wifi"),
        ("status:open printer", Filter("status", "closed"), "printer status:closed"),
        ('"on fire" product:x', Filter("product", "a b"), '"on fire" product:"a b"'),
    ],
)
def test_a_filter_is_added_and_taken_away_again(text: str, wanted: Filter, together: str) -> None:
    assert with_filter(text, wanted) == together
    assert wanted in parse(together).filters
    assert wanted not in parse(without(together, wanted)).filters
    assert parse(without(together, wanted)).phrases == parse(text).phrases


def test_only_words_that_stand_alone_are_mended() -> None:
    text = 'Printr "Printr jams" wi-fi, tag:printr (printr)'
    assert typed_words(text) == {"printr": "Printr"}
    assert mended(text, {"printr": "printer"}) == 'printer "Printr jams" wi-fi, tag:printr (printer)'


@pytest.fixture
def places(cast: Cast) -> dict[str, Thread]:
    """Threads that differ in one thing each, a practice and a playbook."""
    gateway = cast.products["mail-gateway"]
    made = {
        "plain": post(cast, "Mail stuck plain"),
        "gateway": post(cast, "Mail stuck gateway", product=gateway, tags=["queue", "smtp"]),
        "alliance": post(cast, "Mail stuck alliance", by="zoe", space="alliance", tags=["queue"]),
        "code": post(cast, "Mail stuck code", "Mail stuck:\n\n```\nraise\n```\n", by="finn"),
        "old": post(cast, "Mail stuck old"),
        "recorded": post(cast, "Mail stuck recorded"),
    }
    Thread.objects.filter(pk=made["old"].pk).update(created_at=clock.now() - timedelta(days=500))
    post_reply(by=cast.ben, thread=made["alliance"], body="Mail stuck here too.")
    for name in ("alliance", "recorded"):
        resolve(by=made[name].author, thread=made[name], summary="Unstuck.")
    record_practice(by=cast.cleo, thread=made["recorded"], fields={"problem": "Stuck mail.", "resolution": "Pull."})
    mo_writes(cast, "lobby", by=cast.nia, title="Mail stuck drill")
    return made


THREADS = {
    "product:mail-gateway": "gateway", 'product:"Mail Gateway"': "gateway", "-product:mail-gateway":
    "plain alliance code old recorded", "tag:queue": "gateway alliance", "tag:queue tag:smtp": "gateway",
    "tag:queue -tag:smtp": "alliance", "tag:none": "", "status:resolved": "alliance recorded",
    "status:unresolved": "plain gateway code old", "-status:resolved": "plain gateway code old",
    "status:validated": "", "author:zoe": "alliance", "author:@ben": "alliance", "author:olga": "",
    "-author:ada": "alliance code", "org:brightline": "alliance", "org:Corax": "code", "space:Alliance": "alliance",
    "-space:lobby": "alliance", "before:1y": "old", "after:1y": "plain gateway alliance code recorded",
    "before:1y after:1y": "", "has:solution": "alliance recorded", "has:practice": "recorded", "has:code": "code",
    "has:file": "", "-has:code": "plain gateway alliance old recorded", "kind:practice": "", "-kind:thread": "",
    "kind:thread tag:smtp": "gateway", "has:nothing": "plain gateway alliance code old recorded",
}  # fmt: skip


@pytest.mark.both_databases
def test_each_filter_of_threads(cast: Cast, places: dict[str, Thread]) -> None:
    """Beside words and alone they narrow to the same."""
    for asked, names in THREADS.items():
        expected = {places[name].pk for name in names.split()}
        for text in (f"mail stuck {asked}", asked):
            found = search(cast.ada, text, limit=50).hits
            assert {hit.id for hit in found if hit.kind == "thread"} == (
                set() if text == "has:nothing" else expected
            ), text


@pytest.mark.both_databases
def test_each_filter_of_other_things(cast: Cast, places: dict[str, Thread]) -> None:
    counts = {
        "kind:practice": ["practice"], "status:not_validated": ["practice"], "status:archived": [],
        "kind:practice author:cleo": ["practice"], "kind:practice org:brightline": ["practice"],
        "kind:practice org:acme": [], "kind:practice has:solution": ["practice"], "kind:practice has:file": [],
        "kind:practice before:30d": [], "kind:practice space:lobby": ["practice"], "kind:playbook": ["playbook"],
        "kind:playbook author:nia": ["playbook"], "kind:playbook status:open": [], "kind:playbook has:code": [],
        "kind:playbook -status:open": ["playbook"], "kind:playbook after:30d": ["playbook"],
        "kind:practice has:code": [], "kind:practice has:record": [], "kind:practice tag:queue": [],
    }  # fmt: skip
    for asked, kinds in counts.items():
        assert [hit.kind for hit in search(cast.ada, f"mail stuck {asked}").hits] == kinds, asked


@pytest.mark.both_databases
def test_members_by_their_organization(cast: Cast) -> None:
    from threads.actions.indexing import index_members

    index_members(cast.people.values())
    assert [hit.title for hit in search(cast.ada, "nakamura org:brightline").hits] == ["Zoe Nakamura"]
    assert search(cast.ada, "nakamura org:acme").hits == []
    assert search(cast.ada, "nakamura tag:queue").hits == []
    assert {hit.title for hit in search(cast.ada, "org:corax kind:member").hits} == {"Finn Byrne"}


@pytest.mark.both_databases
@pytest.mark.parametrize("who", ["ada", "zoe", "finn", "nia", "mo"])
def test_a_filter_that_nothing_fulfils_is_said_alike_for_what_is_hidden(cast: Cast, who: str) -> None:
    """That there is such a tag, product, space, author or organization in what they do not see is told to nobody."""
    viewer = cast.people[who]
    post(cast, "Hidden quasar", space="workshop", tags=["secret"], product=cast.products["mail-gateway"])
    sees = who in {"ada", "nia", "mo"}
    for text in ("tag:secret", "product:mail-gateway", "space:workshop"):
        assert search(viewer, f"absent {text}").asked.unknown == (() if sees else (text,)), text
        absent = text[:-1] + "x"
        assert search(viewer, f"absent {absent}").asked.unknown == (absent,)
    assert search(viewer, "absent status:closed author:nobody").asked.unknown == ("author:nobody",)


@pytest.mark.both_databases
def test_what_a_thread_has_is_asked_of_what_they_see(cast: Cast, places: dict[str, Thread]) -> None:
    """A practice that they do not see is none, for who asks for it and for who asks for threads without."""
    Practice.objects.filter(thread=places["recorded"]).update(audience="organization")
    for viewer, sees in ((cast.ada, True), (cast.zoe, False), (cast.finn, False), (cast.nia, True)):
        for asked, fits in (("has:practice", sees), ("-has:practice", not sees)):
            found = {hit.id for hit in search(viewer, f"{asked} kind:thread", limit=50).hits}
            assert (places["recorded"].pk in found) == fits, (viewer, asked)
