"""The map of what is known: its rules, and that it says nothing of what somebody may not see."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from itertools import combinations
from unittest.mock import patch

import pytest

from community.rules import clock
from reputation.models import Certificate, Skill, Standing
from tests.cast import Cast
from tests.pages.stories import signed_in
from tests.threads.practicing import validated
from threads.actions.guests import let_in
from threads.actions.threads import open_thread
from threads.models import Practice, Product, Thread
from threads.queries.coverage import class_of, coverage, experts_by_subject, found_out
from threads.queries.guests import preview_for
from threads.rules.coverage import UNKNOWN, UNWRITTEN, Covered

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize(
    ("recent", "before", "rising"),
    [(2, 0, False), (3, 0, True), (3, 3, True), (3, 4, False), (4, 4, True), (10, 30, False), (21, 30, True)],
)
def test_what_is_rising(recent: int, before: int, rising: bool) -> None:
    assert Covered(recent=recent, before=before).rising == rising


@pytest.mark.parametrize(
    ("covered", "hole"),
    [
        (Covered(), ""), (Covered(recent=2), ""),
        (Covered(recent=1, before=2), UNWRITTEN), (Covered(open=1), UNWRITTEN),
        (Covered(open=1, not_validated=9, experts=9), UNWRITTEN), (Covered(open=1, validated=1), UNKNOWN),
        (Covered(open=1, validated=1, experts=1), ""),
    ],
)  # fmt: skip
def test_what_is_a_hole(covered: Covered, hole: str) -> None:
    assert covered.hole == hole


def _about(cast: Cast, title: str, slug: str, *, space: str = "lobby", audience: str = "space") -> Thread:
    product, _made = Product.objects.get_or_create(slug=slug, defaults={"name": slug.title()})
    return open_thread(
        by=cast.ada, space=cast.spaces[space], title=title, body="x", product=product, tags=["smtp"], audience=audience
    )


def test_who_shares_a_map_sees_the_same(cast: Cast) -> None:
    practice = validated(cast)
    Practice.objects.filter(pk=practice.pk).update(product=cast.products["mail-gateway"])
    hidden = _about(cast, "Secret", "inside", audience="organization")
    _about(cast, "Allied", "allied", space="alliance")
    _about(cast, "By invitation", "by-invitation", space="backroom")
    let_in(by=cast.ada, thread=hidden, member=cast.finn, preview=preview_for(hidden, cast.finn).digest)
    fresh = {name: (class_of(who), found_out(who), found_out(who, "inside")) for name, who in cast.people.items()}
    for one, other in combinations(fresh, 2):
        if fresh[one][0] == fresh[other][0]:
            assert fresh[one] == fresh[other], (one, other)
    products = {name: {row.value for row in rows} for name, (_key, rows, _inside) in fresh.items()}
    assert products["finn"] == {"", "mail-gateway"}
    assert products["ada"] == {"", "mail-gateway", "inside", "allied", "by-invitation"}
    assert products["zoe"] == {"", "mail-gateway", "allied"}
    assert products["sam"] == set()


def test_of_more_than_fit_the_holes_stay_and_the_rest_is_on_other_pages(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug in ("alder", "birch"):
        made = [validated(cast, title=f"{slug} {number}").pk for number in range(3)]
        Practice.objects.filter(pk__in=made).update(product=Product.objects.create(slug=slug, name=slug.title()))
    _about(cast, "Nobody has written this down", "zinc")
    _unknown(cast, "copper")
    Thread.objects.filter(product=None).update(created_at=clock.now() - timedelta(days=200))
    everything = found_out(cast.ada)
    assert [(row.value, row.covered.hole) for row in everything] == [
        ("copper", UNKNOWN), ("zinc", UNWRITTEN), ("alder", ""), ("birch", ""),
    ]  # fmt: skip
    monkeypatch.setattr("threads.queries.coverage.MOST_ROWS", 2)
    assert [row.value for row in found_out(cast.ada)] == ["copper", "zinc"], "who nobody knows stays as well"
    monkeypatch.undo()
    monkeypatch.setattr("threads.views.coverage.ROWS", 1)
    ada = signed_in(cast.ada)
    first = ada.get("/archive/coverage/").content.decode()
    assert "1 more hole is on the next pages." in first
    assert "1 to 1 of 4" in first
    assert 'href="?from=2"' in first
    assert "Zinc" in ada.get("/archive/coverage/?from=2").content.decode()
    for broken in ("0", "9", "x", "-3", "9" * 40):
        assert "1 to 1 of 4" in ada.get(f"/archive/coverage/?from={broken}").content.decode(), broken


def _unknown(cast: Cast, slug: str) -> None:
    """A product that is asked for, with a validated practice, which nobody is known to know."""
    made = validated(cast, title=slug)
    Practice.objects.filter(pk=made.pk).update(product=_about(cast, f"{slug}?", slug).product)


def test_what_has_no_product_is_a_row_of_its_own(cast: Cast) -> None:
    open_thread(by=cast.ada, space=cast.spaces["lobby"], title="What is it?", body="x")
    (row,) = found_out(cast.ada)
    assert (row.value, row.covered.open, row.covered.hole, row.covered.experts) == ("", 1, UNWRITTEN, None)
    page = signed_in(cast.ada).get("/archive/coverage/").content.decode()
    assert "<td>No product</td>" in page
    assert Covered(open=1, validated=1, experts=None).hole == "", "nobody is said not to know what is no subject"


def test_who_knows_is_counted_once_for_everybody(
    cast: Cast, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    _about(cast, "Asked", "mail-gateway")
    today = clock.now().date()
    for name in ("ben", "zoe", "finn"):
        Skill.objects.create(member=cast.people[name], scope="product:mail-gateway", level=Skill.Level.CAN_HELP)
    Standing.objects.update_or_create(member=cast.ben, scope="product:mail-gateway", defaults={"points": 99})
    Standing.objects.update_or_create(member=cast.ben, scope="tag:smtp", defaults={"points": 99})
    Certificate.objects.create(member=cast.cleo, scope="tag:smtp", name="x", issuer="y", issued_on=today)
    assert experts_by_subject("") == {"mail-gateway": 3}
    assert experts_by_subject("mail-gateway") == {"smtp": 1}, "who knows the product, too"
    cast.finn.is_active = False
    cast.finn.save()
    with django_assert_num_queries(1):
        assert experts_by_subject("") == {"mail-gateway": 2}
    coverage(cast.ada)
    with patch("threads.queries.coverage.experts_by_subject") as again:
        assert [row.covered.experts for row in coverage(cast.zoe)] == [2]
    again.assert_not_called()


def test_who_moves_gets_another_map(cast: Cast) -> None:
    before = class_of(cast.zoe)
    cast.zoe.organization = cast.organizations["corax"]
    assert class_of(cast.zoe) != before


def test_its_pages(cast: Cast) -> None:
    assert "nothing to map yet" in signed_in(cast.zoe).get("/archive/coverage/").content.decode()
    _about(cast, "Open one", "mail-gateway")
    _about(cast, "Secret", "inside", audience="organization")
    zoe, ada = signed_in(cast.zoe), signed_in(cast.ada)
    page = ada.get("/archive/coverage/").content.decode()
    assert "Inside" in page
    assert "Nobody wrote it down" in page
    assert "Mail Gateway" in ada.get("/archive/coverage/mail-gateway/").content.decode()
    assert zoe.get("/archive/coverage/inside/").status_code == 404
    assert zoe.get("/archive/coverage/nothing/").status_code == 404
    assert {row.value for row in coverage(cast.zoe, "mail-gateway")} <= {"smtp"}
