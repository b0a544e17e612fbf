"""The desk: each queue has what it should and no more, its count is that of its rows, nobody sees beyond their eyes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.models import Grant, Member
from community.rules import clock
from tests.cast import Cast
from tests.threads.curating import fresh, recorded, revised, used
from threads.actions.claims import claim
from threads.actions.deciding import decide_review
from threads.actions.duplicates import dismiss_pair, propose_pair
from threads.actions.merging import merge_practices
from threads.actions.practice_owners import disown
from threads.actions.retiring import retire
from threads.actions.reviews import start_review
from threads.actions.suggestions import suggest_edit
from threads.actions.verdicts import say_verdict
from threads.models import Governance, Keeper, Practice, Tag
from threads.policies.practices import may_curate
from threads.queries.curated import curated_by
from threads.queries.desk import DUPLICATES, QUEUES, Narrowed, desk_counts, desk_page

pytestmark = pytest.mark.both_databases

Counted = Callable[[int], AbstractContextManager[object]]
AGAINST = "The rule does not exist from version 9 on."


def queue(viewer: Member, name: str, **narrowed: object) -> list[int]:
    """The practices in a queue, in order."""
    wanted = Narrowed(**narrowed)  # type: ignore[arg-type]
    return [row.practice.pk for row in desk_page(viewer, name, wanted).rows]


def approved(cast: Cast, practice: Practice) -> Practice:
    """The practice, looked at by Nia."""
    review = start_review(by=cast.nia, practice=practice)
    decide_review(by=cast.nia, review=review, outcome="approved", version=fresh(practice).version)
    return fresh(practice)


def test_new_is_what_nobody_has_looked_at(cast: Cast) -> None:
    first, second = recorded(cast, "Mail loops, one"), recorded(cast, "Mail loops, two")
    assert queue(cast.cleo, "new") == [first.pk, second.pk]
    approved(cast, first)
    retire(by=cast.nia, practice=second, reason="Out of date.")
    assert queue(cast.cleo, "new") == []


def test_changed_is_what_says_something_else_since(cast: Cast) -> None:
    practice, other = approved(cast, recorded(cast)), approved(cast, recorded(cast, "Mail is slow"))
    assert queue(cast.cleo, "changed") == []
    revised(practice, cast.ben, cause="A rule.")
    revised(other, cast.ben, cause="A queue.")
    used(cast, practice)
    assert queue(cast.cleo, "changed") == [practice.pk, other.pk]
    approved(cast, practice)
    assert queue(cast.cleo, "changed") == [other.pk]


def test_challenged_is_what_something_is_said_against_dangerous_first(cast: Cast) -> None:
    failed, dangerous, well = (recorded(cast, f"Mail loops, {name}") for name in ("one", "two", "three"))
    say_verdict(by=cast.zoe, practice=failed, kind="failed", note=AGAINST)
    say_verdict(by=cast.zoe, practice=dangerous, kind="dangerous", note="It opened the relay to everybody.")
    say_verdict(by=cast.zoe, practice=well, kind="worked")
    assert queue(cast.cleo, "challenged") == [dangerous.pk, failed.pk]
    rows = desk_page(cast.cleo, "challenged").rows
    assert [row.review for row in rows] == [practice.reviews.get().pk for practice in (dangerous, failed)]
    why = "It was another rule."
    decide_review(by=cast.nia, review=dangerous.reviews.get(), outcome="rejected", version=1, reason=why)
    say_verdict(by=cast.zoe, practice=dangerous, kind="dangerous", note="It opened the relay once more.")
    assert [row.before for row in desk_page(cast.cleo, "challenged").rows] == [1, 0]


def test_due_is_what_is_overdue(cast: Cast) -> None:
    now = clock.now()
    sooner, later, future = (approved(cast, recorded(cast, f"Mail loops, {name}")) for name in ("one", "two", "three"))
    for practice, days in ((sooner, -9), (later, -1), (future, 9)):
        Practice.objects.filter(pk=practice.pk).update(due_at=now + timedelta(days=days))
    assert queue(cast.cleo, "due") == [sooner.pk, later.pk]


def test_unowned_is_what_nobody_hears_of(cast: Cast) -> None:
    owned, left, without = (recorded(cast, f"Mail loops, {name}") for name in ("one", "two", "three"))
    assert queue(cast.cleo, "unowned") == []
    disown(by=cast.ben, practice=without)
    Practice.objects.filter(pk=left.pk).update(owner=cast.sam)
    used(cast, left)
    assert queue(cast.cleo, "unowned") == [left.pk, without.pk]
    assert owned.owner == cast.ben


def test_an_owner_who_left_its_organization_sees_it_no_more(cast: Cast) -> None:
    Grant.objects.create(member=cast.olga, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    practice = recorded(cast, audience="organization")
    assert queue(cast.olga, "unowned") == []
    Member.objects.filter(pk=cast.ben.pk).update(organization=cast.organizations["corax"], center=None)
    assert queue(cast.olga, "unowned") == [practice.pk]


def test_reused_is_what_helps_and_is_not_validated(cast: Cast) -> None:
    often, once, never = (recorded(cast, f"Mail loops, {name}") for name in ("one", "two", "three"))
    used(cast, often, 2)
    used(cast, once)
    assert queue(cast.cleo, "reused") == [often.pk, once.pk]
    for who in (cast.zoe, cast.finn):
        say_verdict(by=who, practice=often, kind="worked")
    assert queue(cast.cleo, "reused") == [once.pk]
    assert never.reuse_count == 0


def test_uses_are_counted_where_the_viewer_sees_them(cast: Cast) -> None:
    """Nor does the order tell of others, nor the number that is kept."""
    hidden, seen = recorded(cast, "Mail loops, one"), recorded(cast, "Mail loops, two")
    for practice in (hidden, seen):
        approved(cast, practice)
        revised(practice, cast.ben, cause="A rule.")
        disown(by=cast.ben, practice=practice)
    used(cast, hidden, 3, audience="organization")
    used(cast, seen, 1)
    assert (fresh(hidden).reuse_count, fresh(seen).reuse_count) == (3, 1)
    told = {
        who: {
            name: [(row.practice.pk, row.uses) for row in desk_page(cast.people[who], name).rows]
            for name in ("changed", "unowned", "reused")
        }
        for who in ("cleo", "nia")
    }
    both = [(seen.pk, 1), (hidden.pk, 0)]
    assert told["cleo"] == {"changed": both, "unowned": both, "reused": [(seen.pk, 1)]}
    assert desk_counts(cast.cleo)["reused"] == 1
    all_ = [(hidden.pk, 3), (seen.pk, 1)]
    assert told["nia"] == {"changed": all_, "unowned": all_, "reused": all_}
    assert desk_counts(cast.nia)["reused"] == 2


def test_uses_from_before_they_were_counted_are_counted(cast: Cast) -> None:
    """What the migration makes of practices that were used, and by how many organizations all were judged."""
    practice, other = recorded(cast, "Mail loops, one"), recorded(cast, "Mail loops, two")
    used(cast, practice, 2)
    Practice.objects.update(reuse_count=0, needed=0, rejudge=False)
    Practice.objects.filter(pk=other.pk).update(reuse_count=7)
    migration = import_module("threads.migrations.0017_trust_and_curation")
    migration.count_uses(apps, None)
    migration.judged_by_how_many(apps, None)
    found = [(row.reuse_count, row.rejudge, row.needed) for row in (fresh(practice), fresh(other))]
    assert found == [(2, True, 2), (0, False, 2)]


def test_asked_is_what_waits_for_changes(cast: Cast) -> None:
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    assert queue(cast.cleo, "asked") == []
    decide_review(by=cast.cleo, review=review, outcome="changes_asked", version=1, reason="Say which version.")
    assert queue(cast.cleo, "asked") == [practice.pk]
    revised(practice, cast.ben, environment="Version 8")
    assert queue(cast.cleo, "asked") == []


def test_suggested_is_what_somebody_would_change(cast: Cast) -> None:
    practice, other = recorded(cast), recorded(cast, "Mail is slow")
    for row in (other, practice):
        suggest_edit(by=cast.zoe, practice=row, base_version=1, fields={"cause": "A rule."}, reason="I know why.")
    suggest_edit(by=cast.finn, practice=other, base_version=1, fields={"cause": "A queue."}, reason="So do I.")
    assert queue(cast.cleo, "suggested") == [other.pk, practice.pk]


def test_duplicates_are_open_pairs_of_what_one_curates(cast: Cast) -> None:
    first, second = recorded(cast, "Mail loops, one"), recorded(cast, "Mail loops, two")
    secret = recorded(cast, "Relay of Northwind", audience="organization")
    pair = propose_pair(by=cast.zoe, practice=second, other=first)
    propose_pair(by=cast.ben, practice=first, other=secret)
    assert [(row.practice, row.other) for row in desk_page(cast.cleo, DUPLICATES).rows] == [(first, second)]
    assert len(desk_page(cast.nia, DUPLICATES).rows) == 2
    dismiss_pair(by=cast.cleo, pair=pair)
    assert desk_page(cast.cleo, DUPLICATES).rows == []


def test_what_was_merged_is_in_no_queue(cast: Cast) -> None:
    source, target = recorded(cast, "Mail loops, one"), recorded(cast, "Mail loops, two")
    disown(by=cast.ben, practice=source)
    say_verdict(by=cast.zoe, practice=source, kind="failed", note=AGAINST)
    merge_practices(by=cast.cleo, source=source, target=target, reason="The same.", version=1)
    assert {pk for name in _QUEUES_OF_ONE for pk in queue(cast.cleo, name)} == {target.pk}


_QUEUES_OF_ONE = [name for name in QUEUES if name != DUPLICATES]


@pytest.mark.parametrize("who", ["ada", "ben", "olga", "cleo", "zoe", "mo", "nia", "finn", "sam"])
def test_counts_are_those_of_the_rows_and_only_of_what_one_curates(cast: Cast, who: str) -> None:
    _of_everything(cast)
    viewer = getattr(cast, who)
    counts = desk_counts(viewer)
    for name in QUEUES:
        rows = desk_page(viewer, name).rows
        assert counts[name] == len(rows), name
        assert all(may_curate(viewer, row.practice) for row in rows), name
    assert any(counts.values()) == (who in {"cleo", "nia"})


def _of_everything(cast: Cast) -> None:
    """Something in every queue, of what Cleo sees and of what she does not."""
    for audience in ("space", "organization"):
        one, two = (recorded(cast, f"Mail loops, {name}", audience=audience) for name in ("one", "two"))
        approved(cast, one)
        revised(one, cast.ben, cause="A rule.")
        disown(by=cast.ben, practice=one)
        Practice.objects.filter(pk=one.pk).update(due_at=clock.now() - timedelta(days=1))
        used(cast, one)
        say_verdict(by=cast.ada, practice=two, kind="outdated", note=AGAINST)
        propose_pair(by=cast.ben, practice=one, other=two)
        suggest_edit(by=cast.olga, practice=one, base_version=2, fields={"cause": "Another."}, reason="I know why.")


def test_curated_agrees_with_the_policy(cast: Cast) -> None:
    """For everybody, whatever the audience, with keepers of a product and of a tag, here and everywhere."""
    practices = [
        recorded(cast, f"Mail loops in {space} for {audience}", by=cast.ada, space=space, audience=audience)
        for space, audience in (
            ("lobby", "space"), ("lobby", "organization"), ("alliance", "space"), ("workshop", "space"),
            ("alliance", "center"),
        )
    ]  # fmt: skip
    rules = [
        Governance.objects.create(product=cast.products["mail-gateway"], mode="compliance", set_by=cast.nia),
        Governance.objects.create(
            space=cast.spaces["alliance"], tag=Tag.objects.get(slug="smtp"), mode="compliance", set_by=cast.nia
        ),
        Governance.objects.create(
            space=cast.spaces["lobby"], product=cast.products["mail-gateway"], mode="experience", set_by=cast.nia
        ),
    ]
    for rule, keeper in zip(rules, (cast.ada, cast.zoe, cast.finn), strict=True):
        Keeper.objects.create(governance=rule, member=keeper)
    for viewer in cast.people.values():
        curated = set(curated_by(viewer).values_list("pk", flat=True))
        assert curated == {row.pk for row in practices if may_curate(viewer, fresh(row))}, viewer


def test_pages_follow_each_other_without_gap(cast: Cast) -> None:
    practices = [recorded(cast, f"Mail loops, case {number}") for number in range(5)]
    for practice, count in zip(practices, (1, 1, 3, 3, 3), strict=True):
        used(cast, practice, count)
        say_verdict(by=cast.zoe, practice=practice, kind="dangerous" if count == 1 else "failed", note=AGAINST)
    for name in ("new", "reused", "challenged"):
        seen, after = [], ""
        while True:
            page = desk_page(cast.cleo, name, after=after, limit=2)
            seen += [row.practice.pk for row in page.rows]
            if page.next is None:
                break
            after = page.next
        assert sorted(seen) == sorted(row.pk for row in practices), name


def test_it_is_narrowed(cast: Cast) -> None:
    here, there = recorded(cast, "Mail loops, one"), recorded(cast, "Mail loops, two", space="alliance")
    assert queue(cast.cleo, "new", space="alliance") == [there.pk]
    assert queue(cast.cleo, "new", product="mail-gateway", tag="SMTP") == [here.pk, there.pk]
    assert queue(cast.cleo, "new", tag="dns") == []
    claim(by=cast.cleo, practice=here)
    assert queue(cast.cleo, "new", mine=True) == [here.pk]


def test_a_row_says_who_works_on_it_and_who_has_to_decide(cast: Cast) -> None:
    own, other = recorded(cast, "Mail loops, one", by=cast.cleo), recorded(cast, "Mail loops, two")
    claim(by=cast.nia, practice=other)
    assert [(row.practice.pk, row.others_decide, row.claimed) for row in desk_page(cast.cleo, "new").rows] == [
        (own.pk, True, False), (other.pk, False, True),
    ]  # fmt: skip
    Practice.objects.filter(pk=other.pk).update(claimed_until=clock.now() - timedelta(seconds=1))
    assert [row.claimed for row in desk_page(cast.cleo, "new").rows] == [False, False]


def test_it_costs_the_same_with_more_in_it(cast: Cast, django_assert_num_queries: Counted) -> None:
    for _round in range(2):
        _of_everything(cast)
        with django_assert_num_queries(2):
            desk_counts(cast.cleo)
        for name in QUEUES:
            with CaptureQueriesContext(connection) as asked:
                rows = desk_page(cast.cleo, name).rows
                assert all(row.practice.space.name and row.practice.organization.name for row in rows)
            assert len(asked) == (2 if rows else 1), "which they are, then what is shown of them"
