"""Many use, adopt, read and tell at once: each is said once, earned once and counted right."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from community.models import InboxItem
from community.rules import clock
from reputation.models import Award
from tests.cast import make_cast
from tests.community.test_event_concurrency import assert_gap_free, at_once
from tests.threads.practicing import fresh, recorded
from threads.actions.adoption import adopt, end_adoption
from threads.actions.bulletins import acknowledge, remind_all, send_bulletin
from threads.actions.merging import merge_practices
from threads.actions.reuse import use_practice, withdraw_use
from threads.actions.subscribing import subscribe, tell_news, tell_subscribers
from threads.actions.threads import open_thread
from threads.models import Adoption, Bulletin, Practice, Receipt, Reuse, Subscription

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_a_practice_used_by_several_at_once_is_used_once() -> None:
    cast = make_cast()
    practice = recorded(cast)
    thread = open_thread(by=cast.zoe, space=cast.spaces["lobby"], title="Mail waits", body="x")
    at_once(*(partial(use_practice, by=cast.people[name], thread=thread, practice=practice) for name in ("zoe", "mo")))
    assert Reuse.objects.get(until=None).thread == thread
    assert fresh(practice).reuse_count == 1
    earned = list(Award.objects.filter(rule=Award.Rule.REUSED).values_list("member__handle", flat=True))
    assert sorted(earned) == sorted(set(earned))
    assert_gap_free()


def test_uses_in_many_threads_at_once_are_all_counted() -> None:
    cast = make_cast()
    practice = recorded(cast)
    threads = [
        open_thread(by=cast.zoe, space=cast.spaces["lobby"], title=f"Mail waits {n}", body="x") for n in range(4)
    ]
    at_once(*(partial(use_practice, by=cast.zoe, thread=thread, practice=practice) for thread in threads))
    assert fresh(practice).reuse_count == 4
    at_once(*(partial(withdraw_use, by=cast.zoe, thread=thread, practice=practice) for thread in threads))
    assert fresh(practice).reuse_count == 0
    assert sum(Award.objects.filter(rule=Award.Rule.REUSED).values_list("points", flat=True)) == 0
    assert_gap_free()


def test_a_use_while_the_practice_is_merged_is_of_one_that_stands() -> None:
    cast = make_cast()
    source, target = recorded(cast, title="Mail goes round in circles"), recorded(cast)
    thread = open_thread(by=cast.zoe, space=cast.spaces["lobby"], title="Mail waits", body="x")

    def use() -> None:
        from community.errors import Conflict

        try:
            use_practice(by=cast.zoe, thread=thread, practice=source)
        except Conflict as refused:
            assert refused.code in {"merged_meanwhile", "retired"}  # noqa: PT017  (either answer is right)

    merge = partial(merge_practices, by=cast.cleo, source=source, target=target, reason="The same.", version=1)
    at_once(use, merge)
    standing = Reuse.objects.filter(until=None)
    assert {use.practice_id for use in standing} <= {target.pk}
    assert fresh(target).reuse_count == standing.count()
    assert fresh(source).reuse_count == 0


def test_an_organization_that_decides_twice_at_once_has_decided_one_thing() -> None:
    cast = make_cast()
    practice = recorded(cast)
    at_once(
        partial(adopt, by=cast.olga, practice=practice, state="adopted"),
        partial(adopt, by=cast.olga, practice=practice, state="adapted", variant="Flush *twice*."),
        partial(adopt, by=cast.cleo, practice=practice, state="adopted"),
    )
    standing = Adoption.objects.filter(until=None)
    assert sorted(row.organization.slug for row in standing.select_related("organization")) == ["acme", "brightline"]
    at_once(*(partial(end_adoption, by=cast.olga, practice=practice) for _time in range(2)))
    left = Adoption.objects.get(until=None)
    assert left.organization == cast.organizations["brightline"]


def test_whoever_reads_a_bulletin_at_once_with_others_has_read_it_once() -> None:
    cast = make_cast()
    now = clock.now()
    bulletin = send_bulletin(
        by=cast.cleo, space=cast.spaces["alliance"], audience="space", title="Quuxes end", text="Soon.",
        acknowledge_until=now + timedelta(hours=2),
    )  # fmt: skip
    readers = ("ada", "ada", "ben", "ben", "zoe")
    at_once(*(partial(acknowledge, by=cast.people[name], bulletin=bulletin) for name in readers))
    assert sorted(Receipt.objects.values_list("member__handle", flat=True)) == ["ada", "ben", "zoe"]
    Bulletin.objects.update(sent_at=now - timedelta(hours=3))
    at_once(remind_all, remind_all)
    reminded = InboxItem.objects.filter(kind="bulletin-due").values_list("member__handle", flat=True)
    assert sorted(reminded) == ["mo", "nia", "olga"]


def test_two_workers_tell_one_piece_of_news_once() -> None:
    cast = make_cast()
    practice = recorded(cast)
    Practice.objects.filter(pk=practice.pk).update(product=cast.products["mail-gateway"])
    at_once(*(partial(subscribe, by=cast.zoe, scope="product:mail-gateway") for _time in range(2)))
    assert Subscription.objects.count() == 1
    tell_news()
    InboxItem.objects.all().delete()
    practice = fresh(practice)

    def tell() -> None:
        with transaction.atomic():
            tell_subscribers(practice, "new", None)

    at_once(tell, tell)
    at_once(tell_news, tell_news)
    assert InboxItem.objects.filter(member=cast.zoe, kind="practice-new").count() == 1
