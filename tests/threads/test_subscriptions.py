"""Who asked for it hears of practices: as far as they see them, once, and as roles go round."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from community.errors import Forbidden, Invalid
from community.models import Assignment, InboxItem, InboxSetting, Member, WorkRole
from community.rules import clock
from tests.cast import Cast
from tests.threads.practicing import FIELDS, fresh
from threads.actions import subscribing
from threads.actions.adoption import adopt
from threads.actions.practices import edit_practice, record_practice
from threads.actions.resolution import resolve
from threads.actions.subscribing import (
    TOGETHER,
    announce,
    subscribe,
    subscribe_role,
    tell_news,
    unsubscribe,
    unsubscribe_role,
)
from threads.actions.threads import open_thread
from threads.actions.verdicts import say_verdict, withdraw_verdict
from threads.models import Practice, PracticeNews
from threads.queries import subscriptions

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

GATEWAY, QUEUE = "product:mail-gateway", "tag:queue"


def tagged(cast: Cast, **more: Any) -> Practice:
    """A practice of Ben's about mail, of everybody's or whose it says."""
    thread = open_thread(
        by=cast.ada, space=cast.spaces[more.pop("space", "lobby")], title="Mail is slow since Sunday", body="Since.",
        product=cast.products["mail-gateway"], tags=["queue"], audience=more.pop("audience", "space"),
    )  # fmt: skip
    resolve(by=cast.ada, thread=thread, summary="The queue runner.")
    return record_practice(by=cast.ben, thread=thread, fields=FIELDS)


def heard(kind: str = "practice-new") -> set[str]:
    return set(InboxItem.objects.filter(kind=kind).values_list("member__handle", flat=True))


def later(**after: int) -> int:
    with clock.at(clock.now() + timedelta(**after)):
        return tell_news()


def test_who_asked_hears_of_what_is_new_and_they_see(cast: Cast) -> None:
    subscribe(by=cast.zoe, scope=GATEWAY)
    subscribe(by=cast.ada, scope=GATEWAY)
    subscribe(by=cast.ben, scope=GATEWAY)
    subscribe(by=cast.finn, scope="product:Mail-Gateway")
    tagged(cast)
    assert heard() == set(), "the worker tells it"
    assert tell_news() == 1
    assert heard() == {"zoe", "ada", "finn"}, "but not who did it"
    assert tell_news() == 0
    tagged(cast, space="alliance", audience="organization")
    tell_news()
    counts = {name: InboxItem.objects.filter(member=cast.people[name], kind="practice-new").count() for name in heard()}
    assert counts == {"zoe": 1, "ada": 2, "finn": 1}


def test_the_same_news_is_told_once_by_two_workers(cast: Cast) -> None:
    subscribe(by=cast.zoe, scope=GATEWAY)
    tagged(cast)
    (news,) = PracticeNews.objects.values_list("pk", flat=True)
    assert (announce(news_id=news), announce(news_id=news)) == (True, False)
    assert InboxItem.objects.filter(member=cast.zoe, kind="practice-new").count() == 1


def test_news_that_cannot_be_told_stop_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribe(by=cast.zoe, scope=GATEWAY)
    poisoned, sound = tagged(cast), tagged(cast)
    audience = subscriptions.audience_of_news

    def choke(practice: Practice, *about: Any, **more: Any) -> list[int]:
        if practice == poisoned:
            raise OperationalError("Expression tree is too large")
        return audience(practice, *about, **more)

    monkeypatch.setattr(subscribing, "audience_of_news", choke)
    assert (tell_news(), tell_news()) == (1, 0)
    assert list(InboxItem.objects.filter(kind="practice-new").values_list("subject")) == [(f"practice:{sound.pk}",)]
    monkeypatch.undo()
    assert tell_news() == 0, "not at once"
    assert later(minutes=1) == 1
    assert InboxItem.objects.filter(kind="practice-new").count() == 2


def test_many_changes_are_one_notice(cast: Cast) -> None:
    practice = tagged(cast)
    subscribe(by=cast.zoe, scope=QUEUE)
    tell_news()
    for number in range(5):
        edit_practice(
            by=cast.cleo, practice=practice, fields={"cause": f"Cause {number}."}, reason="Clearer.",
            version=fresh(practice).version,
        )  # fmt: skip
    assert later(minutes=1) == 0
    assert later(seconds=TOGETHER.seconds + 1) == 1
    assert InboxItem.objects.filter(kind="practice-changed").values_list("member__handle").get() == ("zoe",)


def test_of_two_who_change_it_at_once_each_hears_of_the_other(cast: Cast) -> None:
    practice = tagged(cast)
    for name in ("cleo", "ben"):
        subscribe(by=cast.people[name], scope=QUEUE)
    tell_news()
    for turn, name in enumerate(("cleo", "cleo", "ben")):
        edit_practice(
            by=cast.people[name], practice=practice, fields={"cause": f"Cause {turn}."}, version=fresh(practice).version
        )
        if turn == 1:
            assert later(seconds=TOGETHER.seconds + 1) == 1
            assert heard("practice-changed") == {"ben"}
    edit_practice(by=cast.cleo, practice=practice, fields={"cause": "Both."}, version=fresh(practice).version)
    assert later(seconds=2 * TOGETHER.seconds + 2) == 1
    assert heard("practice-changed") == {"ben", "cleo"}


def test_a_role_hears_of_it_as_it_goes_round(cast: Cast) -> None:
    role = WorkRole.objects.create(name="On call")
    today = clock.now().date()
    Assignment.objects.create(member=cast.ada, role=role, starts_on=date(2020, 1, 1), ends_on=today - timedelta(days=1))
    for name in ("sam", "zoe"):
        Assignment.objects.create(member=cast.people[name], role=role, starts_on=today)
    Assignment.objects.create(member=cast.olga, role=role, starts_on=today)
    with pytest.raises(Forbidden):
        subscribe_role(by=cast.ada, role=role, scope=GATEWAY)
    for _time in range(2):
        subscribe_role(by=cast.olga, role=role, scope=GATEWAY)
    tagged(cast)
    tell_news()
    assert heard() == {"olga"}, "who has it today, in that organization, and is active"
    subscribe(by=cast.olga, scope=GATEWAY, wanted=False)
    tagged(cast)
    tell_news()
    assert InboxItem.objects.filter(kind="practice-new").count() == 1
    unsubscribe(by=cast.olga, scope=GATEWAY)
    tagged(cast)
    tell_news()
    assert InboxItem.objects.filter(kind="practice-new").count() == 2
    with pytest.raises(Forbidden):
        unsubscribe_role(by=cast.ada, role=role, scope=GATEWAY)
    unsubscribe_role(by=cast.olga, role=role, scope=GATEWAY)
    tagged(cast)
    tell_news()
    assert InboxItem.objects.filter(kind="practice-new").count() == 2


def test_a_warning_and_a_change_reach_who_works_by_it(cast: Cast) -> None:
    practice = tagged(cast)
    adopt(by=cast.olga, practice=practice, state="adopted")
    adopt(by=cast.cleo, practice=practice, state="not_applicable", reason="No gateway.")
    say_verdict(by=cast.zoe, practice=practice, kind="dangerous", note="It deleted the queue here.")
    tell_news()
    assert heard("practice-warned") == {"olga"}
    withdraw_verdict(by=cast.zoe, practice=practice)
    with clock.at(clock.now() + timedelta(days=90)):
        say_verdict(by=cast.finn, practice=practice, kind="dangerous", note="It deleted the queue here, too.")
        tell_news()
    assert InboxItem.objects.filter(member=cast.olga, kind="practice-warned").count() == 2


def test_what_nobody_here_knows_of_cannot_be_asked_for(cast: Cast) -> None:
    hidden = tagged(cast, space="alliance", audience="organization")
    words = set()
    for scope in ("tag:queue", "tag:never", "product:never", "queue", "", "space:lobby"):
        with pytest.raises(Invalid) as refused:
            subscribe(by=cast.zoe, scope=scope)
        words.add(str(refused.value))
    assert len(words) == 1, "what is hidden is answered like what is not"
    subscribe(by=cast.ada, scope="tag:queue")
    assert hidden.tags.get().slug == "queue"


def test_who_declined_the_kind_hears_nothing(cast: Cast) -> None:
    subscribe(by=cast.zoe, scope=GATEWAY)
    InboxSetting.objects.create(member=cast.zoe, kind="practice-new", wanted=False)
    tagged(cast)
    tell_news()
    assert heard() == set()


def test_an_edit_costs_the_same_however_many_subscribed(cast: Cast) -> None:
    def cost() -> int:
        practice = tagged(cast)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            edit_practice(by=cast.cleo, practice=practice, fields={"cause": "Other."}, reason="Clearer.", version=1)
        return len(asked)

    cost()  # the first one brings new words into the index
    before = cost()
    for member in Member.objects.filter(is_active=True):
        subscribe(by=member, scope=GATEWAY)
    assert cost() == before
