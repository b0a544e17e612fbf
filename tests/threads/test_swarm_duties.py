"""What the worker looks after: clocks, late requests and steps, people who left; all of it by the hours as they are."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from prometheus_client import REGISTRY

from community.errors import Conflict
from community.events.duties import duties
from community.models import InboxItem, Member
from community.rules import clock
from tests.cast import Cast
from tests.threads.asking import HOUR, MORNING, answers, everybody_works, knows, problem, works
from threads.actions import duties as tasks
from threads.actions.helpers import join
from threads.actions.ownership import hand_over, take
from threads.actions.requests import answer, ask_for_help
from threads.actions.threads import plan
from threads.models import Asked, HandOver, Helper, HelpRequest, Thread
from threads.rules.fairness import Ranked, is_first_too_often, order_to_ask
from threads.rules.patience import answer_by

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def ask(cast: Cast, thread: Thread, *members: Member) -> HelpRequest:
    due = clock.now() + 8 * HOUR
    return ask_for_help(by=cast.ada, thread=thread, what="A look.", due_at=due, target="members", members=members)


def told(member: Member, kind: str) -> int:
    return InboxItem.objects.filter(member=member, kind=kind).count()


def test_nobody_is_passed_on_before_their_time_and_everybody_after_it(cast: Cast) -> None:
    everybody_works(cast)
    with clock.at(MORNING):
        request = ask(cast, problem(cast), cast.ben, cast.zoe)
        until = Asked.objects.get().answer_by
    with clock.at(until - timedelta(seconds=1)):
        assert tasks.pass_on_unanswered() == 0
    with clock.at(until):
        assert tasks.pass_on_unanswered() == 1
        assert tasks.pass_on_unanswered() == 0
    assert answers(request) == [("ben", "expired"), ("zoe", "")]


def test_a_worker_that_was_down_for_a_night_wakes_nobody(cast: Cast) -> None:
    everybody_works(cast)
    works(cast.zoe, 8, 17)
    with clock.at(MORNING):
        request = ask(cast, problem(cast), cast.ben, cast.zoe)
    with clock.at(MORNING + 17 * HOUR):
        assert tasks.pass_on_unanswered() == 1
        assert answers(request) == [("ben", "expired")]
        assert tasks.ask_again() == 0
    with clock.at(MORNING + 22 * HOUR):
        assert tasks.ask_again() == 1
    assert answers(request) == [("ben", "expired"), ("zoe", "")]


def test_what_is_late_is_told_once_and_two_are_asked_from_then_on(cast: Cast) -> None:
    everybody_works(cast)
    with clock.at(MORNING):
        thread = problem(cast)
        take(by=cast.olga, thread=thread)
        request = ask(cast, thread, cast.ben, cast.zoe, cast.cleo)
    HelpRequest.objects.update(due_at=MORNING + HOUR)
    with clock.at(MORNING + HOUR):
        assert tasks.tell_late_requests() == 1
        assert tasks.tell_late_requests() == 0
        assert tasks.ask_again() == 1
    assert answers(request) == [("ben", ""), ("zoe", "")]
    assert told(cast.ada, "help-overdue") == told(cast.olga, "help-overdue") == 1


def test_a_late_step_is_told_once_for_each_time_that_was_set(cast: Cast) -> None:
    with clock.at(MORNING):
        thread = problem(cast)
        take(by=cast.olga, thread=thread)
        plan(by=cast.olga, thread=thread, what="Send the log", who=cast.ben, due=MORNING + HOUR)
        assert tasks.tell_late_steps() == 0
    with clock.at(MORNING + HOUR):
        assert tasks.tell_late_steps() == 1
        assert tasks.tell_late_steps() == 0
        plan(by=cast.olga, thread=thread, what="Send the log", who=cast.ben, due=MORNING + 2 * HOUR)
    with clock.at(MORNING + 3 * HOUR):
        assert tasks.tell_late_steps() == 1
    assert told(cast.ben, "next-overdue") == told(cast.olga, "next-overdue") == 2


def test_what_somebody_had_on_them_is_given_back_when_they_left(cast: Cast) -> None:
    everybody_works(cast)
    with clock.at(MORNING):
        thread, other, third = problem(cast), problem(cast), problem(cast)
        take(by=cast.ben, thread=thread)
        join(by=cast.ben, thread=other)
        request = ask(cast, third, cast.ben, cast.zoe)
        take(by=cast.olga, thread=third)
        hand_over(by=cast.olga, thread=third, summary="All is said in the thread.", to=cast.ben)
    assert tasks.release_members_left() == 0
    Member.objects.filter(pk=cast.ben.pk).update(is_active=False)
    with clock.at(MORNING + HOUR):
        assert tasks.release_members_left() == 3
        assert tasks.release_members_left() == 0
        tasks.ask_again()
    assert Thread.objects.get(pk=thread.pk).owner is None
    assert not Helper.objects.filter(until=None).exists()
    assert HandOver.objects.get().state == "withdrawn"
    assert answers(request) == [("ben", "withdrawn"), ("zoe", "")]


def test_the_worker_does_all_of_it(cast: Cast) -> None:
    everybody_works(cast)
    request = ask(cast, problem(cast), cast.ben, cast.zoe)
    Asked.objects.update(answer_by=clock.now())
    call_command("work", "--once")
    assert answers(request) == [("ben", "expired"), ("zoe", "")]
    assert {duty.work for duty in duties()} >= {tasks.pass_on_unanswered, tasks.ask_again, tasks.release_members_left}


def test_an_answer_in_time_is_never_overruled(cast: Cast) -> None:
    everybody_works(cast)
    with clock.at(MORNING):
        ask(cast, problem(cast), cast.ben, cast.zoe)
        asked = Asked.objects.get()
        answer(by=cast.ben, asked=asked, answer="accepted")
    with clock.at(MORNING + 20 * HOUR):
        assert tasks.pass_on_unanswered() == 0
    assert Asked.objects.get().answer == "accepted"


def test_asking_every_hour_is_fair(cast: Cast) -> None:
    """Four people, a request an hour: a fourth first in 24 hours falls on somebody only when nobody else is free."""
    everybody_works(cast)
    people = [cast.ben, cast.zoe, cast.cleo, cast.finn]
    for place, member in enumerate(people):
        knows(member, 400 - 90 * place)
    for hour in range(14):
        with clock.at(MORNING + hour * HOUR):
            due = clock.now() + 8 * HOUR
            made = ask_for_help(
                by=cast.ada, thread=problem(cast), what="A look.", due_at=due, target="tag", scope="tag:dns"
            )
            first = made.asked.get()
            since = Asked.objects.filter(first=True, asked_at__gt=clock.now() - timedelta(hours=24)).exclude(
                pk=first.pk
            )
            firsts = {member.pk: since.filter(member=member).count() for member in people}
            assert firsts[first.member_id] < 3 or min(firsts.values()) >= 3
            answer(by=Member.objects.get(pk=first.member_id), asked=first, answer="accepted")


def test_the_order_of_asking() -> None:
    later = MORNING + HOUR
    ranked = [
        Ranked(1, now=True, firsts=3), Ranked(2, now=False, firsts=0, at=later + HOUR), Ranked(3, now=True, firsts=2),
        Ranked(4, now=False, firsts=0, at=later), Ranked(5, now=False, firsts=0), Ranked(6, now=True, firsts=0),
        *(Ranked(number, now=False, firsts=9) for number in range(7, 11)), Ranked(11, now=True, firsts=0),
    ]  # fmt: skip
    assert [each.member for each in order_to_ask(ranked)] == [3, 6, 1, 4, 2, 5, 7, 8, 9, 10]
    assert is_first_too_often(ranked[0], ranked)
    assert not is_first_too_often(ranked[2], ranked)
    assert not is_first_too_often(ranked[0], [ranked[0], *ranked[6:10]])


def test_how_long_somebody_may_think() -> None:
    def until(severity: int, due: timedelta, ends: timedelta | None = None) -> timedelta:
        shift = MORNING + ends if ends else None
        return answer_by(now=MORNING, severity=severity, due=MORNING + due, shift_ends=shift) - MORNING

    minutes = [until(severity, timedelta(days=9)) // timedelta(minutes=1) for severity in (1, 2, 3, 4)]
    assert minutes == [10, 30, 120, 480]
    assert until(3, HOUR) == HOUR / 4
    assert until(1, -HOUR) == timedelta(minutes=5)
    assert until(3, timedelta(days=9), HOUR) == HOUR
    assert until(3, timedelta(days=9), timedelta(minutes=4)) == 2 * HOUR


def test_what_is_asked_answered_and_passed_on_is_counted(cast: Cast) -> None:
    def counted(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(f"guildhall_requests_{name}_total", labels) or 0.0

    def all_counted() -> list[float]:
        accepted = counted("answered", answer="accepted")
        return [counted("asked"), counted("passed_on"), accepted, counted("answered", answer="declined")]

    everybody_works(cast)
    before = all_counted()
    with clock.at(MORNING):
        request = ask(cast, problem(cast), cast.ben, cast.zoe, cast.finn)
        until = Asked.objects.get().answer_by
    with clock.at(until):
        assert tasks.pass_on_unanswered() == 1
        answer(by=cast.zoe, asked=Asked.objects.get(member=cast.zoe), answer="declined", note="Not mine.")
        answer(by=cast.finn, asked=Asked.objects.get(member=cast.finn), answer="accepted")
        with pytest.raises(Conflict):
            answer(by=cast.zoe, asked=Asked.objects.get(member=cast.zoe), answer="accepted")
    assert answers(request) == [("ben", "expired"), ("zoe", "declined"), ("finn", "accepted")]
    assert [now - then for now, then in zip(all_counted(), before, strict=True)] == [3, 1, 1, 1]
