"""What others said of somebody's practices speaks for them as soon as it was said, and only where it is seen."""

import pytest

from reputation.models import Standing
from tests.cast import Cast
from tests.threads.findings import post
from tests.threads.practicing import FIELDS
from threads.actions.posts import post_reply
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.actions.verdicts import say_verdict, withdraw_verdict
from threads.models import Practice, Thread
from threads.queries.matching import candidates_for
from threads.rendering.reasons import sentences
from threads.rules.matching import Reason

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def bens(cast: Cast, **more: str) -> Practice:
    """A practice about mail that Ben wrote of a thread that Ada solved herself."""
    thread = post(cast, "Printer does not answer", tags=["mail"], **more)
    reply = post_reply(by=cast.ada, thread=thread, body="Start the queue runner.")
    resolve(by=cast.ada, thread=thread, posts=[reply])
    practice = record_practice(by=cast.ben, thread=thread, fields=FIELDS)
    Standing.objects.all().delete()
    return practice


def of_ben(cast: Cast, thread: Thread, viewer: str = "olga") -> tuple[float, list[Reason]]:
    """Ben's score for the thread with the viewer's eyes, and what of it is about practices."""
    for each in candidates_for(cast.people[viewer], thread, limit=30):
        if each.member == cast.ben:
            return each.score, [reason for reason in each.reasons if reason.kind == "proven"]
    return 0.0, []


def test_a_verdict_counts_from_its_saying_to_its_withdrawal(cast: Cast) -> None:
    practice = bens(cast)
    thread = post(cast, "Nothing is delivered", by="olga", tags=["mail"])
    post_reply(by=cast.ben, thread=post(cast, "Another"), body="A reply, so that Ben is known at all.")
    before = of_ben(cast, thread)
    assert before[1] == []
    say_verdict(by=cast.ben, practice=practice, kind="worked")
    assert of_ben(cast, thread)[1] == [], "what one says of one's own practice is no reason"
    say_verdict(by=cast.zoe, practice=practice, kind="worked")
    score, reasons = of_ben(cast, thread)
    assert score > before[0]
    assert [(reason.about, reason.count) for reason in reasons] == [("tag:mail", 1)]
    assert sentences(reasons, threads={}) == ["Wrote 1 practice about #mail that others confirmed"]
    say_verdict(by=cast.finn, practice=practice, kind="changes", note="With one node only.")
    more = of_ben(cast, thread)[0]
    assert more > score
    say_verdict(by=cast.finn, practice=practice, kind="failed", note="It made things worse here.")
    withdraw_verdict(by=cast.zoe, practice=practice)
    assert of_ben(cast, thread)[1] == []


def test_members_of_one_organization_are_one_voice(cast: Cast) -> None:
    practice = bens(cast)
    thread = post(cast, "Nothing is delivered", by="olga", tags=["mail"])
    say_verdict(by=cast.zoe, practice=practice, kind="worked")
    alone, _reasons = of_ben(cast, thread)
    say_verdict(by=cast.cleo, practice=practice, kind="worked")
    assert of_ben(cast, thread)[0] == pytest.approx(alone, abs=0.001)


@pytest.mark.parametrize("ending", [{"confidence": "archived"}, {"judged_from": 2, "version": 2}])
def test_what_is_retired_or_says_something_else_now_is_no_reason(cast: Cast, ending: dict) -> None:
    practice = bens(cast)
    thread = post(cast, "Nothing is delivered", by="olga", tags=["mail"])
    say_verdict(by=cast.zoe, practice=practice, kind="worked")
    assert of_ben(cast, thread)[1]
    Practice.objects.filter(pk=practice.pk).update(**ending)
    assert of_ben(cast, thread)[1] == []


def test_a_practice_that_the_viewer_does_not_see_raises_nobody(cast: Cast) -> None:
    practice = bens(cast, audience="organization")
    thread = post(cast, "Nothing is delivered", by="finn", tags=["mail"])
    say_verdict(by=cast.olga, practice=practice, kind="worked")
    assert of_ben(cast, thread, viewer="zoe")[1] == []
    assert of_ben(cast, thread)[1]
