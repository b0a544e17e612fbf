"""What the inbox says of standing: one unread notice for all that was earned, and why something was taken back."""

from collections import Counter
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.actions.inbox import choose, mark_read
from community.events import member_stream
from community.events.reading import missed
from community.models import InboxItem, Member
from community.queries.inbox import Notice, inbox_of, unread_count
from reputation.actions.importing import append_awards
from reputation.models import Award, NewsLine
from reputation.rules.points import RULES_VERSION
from tests.cast import Cast, make_cast
from tests.community.test_event_concurrency import assert_gap_free, at_once
from tests.reputation.giving import give, strangers, take
from threads.actions.posts import delete_post, post_reply
from threads.actions.resolution import reopen, resolve
from threads.actions.threads import open_thread
from threads.actions.votes import vote
from threads.models import Post, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

EARNED, LOST = "standing-earned", "standing-lost"


def notices(member: Member, kind: str, *, unread_only: bool = False) -> list[Notice]:
    groups = inbox_of(member, unread_only=unread_only).groups
    return [notice for group in groups for notice in group.notices if notice.kind.name == kind]


def words(member: Member, kind: str = EARNED, *, unread_only: bool = False) -> list[str]:
    return [notice.sentence for notice in notices(member, kind, unread_only=unread_only)]


def asked(cast: Cast, *, space: str = "lobby", title: str = "Mail loops") -> Thread:
    return open_thread(by=cast.ada, space=cast.spaces[space], title=title, body="Help.")


def answered(cast: Cast) -> tuple[Thread, Post]:
    thread = asked(cast)
    return thread, post_reply(by=cast.ben, thread=thread, body="Disable the rule.")


def test_all_that_is_earned_is_one_notice_until_it_is_read(cast: Cast) -> None:
    thread, post = answered(cast)
    vote(by=cast.zoe, post=post, value=True)
    assert words(cast.ben) == ["+10 standing: helped 1 time (Mail loops)"]
    (notice,) = notices(cast.ben, EARNED)
    assert notice.url == post.get_absolute_url()
    for who in (cast.cleo, cast.finn):
        vote(by=who, post=post, value=True)
    resolve(by=cast.ada, thread=thread, posts=[post])
    assert words(cast.ben) == ["+45 standing: helped 3 times (Mail loops), 1 solution (Mail loops)"]
    (notice,) = notices(cast.ben, EARNED)
    assert notice.url == "/people/ben/#standing"
    mark_read(by=cast.ben, subjects=[f"standing:{cast.ben.pk}"])
    vote(by=cast.mo, post=post, value=True)
    assert words(cast.ben) == [
        "+10 standing: helped 1 time (Mail loops)",
        "+45 standing: helped 3 times (Mail loops), 1 solution (Mail loops)",
    ]
    assert words(cast.ben, unread_only=True) == ["+10 standing: helped 1 time (Mail loops)"]


def test_a_vote_taken_back_lowers_what_is_unread_and_is_no_news_itself(cast: Cast) -> None:
    _thread, post = answered(cast)
    for who in (cast.ada, cast.zoe, cast.cleo):
        vote(by=who, post=post, value=True)
    vote(by=cast.zoe, post=post, value=False)
    assert words(cast.ben) == ["+20 standing: helped 2 times (Mail loops)"]
    assert words(cast.ben, LOST) == []
    for who in (cast.ada, cast.cleo):
        vote(by=who, post=post, value=False)
    assert words(cast.ben) == []
    assert unread_count(cast.ben) == 0
    vote(by=cast.zoe, post=post, value=True)
    assert words(cast.ben) == ["+10 standing: helped 1 time (Mail loops)"]


def test_what_was_read_before_is_not_lowered_in_what_came_since(cast: Cast) -> None:
    _thread, post = answered(cast)
    vote(by=cast.zoe, post=post, value=True)
    mark_read(by=cast.ben)
    vote(by=cast.cleo, post=post, value=True)
    vote(by=cast.zoe, post=post, value=False)
    assert words(cast.ben, unread_only=True) == ["+10 standing: helped 1 time (Mail loops)"]
    vote(by=cast.cleo, post=post, value=False)
    assert words(cast.ben, unread_only=True) == []


def test_what_is_taken_back_says_why_and_of_what(cast: Cast) -> None:
    thread, post = answered(cast)
    resolve(by=cast.ada, thread=thread, posts=[post])
    reopen(by=cast.ada, thread=thread, reason="It is back.")
    assert words(cast.ben, LOST) == ["-15 standing: the thread was opened again (Mail loops)"]
    (notice,) = notices(cast.ben, LOST)
    assert notice.url == post.get_absolute_url()
    assert words(cast.ben) == ["+15 standing: 1 solution (Mail loops)"]


def test_many_taken_back_at_once_are_one_notice(cast: Cast) -> None:
    thread, post = answered(cast)
    for who in (cast.ada, cast.zoe, cast.cleo, cast.finn):
        vote(by=who, post=post, value=True)
    delete_post(by=cast.ben, post=post)
    other = post_reply(by=cast.ben, thread=thread, body="Or that.")
    resolve(by=cast.ada, thread=thread, posts=[other])
    reopen(by=cast.ada, thread=thread, reason="It is back.")
    (said,) = words(cast.ben, LOST)
    assert said.startswith("-55 standing: what it was for was deleted")
    assert "; the thread was opened again (Mail loops)" in said


def test_what_one_does_not_see_any_more_is_not_named(cast: Cast) -> None:
    thread = asked(cast, space="alliance", title="Secret loops")
    post = post_reply(by=cast.zoe, thread=thread, body="Disable the rule.")
    resolve(by=cast.ada, thread=thread, posts=[post])
    reopen(by=cast.ada, thread=thread, reason="It is back.")
    assert "Secret loops" in words(cast.zoe, LOST)[0]
    cast.spaces["alliance"].organizations.remove(cast.organizations["brightline"])
    assert words(cast.zoe, LOST) == ["-15 standing: the thread was opened again"]
    assert notices(cast.zoe, LOST)[0].url == "/people/zoe/#standing"
    assert words(cast.zoe) == ["+15 standing: 1 solution"]


def test_who_declined_is_not_told_nor_is_who_is_not_here(cast: Cast) -> None:
    choose(by=cast.ben, kind=EARNED, wanted=False)
    give(cast.ben, "helped", cast.zoe)
    take("helped", cast.zoe)
    assert words(cast.ben) == []
    assert words(cast.ben, LOST) == ["-10 standing: the thread was opened again"]
    choose(by=cast.ben, kind=EARNED, wanted=True)
    give(cast.ben, "helped", cast.zoe)
    choose(by=cast.ben, kind=EARNED, wanted=False)
    give(cast.ben, "helped", cast.zoe, thing=2)
    assert words(cast.ben) == ["+10 standing: helped 1 time"]
    give(cast.sam, "helped", cast.zoe)
    assert not InboxItem.objects.filter(member=cast.sam).exists()


def test_five_hundred_votes_on_a_day_are_one_notice(cast: Cast) -> None:
    """Beyond the limit of a day they are counted and give nothing."""
    for giver in strangers(50):
        for thing in range(10):
            give(cast.ben, "helped", giver, thing=thing)
    assert words(cast.ben) == ["+200 standing: helped 500 times"]
    assert InboxItem.objects.filter(member=cast.ben, kind=EARNED).count() == 1
    assert NewsLine.objects.count() == 10
    mark_read(by=cast.ben)
    give(cast.ben, "helped", cast.zoe)
    assert words(cast.ben, unread_only=True) == ["Limits left no standing: helped 1 time"]


def test_the_inbox_asks_no_more_for_many_notices_about_many_things(cast: Cast) -> None:
    def asked_for() -> int:
        with CaptureQueriesContext(connection) as asked:
            inbox_of(cast.ben)
        return len(asked)

    _thread, post = answered(cast)
    vote(by=cast.zoe, post=post, value=True)
    inbox_of(cast.ben)
    few = asked_for()
    for _time in range(4):
        mark_read(by=cast.ben)
        for giver in (cast.zoe, cast.finn, cast.cleo):
            _other, reply = answered(cast)
            vote(by=giver, post=reply, value=True)
    assert len(words(cast.ben)) == 5
    assert asked_for() == few


def test_imports_are_no_news(cast: Cast) -> None:
    append_awards(
        awards=[
            Award(
                member=cast.ben, rule="helped", rules_version=RULES_VERSION, points=10, cause=f"import:{n}",
                subject="post:1", month=202601, receiver_organization_id=cast.ben.organization_id,
            )
            for n in range(5)
        ]
    )  # fmt: skip
    assert not InboxItem.objects.exists()
    assert not NewsLine.objects.exists()


def test_another_persons_notice_says_nothing(cast: Cast) -> None:
    give(cast.ben, "helped", cast.zoe)
    first = Award.objects.get().pk
    for subject in (f"standing:{cast.ben.pk}", f"award:{first}", f"standing:{cast.ada.pk}"):
        InboxItem.objects.create(
            member=cast.ada, kind=EARNED, subject=subject, target=f"award:{first}", key=f"forged:{subject}"
        )
    assert words(cast.ada) == ["Your standing rose"]


steps = st.one_of(
    st.tuples(st.just("give"), st.integers(0, 2), st.integers(1, 2), st.sampled_from(["helped", "solution", "reused"])),
    st.tuples(st.just("take"), st.integers(0, 2), st.integers(1, 2), st.sampled_from(["helped", "solution", "reused"])),
    st.tuples(st.just("untake"), st.integers(0, 2), st.integers(1, 2), st.just("reused")),
    st.tuples(st.just("read"), st.just(0), st.just(1), st.just("helped")),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=14))
def test_the_unread_notices_add_up_what_came_since_the_last_reading(
    cast: Cast, found: list[tuple[str, int, int, str]]
) -> None:
    with transaction.atomic():
        givers, since = strangers(3), 0
        for verb, who, thing, rule in found:
            if verb == "give":
                give(cast.ben, rule, givers[who], thing=thing)
            elif verb == "read":
                mark_read(by=cast.ben)
                since = max(Award.objects.values_list("pk", flat=True), default=0)
            else:
                take(rule, givers[who], thing=thing, why=Award.Why.UNVOTED if verb == "take" else Award.Why.UNUSED)
            assert told(cast.ben) == reckoned(cast.ben, since), (verb, rule)
            assert InboxItem.objects.filter(member=cast.ben, read_at=None).exclude(kind="badge").count() <= 2
            assert InboxItem.objects.filter(member=cast.ben, read_at=None).count() == unread_count(cast.ben)
        transaction.set_rollback(True)


def told(member: Member) -> Counter[str]:
    """Points by what they are told as, of what is unread."""
    found: Counter[str] = Counter()
    for line in NewsLine.objects.filter(item__member=member, item__read_at=None):
        name = line.rule if not line.why else f"lost {line.rule}"
        found[name] += line.points
        found[f"{name}, times"] += line.awards
    return Counter({name: number for name, number in found.items() if number})


def reckoned(member: Member, since: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in Award.objects.filter(member=member, pk__gt=since).select_related("reversal", "reverses"):
        if row.reverses_id is None and not (hasattr(row, "reversal") and row.reversal.why == "unvoted"):
            found[row.rule] += row.points
            found[f"{row.rule}, times"] += 1
        elif row.reverses_id is not None and row.why != "unvoted":
            found[f"lost {row.rule}"] += row.points
            found[f"lost {row.rule}, times"] += row.points != 0
    return Counter({name: number for name, number in found.items() if number})


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_one_notice_and_nothing_is_lost() -> None:
    cast = make_cast()
    givers = [*strangers(5), cast.zoe]
    at_once(*(partial(_give_some, cast.ben, giver) for giver in givers))
    (notice,) = InboxItem.objects.filter(member=cast.ben, kind=EARNED)
    lines = NewsLine.objects.filter(item=notice)
    given = Award.objects.filter(member=cast.ben, reverses=None, reversal=None)
    assert sum(line.awards for line in lines) == given.count() == 24
    assert sum(line.points for line in lines) == sum(Award.objects.values_list("points", flat=True)) > 100
    assert unread_count(cast.ben) == 1
    added = [event for event in missed(member_stream(cast.ben.pk), 0).events if event.kind == "inbox.added"]
    assert len(added) == 1
    assert_gap_free()


def _give_some(member: Member, giver: Member) -> None:
    for thing in range(5):
        give(member, "helped", giver, thing=thing)
    take("helped", giver, thing=0, why=Award.Why.UNVOTED)


@pytest.mark.django_db(transaction=True)
def test_reading_while_more_arrives_loses_nothing() -> None:
    cast = make_cast()
    givers = strangers(4)

    def read() -> None:
        for _time in range(6):
            mark_read(by=cast.ben)

    at_once(*(partial(_give_some, cast.ben, giver) for giver in givers), read, read)
    lines = NewsLine.objects.filter(item__member=cast.ben)
    given = Award.objects.filter(member=cast.ben, reverses=None, points__gt=0)
    taken = Award.objects.filter(member=cast.ben, reverses__isnull=False)
    told_now = sum(lines.values_list("points", flat=True))
    assert sum(given.values_list("points", flat=True)) >= told_now
    assert told_now >= sum(given.values_list("points", flat=True)) + sum(taken.values_list("points", flat=True))
    assert InboxItem.objects.filter(member=cast.ben, kind=EARNED, read_at=None).count() <= 1
    assert_gap_free()
