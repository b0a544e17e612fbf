"""The inbox: who is told, once, of what they may see; and the worker that tells many."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.management import call_command

from community.actions.inbox import MOST_AT_ONCE, choose, mark_read, notify
from community.actions.members import suspend
from community.errors import Forbidden, Invalid
from community.events import member_stream
from community.events.reactors import those_who_see
from community.events.reading import missed
from community.models import Event, InboxItem, Member, Organization, Outbox
from community.queries.inbox import count_by_marks, inbox_of, unread_count
from tests.cast import Cast
from threads.actions.following import follow
from threads.actions.posts import edit_post, post_reply
from threads.actions.resolution import resolve
from threads.actions.threads import open_thread
from threads.actions.votes import vote
from threads.facts.threads import REPLIED
from threads.models import Thread

pytestmark = pytest.mark.both_databases


def _kinds(member: Member) -> list[str]:
    return sorted(InboxItem.objects.filter(member=member).values_list("kind", flat=True))


def _asked(cast: Cast, *, body: str = "Help", audience: str = "space", space: str = "lobby") -> Thread:
    return open_thread(by=cast.ada, space=cast.spaces[space], title="T", body=body, audience=audience)


def test_followers_hear_of_replies_once(cast: Cast) -> None:
    thread = _asked(cast)
    reply = post_reply(by=cast.ben, thread=thread, body="Try this, @ada")
    assert _kinds(cast.ada) == ["mention"]
    post_reply(by=cast.zoe, thread=thread, body="Or that")
    assert _kinds(cast.ada) == ["mention", "reply"]
    assert _kinds(cast.ben) == ["reply"]
    edit_post(by=cast.ben, post=reply, body="Try this, @ada and @zoe")
    assert _kinds(cast.ada) == ["mention", "reply"]
    assert _kinds(cast.zoe) == ["mention"]


def test_nobody_is_told_of_what_they_may_not_see(cast: Cast) -> None:
    thread = _asked(cast, body="@zoe @finn @ben @sam", audience="organization")
    assert _kinds(cast.ben) == ["mention"]
    assert [_kinds(who) for who in (cast.zoe, cast.finn, cast.sam)] == [[], [], []]
    with pytest.raises(Exception, match="no_thread"):
        follow(by=cast.zoe, thread=thread, wanted=True)


def test_who_lost_sight_is_told_no_more_and_sees_no_trace(cast: Cast) -> None:
    thread = _asked(cast, space="alliance")
    post_reply(by=cast.zoe, thread=thread, body="I follow now")
    post_reply(by=cast.ada, thread=thread, body="Thanks")
    assert unread_count(cast.zoe) == 1
    cast.spaces["alliance"].organizations.remove(cast.organizations["brightline"])
    post_reply(by=cast.ada, thread=thread, body="Only us now")
    assert _kinds(cast.zoe) == ["reply"]
    assert unread_count(cast.zoe) == 0
    assert inbox_of(cast.zoe).groups == []


def test_what_is_counted_is_what_was_read_whatever_came_since(cast: Cast) -> None:
    thread = _asked(cast)
    post_reply(by=cast.ben, thread=thread, body="Try this")
    (first,) = InboxItem.objects.filter(member=cast.ada).values_list("pk", flat=True)
    post_reply(by=cast.zoe, thread=thread, body="Or that")
    both = " ".join(map(str, InboxItem.objects.filter(member=cast.ada).values_list("pk", flat=True)))
    for ids, count in ((str(first), 1), (both, 2), (str(first), 1), ("", 0), (None, 0)):
        assert count_by_marks(cast.ada, ids, ("the same marks", thread.pk)) == count


def test_thanks_and_credit_do_not_reach_who_lost_sight_since(cast: Cast) -> None:
    """Ben, who went to another organization, hears that his own standing rose, and nothing of the thread."""
    thread = _asked(cast, audience="organization")
    post = post_reply(by=cast.ben, thread=thread, body="Restart it")
    Member.objects.filter(pk=cast.ben.pk).update(organization=cast.organizations["brightline"], center=None)
    vote(by=cast.ada, post=post, value=True)
    resolve(by=cast.ada, thread=thread, posts=[post])
    assert _kinds(cast.ben) == ["badge", "standing-earned"]
    added = Event.objects.filter(kind="inbox.added", stream__subject_id=cast.ben.pk)
    assert {event.data["subject"] for event in added} == {f"standing:{cast.ben.pk}", f"badges:{cast.ben.pk}"}
    now = Member.objects.get(pk=cast.ben.pk)
    shown = [notice for group in inbox_of(now).groups for notice in group.notices]
    assert not any("/threads/" in notice.url or "/posts/" in notice.url for notice in shown)
    assert "+25 standing: 1 solution, helped 1 time" in [notice.sentence for notice in shown]


def test_unfollowing_holds(cast: Cast) -> None:
    thread = _asked(cast)
    follow(by=cast.ada, thread=thread, wanted=False)
    post_reply(by=cast.ada, thread=thread, body="I reply, but do not want to hear more")
    post_reply(by=cast.ben, thread=thread, body="All right")
    assert _kinds(cast.ada) == []


def test_kinds_can_be_declined(cast: Cast) -> None:
    choose(by=cast.ada, kind="reply", wanted=False)
    thread = _asked(cast)
    post_reply(by=cast.ben, thread=thread, body="x")
    assert _kinds(cast.ada) == []
    with pytest.raises(Invalid):
        choose(by=cast.ada, kind="nonsense", wanted=True)


def test_reading_is_told_to_the_members_other_tabs(cast: Cast) -> None:
    thread = _asked(cast)
    post_reply(by=cast.ben, thread=thread, body="x")
    assert mark_read(by=cast.ada, subjects=[f"thread:{thread.pk}"]) == 1
    assert mark_read(by=cast.ada) == 0
    events = missed(member_stream(cast.ada.pk), 0).events
    assert [event.kind for event in events] == ["inbox.added", "inbox.read"]
    assert events[-1].data["unread"] == 0


def test_a_notice_for_many_goes_through_the_outbox(cast: Cast) -> None:
    """The worker delivers it in batches, once to each, also when it starts again in the middle."""
    acme = Organization.objects.get(slug="acme")
    many = [Member(handle=f"m{n}", name=f"M {n}", email=f"m{n}@example.org", organization=acme) for n in range(450)]
    Member.objects.bulk_create(many)
    ids = list(Member.objects.filter(handle__startswith="m", email__startswith="m").values_list("pk", flat=True))
    thread = _asked(cast)
    assert len(ids) > MOST_AT_ONCE
    for _twice in range(2):
        subject = f"thread:{thread.pk}"
        notify(recipients=ids, kind=REPLIED, subject=subject, target="post:1", actor=cast.ben)
    assert Outbox.objects.count() == 2
    assert not InboxItem.objects.filter(member_id__in=ids).exists()
    call_command("work", once=True)
    assert Outbox.objects.count() == 0
    assert InboxItem.objects.filter(member_id__in=ids, kind="reply").count() == len(ids)
    assert Event.objects.filter(kind="inbox.added", stream__subject_id__in=ids).count() == len(ids)


def test_the_worker_tells_nobody_who_lost_sight_since(
    cast: Cast, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    """Neither a notice nor an event: who went to another organization meanwhile, and who was suspended."""
    thread = _asked(cast, audience="organization")
    acme, brightline = cast.organizations["acme"], cast.organizations["brightline"]
    staff = [Member(handle=f"m{n}", name=f"M {n}", email=f"m{n}@example.org", organization=acme) for n in range(60)]
    Member.objects.bulk_create(staff)
    ids = list(Member.objects.filter(email__startswith="m", organization=acme).order_by("pk").values_list(flat=True))
    gone, suspended, *rest = ids
    subject = f"thread:{thread.pk}"
    notify(recipients=ids, kind=REPLIED, subject=subject, target="post:1", actor=cast.ben)
    Member.objects.filter(pk=gone).update(organization=brightline)
    Member.objects.filter(pk=suspended).update(is_active=False)
    call_command("work", once=True)
    assert not Outbox.objects.exists()
    assert sorted(InboxItem.objects.filter(kind="reply").values_list("member_id", flat=True)) == rest
    told = Event.objects.filter(kind="inbox.added", stream__subject_id__in=ids)
    assert sorted(told.values_list("stream__subject_id", flat=True)) == rest

    for name in ("thread:999999", "thread:x", "planet:1"):
        assert those_who_see(name, ids) == set()
    for some in (rest[:2], rest):
        with django_assert_num_queries(2):
            assert those_who_see(subject, [gone, *some]) == set(some)


def test_only_administrators_suspend(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        suspend(by=cast.ben, member=cast.ada)
    with pytest.raises(Forbidden):
        suspend(by=cast.olga, member=cast.zoe)
    suspend(by=cast.olga, member=cast.ben)
    assert not Member.objects.get(handle="ben").is_active
