"""Practices to try out rules with: recorded from a thread of Ada's that Ben solved."""

from typing import Any

from community.models import Member, Organization
from tests.cast import Cast
from threads.actions.posts import post_reply
from threads.actions.practice_audience import change_audience
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.actions.threads import open_thread
from threads.actions.verdicts import say_verdict
from threads.models import Practice
from threads.queries.practice_audience import reach_of

TITLE = "Mail through the gateway is slow since Sunday"
FIELDS = {
    "problem": "Mail takes hours through the gateway.",
    "environment": "Gateway 4.2 on Debian.",
    "cause": "The queue runner had stopped.",
    "resolution": "Start the queue runner again, then flush the queue.",
}


def recorded(cast: Cast, *, space: str = "lobby", title: str = TITLE, **more: str) -> Practice:
    """A practice of Ada's that Ben wrote down. `more` overrules its texts, and the thread's audience."""
    audience = more.pop("audience", "space")
    thread = open_thread(by=cast.ada, space=cast.spaces[space], title=title, body="Since Sunday.", audience=audience)
    reply = post_reply(by=cast.ben, thread=thread, body="Start the queue runner.")
    resolve(by=cast.ada, thread=thread, posts=[reply])
    return record_practice(by=cast.ben, thread=thread, fields=FIELDS | more)


def fresh(practice: Practice) -> Practice:
    """The practice as the database has it."""
    return Practice.objects.get(pk=practice.pk)


def validated(cast: Cast, **more: str) -> Practice:
    """A practice that three organizations said works."""
    practice = recorded(cast, **more)
    for name in ("ada", "zoe", "finn"):
        say_verdict(by=cast.people[name], practice=practice, kind="worked")
    return fresh(practice)


def practice_seen(practice: Practice) -> dict[str, Any]:
    """What a client shows of the practice of a thread."""
    return {
        "practice": practice.pk, "confidence": practice.confidence, "version": practice.version,
        "score": practice.score, "warned": practice.warned_at is not None,
    }  # fmt: skip


def practice_after(before: dict[str, Any], kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """That after an event."""
    begins = {"practice.recorded": "not_validated", "practice.started": "work_in_progress"}
    if kind in begins:
        before = {"version": 1, "score": 50, "warned": False, "confidence": begins[kind]}
    return {**before, **data}


def shown(by: Member, practice: Practice, audience: str, *named: Organization, **more: Any) -> Practice:
    """The practice shown to these people, after a look at what that means."""
    now = fresh(practice)
    preview = reach_of(now, audience, named).digest
    more = {"by": by, "practice": now, "audience": audience, "organizations": named, "preview": preview, **more}
    return change_audience(reason="So that they can use it.", **more)
