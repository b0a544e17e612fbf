"""Quick jump finds titles by their beginnings, and shows nobody what they may not see: no title, number or place."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.models import Member
from tests.cast import Cast
from tests.threads.findings import post
from tests.threads.playing import mo_writes
from tests.threads.practicing import recorded
from threads.actions.indexing import index_members
from threads.actions.reading import mark_seen
from threads.models import Practice, Product, Thread
from threads.policies.threads import may_see
from threads.queries.archive import practices_visible_to
from threads.queries.jump import jump, read_lately
from threads.queries.playbooks import playbooks_visible_to
from threads.rules.jumping import read

pytestmark = pytest.mark.both_databases

EVERYBODY = ("ada", "ben", "olga", "cleo", "zoe", "mo", "nia", "finn", "sam")


def urls(viewer: Member, text: str, kind: str) -> list[str]:
    """Where what was found of a kind is."""
    return [landing.url for landing in jump(viewer, read(text)).get(kind, [])]


def titled(viewer: Member, text: str, kind: str = "thread") -> list[str]:
    """What it is called."""
    return [landing.title for landing in jump(viewer, read(text)).get(kind, [])]


def test_titles_are_found_by_their_beginnings(cast: Cast) -> None:
    post(cast, "Configuration of the printers is lost", "Since the quasar.")
    post(cast, "Printer jams", tags=["quasar"])
    index_members(cast.people.values())
    for text in (
        "conf",
        "configurat",
        "configuration",
        "printers con",
        "CONF",
        "lost configuratio",
        "printer configur",
    ):
        assert titled(cast.zoe, text) == ["Configuration of the printers is lost"], text
    assert titled(cast.zoe, "pri") == ["Printer jams", "Configuration of the printers is lost"]
    for text in ("quasar", "sin", "jams lost", "riprint", ""):
        assert titled(cast.zoe, text) == [], text
    assert titled(cast.zoe, "nak", "member") == titled(cast.zoe, "@zo", "member") == ["Zoe Nakamura"]
    assert titled(cast.zoe, "susp", "member") == []
    assert titled(cast.zoe, "llia", "space") == ["Alliance"]


def test_everybody_is_shown_exactly_what_they_may_see(cast: Cast) -> None:
    threads = [
        post(cast, "Quasar in the lobby"),
        post(cast, "Quasar in the backroom", space="backroom"),
        post(cast, "Quasar in the workshop", space="workshop"),
        post(cast, "Quasar for my organization", audience="organization"),
        post(cast, "Quasar for my center", audience="center"),
        post(cast, "Quasar by zoe", by="zoe", space="alliance", audience="organization"),
    ]
    recorded(cast, title="Sealing the quasar")
    recorded(cast, title="Sealing the quasar at home", audience="organization")
    mo_writes(cast, title="Quasar drill", audience="organization")
    mo_writes(cast, "alliance", title="Quasar drill")
    addresses = {thread.get_absolute_url() for thread in threads}
    for who in EVERYBODY:
        viewer = cast.people[who]
        seen = {thread.get_absolute_url() for thread in threads if viewer.is_active and may_see(viewer, thread)}
        practices = {each.get_absolute_url() for each in practices_visible_to(viewer)}
        playbooks = {each.get_absolute_url() for each in playbooks_visible_to(viewer)}
        for text in ("quas", "quasar"):
            found = set(urls(viewer, text, "thread"))
            assert found & addresses == seen, who
            assert (set(urls(viewer, text, "practice")), set(urls(viewer, text, "playbook"))) == (practices, playbooks)


def test_the_number_of_a_hidden_thread_is_that_of_nothing(cast: Cast) -> None:
    hidden = post(cast, "Quasar in the backroom", space="backroom")
    assert urls(cast.ada, f"#{hidden.pk}", "thread") == [hidden.get_absolute_url()]
    assert titled(cast.mo, str(hidden.pk)) == ["Quasar in the backroom"]
    for who in ("zoe", "ben", "finn", "sam"):
        assert jump(cast.people[who], read(f"#{hidden.pk}")) == jump(cast.people[who], read("#999999")) == {}


def test_products_are_shown_to_those_who_see_something_of_them(cast: Cast) -> None:
    secret = Product.objects.create(slug="mail-secret", name="Mail Secret")
    post(cast, "Quasar", audience="organization", product=secret)
    post(cast, "Pulsar", product=cast.products["mail-gateway"])
    assert titled(cast.ben, "mail", "product") == ["Mail Gateway", "Mail Secret"]
    assert titled(cast.zoe, "mail", "product") == ["Mail Gateway"]


def test_what_is_hidden_takes_nobodys_place_and_more_costs_nothing(cast: Cast) -> None:
    seen = post(cast, "Pulsar seen by all")
    with CaptureQueriesContext(connection) as before:
        assert titled(cast.zoe, "puls") == [seen.title]
    for number in range(45):
        post(cast, f"Pulsar {number}", audience="organization")
    with CaptureQueriesContext(connection) as after:
        assert titled(cast.zoe, "puls") == [seen.title]
    assert len(after) == len(before)
    assert len(titled(cast.ben, "puls")) == 8


def test_archived_practices_come_last(cast: Cast) -> None:
    old, new = recorded(cast, title="Quasar"), recorded(cast, title="Quasar sealed for good")
    assert urls(cast.zoe, "quas", "practice") == [old.get_absolute_url(), new.get_absolute_url()]
    Practice.objects.filter(pk=old.pk).update(confidence=Practice.Confidence.ARCHIVED)
    assert urls(cast.zoe, "quas", "practice") == [new.get_absolute_url(), old.get_absolute_url()]


def test_what_was_read_lately_stays_while_it_may_be_seen(cast: Cast) -> None:
    threads: list[Thread] = [post(cast, f"Problem {n}", space="backroom" if n == 1 else "lobby") for n in range(10)]
    for thread in threads:
        mark_seen(by=cast.ada, thread=thread, number=1)
    mark_seen(by=cast.ada, thread=threads[1], number=1)
    assert [each.title for each in read_lately(cast.ada)][:3] == ["Problem 1", "Problem 9", "Problem 8"]
    assert len(read_lately(cast.ada)) == 8
    cast.spaces["backroom"].members.remove(cast.ada)
    assert "Problem 1" not in [each.title for each in read_lately(cast.ada)]
    assert read_lately(cast.ben) == []
