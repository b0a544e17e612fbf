"""The demo's verbs of the swarm: helping, asking for help, handing over, calls, practices applied."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from community.models import Member
from community.rules import clock
from threads.actions.guests import let_in
from threads.actions.helpers import join
from threads.actions.meetings import log_meeting
from threads.actions.ownership import answer_hand_over, hand_over
from threads.actions.reading import mark_seen
from threads.actions.requests import answer, ask_for_help
from threads.actions.reuse import use_practice
from threads.importers.demo.script import Step, span
from threads.models import Asked, HandOver, Thread
from threads.queries.guests import preview_for

if TYPE_CHECKING:
    from threads.importers.demo.stage import Stage


def _join(stage: "Stage", step: Step, by: Member) -> None:
    """Help with the thread."""
    join(by=by, thread=_thread(stage, step))


def _let_in(stage: "Stage", step: Step, by: Member) -> None:
    """Let people (`of=`) of elsewhere into the thread, who see what the preview says."""
    for person in _people(stage, step, "of"):
        thread = _thread(stage, step)
        let_in(by=by, thread=thread, member=person, preview=preview_for(thread, person).digest)


def _help(stage: "Stage", step: Step, by: Member) -> None:
    """Ask members (`of=`) for help within a time (`in=`)."""
    due = clock.now() + span(step.options["in"])
    people = _people(stage, step, "of")
    ask_for_help(by=by, thread=_thread(stage, step), what=step.text, due_at=due, target="members", members=people)


def _answer(stage: "Stage", step: Step, by: Member) -> None:
    """Answer what one was asked last: accepted, declined or more_information."""
    asked = Asked.objects.filter(request__thread=_thread(stage, step), member=by).latest("pk")
    answer(by=by, asked=asked, answer=step.name, note=step.text)


def _offer(stage: "Stage", step: Step, by: Member) -> None:
    """Offer the thread to somebody (`to=`), or to whoever takes over."""
    to = stage.network.people.get(step.options.get("to", ""))
    hand_over(by=by, thread=_thread(stage, step), summary=step.text, to=to)


def _accept(stage: "Stage", step: Step, by: Member) -> None:
    """Take over what is offered."""
    offered = HandOver.objects.get(thread=_thread(stage, step), state=HandOver.State.OFFERED)
    answer_hand_over(by=by, hand_over=offered, accepts=True, note=step.text)


def _call(stage: "Stage", step: Step, by: Member) -> None:
    """Write down a call that has just ended: with whom (`of=`), for how many minutes."""
    minutes = int(step.options["minutes"])
    log_meeting(
        by=by, thread=_thread(stage, step), kind="call", held_at=clock.now() - timedelta(minutes=minutes),
        minutes=minutes, attendees=_people(stage, step, "of"), others=step.options.get("others", ""),
        outcome=step.text,
    )  # fmt: skip


def _apply(stage: "Stage", step: Step, by: Member) -> None:
    """Apply the practice of another thread (`of=`)."""
    use_practice(by=by, thread=_thread(stage, step), practice=stage.practices[step.options["of"]])


def _seen(stage: "Stage", step: Step, by: Member) -> None:
    """Have read all there is."""
    thread = _thread(stage, step)
    mark_seen(by=by, thread=thread, number=thread.last_number)


def _thread(stage: "Stage", step: Step) -> Thread:
    thread = stage.threads[step.thread]
    thread.refresh_from_db()
    return thread


def _people(stage: "Stage", step: Step, option: str) -> list[Member]:
    return [stage.network.people[handle] for handle in step.options[option].split(",")]


SWARM_VERBS: dict[str, Callable[[Any, Step, Member], object]] = {
    "join": _join,
    "let-in": _let_in,
    "help": _help,
    "answer": _answer,
    "offer": _offer,
    "accept": _accept,
    "call": _call,
    "apply": _apply,
    "seen": _seen,
}
