"""Whether something fits a search: told from the thing, and the same as looking for it."""

from datetime import UTC, datetime, timedelta

import pytest

from community.models import Member
from tests.cast import Cast
from tests.threads.curating import recorded
from tests.threads.findings import post
from tests.threads.playing import mo_writes
from threads.actions.posts import post_reply
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.models import SHELF_OF, SavedSearch, SearchEntry
from threads.queries.candidates import Candidate, gather, subjects_in
from threads.queries.findable import KINDS, Findable
from threads.queries.fresh import fresh_among
from threads.queries.saved_hits import finds
from threads.rules.search_match import RARE, Coming, Facts, fits, is_news, key_of, keys_of
from threads.rules.search_text import parse

FACTS = Facts(
    "thread",
    ("vpn drop", "mail gatewai smtp", "error e4711 after updat"),
    {"kind": ["thread"], "tag": ["smtp", "vpn"], "status": ["open", "unresolved"], "product": ["gw", "mail gateway"]},
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vpn", True),
        ("vpn drops", True),
        ("drops vpn", True),
        ('"vpn drops"', True),
        ('"drops vpn"', False),
        ("E4711 update", True),
        ('"e4711 after update"', True),
        ("vpn-e4711", False),
        ("vpn wifi", False),
        ("4711", False),
        ("tag:smtp", True),
        ("tag:smtp tag:vpn", True),
        ("tag:smtp tag:dns", False),
        ("-tag:smtp", False),
        ("-tag:dns vpn", True),
        ("vpn status:unresolved", True),
        ("vpn status:resolved", False),
        ('product:"Mail Gateway"', True),
        ("kind:practice vpn", False),
        ("kind:thread vpn", True),
        ("vpn has:file", True),  # nothing is known of files: the database is asked
    ],
)
def test_what_fits(text: str, expected: bool) -> None:
    assert fits(parse(text), KINDS, FACTS) is expected
    if expected:
        assert key_of(parse(text), {}, 10) in keys_of(FACTS), "a search that fits is found by its key"


def test_a_kind_that_is_not_looked_for_does_not_fit() -> None:
    assert not fits(parse("vpn"), ("practice",), FACTS)


@pytest.mark.parametrize(
    ("text", "documents", "key"),
    [
        ("vpn e4711", {"vpn": 90, "e4711": 2}, "w:e4711"),
        ("vpn nowhere", {"vpn": 90}, "w:nowher"),
        ("mail", {"mail": RARE - 1}, "w:mail"),
        ("mail", {"mail": 5_000}, ""),
        ("mail -tag:vpn after:2020 status:open", {"mail": 5_000}, ""),
        ("mail product:gw tag:vpn", {"mail": 5_000}, "tag:vpn"),
        ("space:lobby", {}, "space:lobby"),
        ("status:open", {}, ""),
    ],
)
def test_what_a_search_is_found_by(text: str, documents: dict[str, int], key: str) -> None:
    assert key_of(parse(text), documents, 20_000) == key


def test_common_is_a_share_of_all_there_is() -> None:
    assert key_of(parse("mail"), {"mail": 5_000}, 1_000_000) == "w:mail"


@pytest.mark.parametrize(
    ("written", "made", "moved", "facts", "expected"),
    [
        (1, 1, set(), {}, True),
        (-1, -1, set(), {}, False),  # an old thing that was edited
        (1, -1, set(), {}, True),  # a new reply in an old thread
        (1, -1, set(), {"was_there": True}, False),
        (-1, -1, {"audience"}, {}, True),  # shown to more people
        (-1, -1, {"audience"}, {"is_own": True}, False),
        (-1, -1, {"status"}, {}, True),
        (-1, -1, {"tag"}, {}, False),
    ],
)
def test_what_is_news(written: int, made: int, moved: set[str], facts: dict[str, bool], expected: bool) -> None:
    since = datetime(2026, 3, 1, tzinfo=UTC)
    coming = Coming(since + timedelta(days=written), since + timedelta(days=made), frozenset(moved))
    told = {"was_there": False, "is_own": False} | facts
    assert is_news(parse("vpn status:open"), since, coming, **told) is expected


TEXTS = (
    "quasar", "quasar leak", '"quasar leak"', '"leak quasar"', "quasar tag:smtp", "quasar -tag:smtp", "tag:smtp",
    "author:ada", "author:@ben quasar", "-author:ben quasar", "org:acme", "org:brightline quasar", "space:lobby quasar",
    "-space:lobby quasar", "status:resolved", "status:unresolved quasar", "status:validated", "status:not_validated",
    "product:mail-gateway", 'product:"Mail Gateway" quasar', "kind:practice quasar", "-kind:thread quasar",
    "kind:playbook", "has:practice", "has:solution quasar", "-has:practice quasar", "has:code", "has:file",
    "after:2020 quasar", "before:2020 quasar", "again", "again author:zoe", "again -author:zoe",
    "quasar absent", "sealed",
)  # fmt: skip


@pytest.mark.both_databases
@pytest.mark.parametrize("who", ["zoe", "nia"])
def test_it_is_the_same_as_looking_for_it(cast: Cast, who: str) -> None:
    """Of all that the member sees: what a saved search would fit is what searching for it finds."""
    told = [
        post(cast, "Quasar leak", "It `leaks`.", tags=["smtp"], product=cast.products["mail-gateway"]),
        post(cast, "Leak of a quasar", by="zoe", space="alliance", tags=["vpn"]),
        post(cast, "Something else", "```\nquasar\n```", audience="organization"),
    ]
    post_reply(by=cast.ben, thread=told[2], body="The quasar again.")
    post_reply(by=cast.zoe, thread=told[0], body="Again.")
    resolve(by=cast.ada, thread=told[0], summary="Sealed the quasar.")
    record_practice(by=cast.ben, thread=told[0], fields={"problem": "Quasar leak.", "resolution": "Seal the quasar."})
    inside = recorded(cast, "Quasar of Acme", by=cast.ada, audience="organization")
    type(inside).objects.filter(pk=inside.pk).update(audience="network", space=cast.spaces["workshop"])
    mo_writes(cast, "lobby", title="Quasar drill", tags=["smtp"])
    member = cast.people[who]
    seen = all_of(Findable(member, KINDS))
    fresh = fresh_among(SearchEntry.objects.order_by("pk"))
    for text in TEXTS:
        saved = SavedSearch(member=member, text=text)
        fitting = {(one.facts.kind, one.thing.pk) for one in fresh if finds(saved, one)}
        assert fitting & seen == looked_for(member, text), text


def looked_for(member: Member, text: str) -> set[tuple[str, int]]:
    """Threads, practices and playbooks that have all that is asked for, as search gathers them."""
    asked = parse(text)
    kinds = tuple(
        kind for kind in SHELF_OF if all((f.value == kind) != f.excluded for f in asked.filters if f.name == "kind")
    )
    among = Findable(member, kinds, tuple(f for f in asked.filters if f.name != "kind"))
    if asked.phrases:
        return subjects_in(gather(among, asked.phrases, 500))
    return all_of(among)


def all_of(among: Findable) -> set[tuple[str, int]]:
    return subjects_in(Candidate(*row) for row in among.entries.values_list(*Candidate._fields))
