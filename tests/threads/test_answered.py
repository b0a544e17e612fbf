"""Whoever comes in time when help is asked for, and stays until it is solved, earns standing by it."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from community.models import Member
from community.rules import clock
from reputation.actions.rebuilding import differences
from reputation.models import Award, Standing
from tests.cast import Cast
from tests.threads.asking import HOUR, MORNING, everybody_works, problem
from threads.actions.helpers import remove_helper
from threads.actions.ownership import take
from threads.actions.posts import delete_post, post_reply
from threads.actions.records import save_record
from threads.actions.requests import answer, ask_for_help
from threads.actions.resolution import reopen, resolve
from threads.models import Asked, HelpRequest, Post, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FIXED = "The zone was signed anew."


@pytest.fixture(autouse=True)
def _wednesday(cast: Cast) -> Iterator[None]:
    with clock.at(MORNING):
        everybody_works(cast)
        yield


def asked(cast: Cast, thread: Thread, *, by: str = "ada", whom: str = "ben", accepted: bool = True) -> Asked:
    """A request to somebody, due in two hours, and that they accepted it."""
    request = ask_for_help(
        by=cast.people[by], thread=thread, what="Look at the zone.", due_at=clock.now() + 2 * HOUR,
        target=HelpRequest.Target.MEMBERS, members=[cast.people[whom]],
    )  # fmt: skip
    row = Asked.objects.get(request=request, member=cast.people[whom])
    return answer(by=row.member, asked=row, answer="accepted") if accepted else row


def later(minutes: int = 5) -> timedelta:
    return timedelta(minutes=minutes)


def wrote(cast: Cast, thread: Thread, who: str = "ben", *, after: timedelta = HOUR) -> Post:
    with clock.at(MORNING + after):
        return post_reply(by=cast.people[who], thread=thread, body="It is the key.")


def resolved(by: Member, thread: Thread, *, after: timedelta = 3 * HOUR) -> None:
    with clock.at(MORNING + after):
        resolve(by=by, thread=thread, summary=FIXED)


def standing(member: Member) -> int:
    return sum(Standing.objects.filter(member=member, scope="").values_list("points", flat=True))


def answered(member: Member) -> list[int]:
    """What was given and taken back for answering, in order."""
    rows = Award.objects.filter(member=member, rule=Award.Rule.ANSWERED).order_by("pk")
    return list(rows.values_list("points", flat=True))


def test_who_came_in_time_and_wrote_earns_when_it_is_solved(cast: Cast) -> None:
    thread = problem(cast)
    given_to = asked(cast, thread)
    wrote(cast, thread)
    assert answered(cast.ben) == []
    resolved(cast.ada, thread)
    award = Award.objects.get(rule=Award.Rule.ANSWERED)
    assert (award.member, award.giver, award.points, award.tags) == (cast.ben, cast.ada, 8, ["dns"])
    assert award.subject == f"request:{given_to.request_id}"
    assert standing(cast.ben) == 8


def test_words_in_the_record_are_help_too(cast: Cast) -> None:
    thread = problem(cast)
    asked(cast, thread)
    with clock.at(MORNING + HOUR):
        save_record(by=cast.ben, thread=thread, fields={"cause": "The key of the zone had expired."}, version=0)
    resolved(cast.ada, thread)
    assert answered(cast.ben) == [8]


def test_who_said_yes_and_wrote_nothing_earns_nothing(cast: Cast) -> None:
    thread = problem(cast)
    wrote(cast, thread, after=timedelta(0))
    with clock.at(MORNING + later()):
        asked(cast, thread)
    resolved(cast.ada, thread)
    assert answered(cast.ben) == []


def test_what_was_deleted_is_no_help(cast: Cast) -> None:
    thread = problem(cast)
    asked(cast, thread)
    delete_post(by=cast.ben, post=wrote(cast, thread))
    resolved(cast.ada, thread)
    assert answered(cast.ben) == []


def test_who_came_too_late_or_was_removed_or_resolved_it_themselves_earns_nothing(cast: Cast) -> None:
    late, removed, own_word = problem(cast), problem(cast), problem(cast)
    row = asked(cast, late, accepted=False)
    with clock.at(MORNING + 2 * HOUR):
        answer(by=cast.ben, asked=row, answer="accepted")
    for thread in (removed, own_word):
        asked(cast, thread)
    for thread in (late, removed, own_word):
        wrote(cast, thread, after=2 * HOUR + later())
    take(by=cast.zoe, thread=removed)
    remove_helper(by=cast.zoe, thread=removed, member=cast.ben)
    take(by=cast.ben, thread=own_word)
    for by, thread in ((cast.ada, late), (cast.ada, removed), (cast.ben, own_word)):
        resolved(by, thread)
    assert answered(cast.ben) == []


def came(cast: Cast, thread: Thread, *, by: str, whom: str) -> Asked:
    """That somebody accepted a request to whoever knows about DNS, whoever else could have been asked."""
    request = ask_for_help(
        by=cast.people[by], thread=thread, what="And the other zone.", due_at=MORNING + 2 * HOUR,
        target=HelpRequest.Target.TAG, scope="tag:dns",
    )  # fmt: skip
    Asked.objects.filter(request=request).delete()
    return Asked.objects.create(
        request=request, member=cast.people[whom], place=1, answer_by=MORNING + HOUR,
        answer=Asked.Answer.ACCEPTED, answered_at=clock.now(),
    )  # fmt: skip


def test_nobody_earns_by_coming_to_their_own_problem_or_request(cast: Cast) -> None:
    thread = problem(cast)
    take(by=cast.ben, thread=thread)
    came(cast, thread, by="ben", whom="ada")
    came(cast, thread, by="ben", whom="ben")
    for who in ("ada", "ben"):
        wrote(cast, thread, who)
    resolved(cast.mo, thread)
    assert not Award.objects.filter(rule=Award.Rule.ANSWERED).exists()


def test_asked_twice_in_a_thread_it_earns_once(cast: Cast) -> None:
    thread = problem(cast)
    take(by=cast.cleo, thread=thread)
    asked(cast, thread)
    with clock.at(MORNING + later()):
        came(cast, thread, by="cleo", whom="ben")
    wrote(cast, thread)
    resolved(cast.ada, thread)
    assert answered(cast.ben) == [8]
    assert Award.objects.get(rule=Award.Rule.ANSWERED).giver == cast.ada


def test_opened_again_takes_back_exactly_that_and_says_why(cast: Cast) -> None:
    thread = problem(cast)
    asked(cast, thread)
    solution = wrote(cast, thread)
    with clock.at(MORNING + 3 * HOUR):
        resolve(by=cast.ada, thread=thread, posts=[solution])
    assert standing(cast.ben) == 15 + 8
    reopen(by=cast.ada, thread=thread, reason="It came back.")
    assert standing(cast.ben) == 0
    assert {row.why for row in Award.objects.filter(reverses__isnull=False)} == {Award.Why.REOPENED}
    resolved(cast.ada, thread)
    assert answered(cast.ben) == [8, -8, 8]
    assert standing(cast.ben) == 8


ACTS = ("accept", "write", "delete", "resolve", "reopen")


@pytest.mark.parametrize("seed", range(16))
def test_in_whatever_order_it_happens_it_never_earns_twice(cast: Cast, seed: int) -> None:
    """What stands is once at most, only while the thread is resolved, and standing is what the ledger says."""
    chance = random.Random(seed)
    thread = problem(cast)
    row = asked(cast, thread, accepted=False)
    posts: list[Post] = []
    for number in range(20):
        step = chance.choice(ACTS)
        with clock.at(MORNING + later(number + 1)):
            thread.refresh_from_db()
            row.refresh_from_db()
            _act(cast, step, thread, row, posts)
        thread.refresh_from_db()
        stands = Award.objects.filter(subject=f"request:{row.request_id}", reverses=None, reversal=None).count()
        assert stands <= (thread.status == Thread.Status.RESOLVED)
        assert standing(cast.ben) == 8 * stands
    assert differences(most=10) == (0, [])


def _act(cast: Cast, step: str, thread: Thread, row: Asked, posts: list[Post]) -> None:
    open_still, is_resolved = thread.is_unresolved, thread.status == Thread.Status.RESOLVED
    if step == "accept" and open_still and row.answer == "" and row.request.is_open:
        answer(by=cast.ben, asked=row, answer="accepted")
    elif step == "write":
        posts.append(post_reply(by=cast.ben, thread=thread, body="Try this."))
    elif step == "delete" and posts:
        delete_post(by=cast.ben, post=posts.pop())
    elif step == "resolve" and open_still:
        resolve(by=cast.ada, thread=thread, summary=FIXED)
    elif step == "reopen" and is_resolved:
        reopen(by=cast.ada, thread=thread)
