"""Two at once: of those who accept, pass on, take or ask in the same moment exactly one wins, and nothing locks up."""

import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError

from community.errors import Refused
from community.models import Member
from community.rules import clock
from tests.cast import Cast, make_cast
from tests.community.test_event_concurrency import assert_gap_free, at_once
from tests.threads.asking import everybody_works, knows, problem
from threads.actions.helpers import join, leave_swarm, remove_helper
from threads.actions.ownership import answer_hand_over, hand_over, leave, take
from threads.actions.posts import post_reply
from threads.actions.requests import answer, ask_for_help, pass_on
from threads.models import Asked, HandOver, Helper, HelpRequest, Thread
from threads.rules.fairness import MOST_FIRSTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def tried(outcomes: list[str], work: Callable[[], object]) -> Callable[[], None]:
    """The work, noting whether it was done or why not."""

    def run() -> None:
        try:
            work()
        except Refused as refused:
            outcomes.append(refused.code)
        else:
            outcomes.append("done")

    return run


def ask(by: Member, thread: Thread, *members: Member, at_once: int = 1) -> HelpRequest:
    due = clock.now() + timedelta(hours=8)
    return ask_for_help(
        by=by, thread=thread, what="A look.", due_at=due, target="members", members=members, at_once=at_once
    )


def _pass_on(passed: list[bool], pk: int) -> None:
    passed.append(pass_on(asked_id=pk))


def _ask_any(thread: Thread, given: dict[str, Any]) -> None:
    ask_for_help(thread=thread, **given)


def there(cast: Cast) -> tuple[Cast, Thread]:
    everybody_works(cast)
    return cast, problem(cast)


def test_two_accept_at_once_and_one_is_wanted() -> None:
    cast, thread = there(make_cast())
    request = ask(cast.ada, thread, cast.ben, cast.zoe, at_once=2)
    rows = {row.member_id: row for row in Asked.objects.filter(request=request)}
    outcomes: list[str] = []
    accept = [partial(answer, by=by, asked=rows[by.pk], answer="accepted") for by in (cast.ben, cast.zoe)]
    at_once(*(tried(outcomes, each) for each in accept))
    assert sorted(outcomes) == ["done", "no_longer_needed"]
    assert Helper.objects.filter(thread=thread, until=None).count() == 1
    assert_gap_free()


def test_two_workers_pass_on_the_same_one() -> None:
    cast, thread = there(make_cast())
    request = ask(cast.ada, thread, cast.ben, cast.zoe, cast.cleo)
    asked = Asked.objects.get(request=request)
    Asked.objects.filter(pk=asked.pk).update(answer_by=clock.now())
    outcomes: list[bool] = []
    at_once(*([lambda: outcomes.append(pass_on(asked_id=asked.pk))] * 3))
    assert sorted(outcomes) == [False, False, True]
    assert list(Asked.objects.filter(request=request).order_by("place").values_list("answer", flat=True)) == [
        "expired", ""
    ]  # fmt: skip


def test_late_and_answered_in_the_same_moment() -> None:
    cast, thread = there(make_cast())
    for _ in range(4):
        request = ask(cast.ada, thread, cast.ben, cast.zoe)
        asked = Asked.objects.get(request=request)
        Asked.objects.filter(pk=asked.pk).update(answer_by=clock.now())
        outcomes: list[str] = []
        passed: list[bool] = []
        at_once(
            tried(outcomes, partial(answer, by=cast.ben, asked=asked, answer="accepted")),
            partial(_pass_on, passed, asked.pk),
        )
        asked.refresh_from_db()
        assert (outcomes, passed, asked.answer) in (
            (["done"], [False], "accepted"),
            (["no_longer_needed"], [True], "expired"),
        )
        leave_swarm(by=cast.ben, thread=thread)
        HelpRequest.objects.filter(state="open").update(state="withdrawn", ended_at=clock.now())
        Asked.objects.filter(answer="").update(answer="withdrawn", answered_at=clock.now())
        Asked.objects.update(asked_at=clock.now() - timedelta(days=2))


def test_two_requests_take_somebodys_last_first_at_once() -> None:
    cast, _thread = there(make_cast())
    knows(cast.ben, 300)
    knows(cast.zoe, 30)
    made = [problem(cast) for _ in range(MOST_FIRSTS + 1)]
    for thread in made[: MOST_FIRSTS - 1]:
        ask(cast.ada, thread, cast.ben)
    due = clock.now() + timedelta(hours=8)
    given = {"by": cast.ada, "what": "A look.", "due_at": due, "target": "tag", "scope": "tag:dns"}
    at_once(*(partial(_ask_any, thread, given) for thread in made[MOST_FIRSTS - 1 :]))
    firsts = list(Asked.objects.filter(first=True, request__target="tag").values_list("member__handle", flat=True))
    assert sorted(firsts) == ["ben", "zoe"]


def test_taking_and_accepting_a_hand_over() -> None:
    cast, thread = there(make_cast())
    take(by=cast.ben, thread=thread)
    offered = hand_over(by=cast.ben, thread=thread, summary="All is said in the thread.")
    outcomes: list[str] = []
    at_once(
        tried(outcomes, lambda: take(by=cast.zoe, thread=thread)),
        tried(outcomes, lambda: answer_hand_over(by=cast.cleo, hand_over=offered, accepts=True)),
    )
    assert outcomes.count("done") == 1
    thread.refresh_from_db()
    assert thread.owner in (cast.zoe, cast.cleo)
    assert HandOver.objects.get().answered_by == thread.owner
    assert set(Helper.objects.filter(until=None).values_list("member__handle", flat=True)) == {"ben"}


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_done_at_once_nothing_waits_in_a_circle(seed: int) -> None:
    cast, _thread = there(make_cast())
    made = [problem(cast) for _ in range(2)]
    names = ("ben", "zoe", "cleo", "finn")
    for member in names:
        knows(cast.people[member], 100)

    def busy(name: str, number: int) -> Callable[[], None]:
        chance, by = random.Random(f"{seed}{number}"), cast.people[name]

        def one() -> object:
            thread = chance.choice(made)
            others = [cast.people[other] for other in chance.sample(names, 2) if other != name]
            waiting = Asked.objects.filter(member=by, answer="").first()
            asked = Asked.objects.filter(answer="").order_by("?").first()
            acts: list[Callable[[], object]] = [
                lambda: ask(by, thread, *others, at_once=2),
                lambda: ask_for_help(by=by, thread=thread, what="x", due_at=clock.now() + timedelta(hours=1)),
                lambda: join(by=by, thread=thread),
                lambda: leave_swarm(by=by, thread=thread),
                lambda: take(by=by, thread=thread),
                lambda: leave(by=by, thread=thread),
                lambda: hand_over(by=by, thread=thread, summary="All is said in the thread.", to=others[0]),
                lambda: remove_helper(by=by, thread=thread, member=others[0]),
                lambda: post_reply(by=by, thread=thread, body="So it is."),
                lambda: waiting and answer(by=by, asked=waiting, answer="declined", note="No."),
                lambda: waiting and answer(by=by, asked=waiting, answer="accepted"),
                lambda: asked and pass_on(asked_id=asked.pk),
            ]
            return chance.choice(acts)()

        def run() -> None:
            for _ in range(12):
                try:
                    one()
                except Refused:
                    continue
                except DatabaseError as error:  # pragma: no cover
                    raise AssertionError(f"{name}: {error}") from error

        return run

    at_once(*(busy(name, number) for number, name in enumerate(names)))
    assert_gap_free()
    for thread in made:
        rows = Helper.objects.filter(thread=thread, until=None).values_list("member_id", flat=True)
        owner = Thread.objects.get(pk=thread.pk).owner_id
        assert owner not in rows
        assert len(rows) == len(set(rows))
