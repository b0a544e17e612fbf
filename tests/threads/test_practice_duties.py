"""What the worker does in the archive: each thing once, however many workers there are and however often they look."""

from datetime import timedelta

import pytest

from community.actions.inbox import choose
from community.events.duties import duties
from community.models import InboxItem
from community.rules import clock
from tests.cast import Cast
from tests.threads.curating import fresh, recorded
from threads.actions.practice_duties import find_duplicates, judge_marked, take_turns, tell_due
from threads.actions.retiring import retire
from threads.models import Practice

pytestmark = pytest.mark.both_databases


def test_the_worker_knows_of_them() -> None:
    known = {duty.work for duty in duties()}
    assert {find_duplicates, judge_marked, take_turns, tell_due} <= known


def test_an_owner_is_told_once_that_it_is_due(cast: Cast) -> None:
    now = clock.now()
    due, later, long_ago, unowned, retired = (recorded(cast, f"Mail loops, case {number}") for number in range(5))
    for practice, hours in ((due, -1), (later, 1), (long_ago, -99), (unowned, -1), (retired, -1)):
        Practice.objects.filter(pk=practice.pk).update(due_at=now + timedelta(hours=hours))
    Practice.objects.filter(pk=unowned.pk).update(owner=None)
    retire(by=cast.cleo, practice=retired, reason="Out of date.")
    assert tell_due() == 1
    assert tell_due() == 0
    told = InboxItem.objects.filter(kind="review-due")
    assert [(row.member, row.subject) for row in told] == [(cast.ben, f"practice:{due.pk}")]
    Practice.objects.filter(pk=due.pk).update(due_at=clock.now())
    assert (tell_due(), tell_due()) == (1, 0)
    assert InboxItem.objects.filter(kind="review-due").count() == 2, "due anew, told anew"


def test_who_declined_is_not_told(cast: Cast) -> None:
    practice = recorded(cast)
    choose(by=cast.ben, kind="review-due", wanted=False)
    Practice.objects.filter(pk=practice.pk).update(due_at=clock.now())
    tell_due()
    assert not InboxItem.objects.filter(kind="review-due").exists()


def test_marked_practices_are_judged_anew(cast: Cast) -> None:
    practice = recorded(cast)
    Practice.objects.filter(pk=practice.pk).update(rejudge=True, score=99)
    assert judge_marked() == 1
    assert judge_marked() == 0
    assert (fresh(practice).score, fresh(practice).rejudge) == (50, False)
