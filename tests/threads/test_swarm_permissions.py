"""Who may do what in a swarm, as tables like those of `test_permissions`."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from community.models import Member
from community.rules import clock
from tests.cast import Cast
from tests.threads.asking import everybody_works, problem
from tests.threads.test_permissions import table
from threads.actions.guests import let_in
from threads.actions.helpers import join, remove_helper
from threads.actions.ownership import hand_over, take
from threads.actions.requests import ask_for_help
from threads.actions.resolution import resolve
from threads.models import Asked, Guest, HandOver, HelpRequest, Meeting, Thread
from threads.policies import swarm as swarm_policies
from threads.policies import threads as thread_policies
from threads.queries.guests import preview_for

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@dataclass
class Place:
    """A thread that Ada asked and somebody owns; Olga was removed from it, another helps.

    A third is asked by the helper. The owner offered the thread to the helper, who wrote down a call.
    """

    thread: Thread
    request: HelpRequest
    asked: Asked
    hand_over: HandOver
    guest: Guest
    meeting: Meeting


Question = Callable[[Member, Place], bool]

QUESTIONS: dict[str, Question] = {
    "reply": lambda who, at: thread_policies.may_reply(who, at.thread),
    "write the record": lambda who, at: thread_policies.may_write_record(who, at.thread),
    "own": lambda who, at: thread_policies.may_own(who, at.thread),
    "join": lambda who, at: swarm_policies.may_join(who, at.thread),
    "be helping": lambda who, at: swarm_policies.is_helping(who, at.thread),
    "ask for help": lambda who, at: swarm_policies.may_ask(who, at.thread),
    "answer the request": lambda who, at: swarm_policies.may_answer(who, at.asked),
    "withdraw the request": lambda who, at: swarm_policies.may_withdraw(who, at.request),
    "let in": lambda who, at: swarm_policies.may_let_in(who, at.thread),
    "open further": lambda who, at: swarm_policies.may_widen(who, at.thread),
    "end the guest": lambda who, at: swarm_policies.may_end_guest(who, at.guest),
    "remove helpers": lambda who, at: swarm_policies.may_remove_helper(who, at.thread),
    "hand over": lambda who, at: swarm_policies.may_hand_over(who, at.thread),
    "accept": lambda who, at: swarm_policies.may_accept(who, at.hand_over),
    "take the offer back": lambda who, at: swarm_policies.may_withdraw_hand_over(who, at.hand_over),
    "log a call": lambda who, at: swarm_policies.may_log_meeting(who, at.thread),
    "delete the call": lambda who, at: swarm_policies.may_delete_meeting(who, at.meeting),
}


def make_place(cast: Cast, owner: str, helper: str, asked: str, guest: str, *, resolved: bool = False) -> Place:
    everybody_works(cast)
    people = cast.people
    corax = [cast.organizations["corax"]]
    thread = problem(cast, audience="organizations", organizations=corax)
    take(by=people[owner], thread=thread)
    join(by=cast.olga, thread=thread)
    remove_helper(by=people[owner], thread=thread, member=cast.olga)
    join(by=people[helper], thread=thread)
    digest = preview_for(thread, people[guest]).digest
    right = let_in(by=cast.ada, thread=thread, member=people[guest], preview=digest)
    due = clock.now() + timedelta(hours=4)
    request = ask_for_help(
        by=people[helper], thread=thread, what="A look.", due_at=due, target="members", members=[people[asked]]
    )
    offered = hand_over(by=people[owner], thread=thread, summary="All is said in the thread.", to=people[helper])
    meeting = Meeting.objects.create(
        thread=thread, held_at=clock.now(), outcome="None.", html="None.", logged_by=people[helper]
    )
    if resolved:
        resolve(by=cast.ada, thread=thread, summary="It was the cache.")
    thread = Thread.objects.select_related("space").get(pk=thread.pk)
    return Place(
        thread=thread,
        request=HelpRequest.objects.select_related("thread__space").get(pk=request.pk),
        asked=Asked.objects.select_related("request__thread__space").get(request=request),
        hand_over=HandOver.objects.select_related("thread__space").get(pk=offered.pk),
        guest=Guest.objects.select_related("thread__space").get(pk=right.pk),
        meeting=Meeting.objects.select_related("thread__space").get(pk=meeting.pk),
    )


PLACES: dict[str, dict] = {
    "Acme's, Zoe a guest": {"owner": "ben", "helper": "finn", "asked": "zoe", "guest": "zoe"},
    "Corax owns it": {"owner": "finn", "helper": "ben", "asked": "mo", "guest": "mo"},
    "resolved": {"owner": "ben", "helper": "finn", "asked": "zoe", "guest": "zoe", "resolved": True},
}
EXPECTED = {
    block.split("  ")[0]: block
    for block in (Path(__file__).parent / "swarm_permissions.txt").read_text(encoding="utf-8").strip().split("\n\n")
    if block
}


def drawn(cast: Cast, title: str) -> str:
    place = make_place(cast, **PLACES[title])

    def asked(question: Question) -> Callable[[Member], bool]:
        return lambda who: question(who, place)

    return table(title, cast.people, {name: asked(question) for name, question in QUESTIONS.items()})


@pytest.mark.parametrize("title", PLACES)
def test_who_may_do_what_in_a_swarm(cast: Cast, title: str) -> None:
    assert drawn(cast, title) == EXPECTED[title]


def test_every_predicate_is_in_a_table() -> None:
    asked = set(re.findall(r"swarm_policies\.(\w+)\(", Path(__file__).read_text(encoding="utf-8")))
    found = inspect.getmembers(swarm_policies, inspect.isfunction)
    own = {name for name, function in found if function.__module__ == swarm_policies.__name__}
    assert {name for name in own if name.startswith(("may_", "is_"))} <= asked
