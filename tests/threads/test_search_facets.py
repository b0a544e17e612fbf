"""By what a search can be narrowed: counted over what the viewer finds, for everybody, and over nothing else."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.models import Member
from community.queries.spaces import spaces_visible_to
from community.rules import clock
from tests.cast import Cast
from tests.threads.findings import post
from tests.threads.playing import mo_writes
from threads.actions.indexing import index_members
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.models import Practice, Thread
from threads.queries.archive import practices_visible_to
from threads.queries.facets import Facets
from threads.queries.playbooks import playbooks_visible_to
from threads.queries.search import search
from threads.queries.threads import threads_visible_to

pytestmark = pytest.mark.both_databases

EVERYBODY = ("ada", "ben", "olga", "cleo", "zoe", "mo", "nia", "finn", "sam")


@pytest.fixture
def places(cast: Cast) -> None:
    """Threads, practices and playbooks in every space and for every audience, each with words of its own about it."""
    gateway = cast.products["mail-gateway"]
    made = [
        post(cast, "Quasar leak one", tags=["lobby-tag", "shared"], product=gateway),
        post(cast, "Quasar leak two", space="alliance", tags=["alliance-tag", "shared"]),
        post(cast, "Quasar leak three", space="backroom", tags=["backroom-tag"], product=gateway),
        post(cast, "Quasar leak four", space="workshop", tags=["workshop-tag"]),
        post(cast, "Quasar leak five", audience="organization", tags=["acme-tag"]),
        post(cast, "Quasar leak six", by="zoe", space="alliance", audience="organization", tags=["brightline-tag"]),
        post(cast, "Quasar leak seven", by="finn", tags=["corax-tag"]),
    ]
    Thread.objects.filter(pk=made[0].pk).update(created_at=clock.now() - timedelta(days=400))
    for thread in made[:4]:
        resolve(by=thread.author, thread=thread, summary="Sealed the quasar.")
        record_practice(by=cast.nia, thread=thread, fields={"problem": "Quasar leak.", "resolution": "Seal it."})
    Practice.objects.filter(thread=made[2]).update(audience="network")
    for space in ("lobby", "alliance", "backroom"):
        mo_writes(cast, space, by=cast.nia, title="Quasar drill")


def by_hand(viewer: Member) -> dict[str, Counter[str]]:
    """What they see of it, counted one by one."""
    counts = {name: Counter[str]() for name in ("kind", "status", "product", "tag", "org", "space", "after", "before")}
    threads = threads_visible_to(viewer).select_related("product", "space", "organization")
    practices = practices_visible_to(viewer).select_related("product", "space", "recorded_by__organization")
    playbooks = playbooks_visible_to(viewer).select_related("product", "space", "made_by__organization")
    spaces = set(spaces_visible_to(viewer))
    rows: list[Any] = [(row, "thread", row.status, row.created_at, row.organization) for row in threads]
    rows += [(row, "practice", row.confidence, row.recorded_at, row.recorded_by.organization) for row in practices]
    rows += [(row, "playbook", "", row.made_at, row.made_by.organization) for row in playbooks]
    for row, kind, state, at, organization in rows:
        counts["kind"][kind] += 1
        counts["org"][organization.slug] += 1
        counts["tag"].update(tag.slug for tag in row.tags.all())
        counts["status"].update([state] if state else [])
        counts["product"].update([row.product.slug] if row.product else [])
        counts["space"].update([row.space.slug] if row.space in spaces else [])
        age = clock.now() - at
        counts["after"].update(name for name, days in (("30d", 30), ("1y", 365)) if age < timedelta(days=days))
        counts["before"].update(["1y"] if age > timedelta(days=365) else [])
    return counts


def said(facets: Facets) -> dict[str, dict[str, int]]:
    """The counts alone."""
    return {name: {each.value: each.count for each in values} for name, values in facets.items()}


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_is_told_what_they_could_count(cast: Cast, places: None, who: str) -> None:
    viewer = cast.people[who]
    expected = {name: dict(counts) for name, counts in by_hand(viewer).items() if counts}
    found = search(viewer, "quasar", facets=True)
    assert said(found.facets) == expected
    for name, values in found.facets.items() if who in {"ada", "finn"} else ():
        for each in values:
            narrowed = search(viewer, f"quasar {name}:{each.value}")
            assert narrowed.total == each.count, f"{name}:{each.value}"


def test_what_is_hidden_changes_nothing(cast: Cast, places: None) -> None:
    before = search(cast.finn, "quasar", facets=True).facets
    for number in range(5):
        post(cast, f"Quasar {number}", audience="organization", tags=["secret"], product=cast.products["mail-gateway"])
    assert search(cast.finn, "quasar", facets=True).facets == before


def test_members_are_counted_by_organization(cast: Cast) -> None:
    index_members(cast.people.values())
    assert said(search(cast.ada, "brightline", facets=True).facets) == {"kind": {"member": 2}, "org": {"brightline": 2}}


def test_they_cost_the_same_however_much_is_found(cast: Cast) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            search(cast.ada, "quasar", facets=True)
        return len(captured)

    post(cast, "Quasar", tags=["one"])
    few = statements()
    for number in range(12):
        post(cast, f"Quasar {number}", tags=[f"t{number}"])
    assert statements() <= few


def test_nothing_is_counted_that_nobody_asked_for(cast: Cast, places: None) -> None:
    assert search(cast.ada, "quasar").facets == {}


def test_most_come_first_and_only_so_many(cast: Cast) -> None:
    for number in range(12):
        post(cast, f"Quasar {number}", tags=[f"t{number:02}", "all"])
    assert [each.value for each in search(cast.ada, "quasar", facets=True).facets["tag"]] == [
        "all", *(f"t{number:02}" for number in range(9)),
    ]  # fmt: skip
