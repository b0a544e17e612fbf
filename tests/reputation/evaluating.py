"""Help for the tests of evaluations: a crowd that works on a thread with somebody, and rates them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from community.models import Member
from community.rules import clock
from reputation.actions.evaluations import Said
from reputation.models import Evaluation
from reputation.queries.evaluations import Line, lines_of
from tests.cast import Cast
from threads.actions.evaluating import rate_part
from threads.actions.posts import post_reply
from threads.actions.resolution import resolve
from threads.actions.threads import open_thread
from threads.models import Thread


def crowd(cast: Cast, count: int) -> list[Member]:
    """Members of Corax, `rater1` and so on."""
    return [
        Member.objects.create_user(
            f"rater{number}@example.org", None, handle=f"rater{number}", name=f"Rater {number}",
            organization=cast.organizations["corax"],
        )
        for number in range(1, count + 1)
    ]  # fmt: skip


def worked(cast: Cast, people: Iterable[Member], *, tags: Iterable[str] = (), product: str = "", **more: Any) -> Thread:
    """A resolved thread of Ada's, in which these people replied, and Ben."""
    thread = open_thread(
        by=cast.ada, space=cast.spaces["lobby"], title="Names do not resolve", body="Since noon.", tags=list(tags),
        product=cast.products[product] if product else None, **more,
    )  # fmt: skip
    for member in [cast.ben, *people]:
        post_reply(by=member, thread=thread, body="Restart the resolver.")
    resolve(by=cast.ada, thread=thread, summary="Restarted.")
    thread.refresh_from_db()
    return thread


def rates(by: Member, thread: Thread, member: Member, note: str = "", note_to: str = "", **scores: int) -> Evaluation:
    """Rates a member's part; for clarity 4, when nothing else is said."""
    said = Said(scores or {"clarity": 4}, note, note_to or ("person" if note else ""))
    return rate_part(by=by, thread=thread, member=member, said=said)


def numbers(viewer: Member, member: Member, kind: str = "peer") -> Mapping[str, tuple[float, int]]:
    """What the viewer sees of the member's clarity, by subject and time: `tag:dns`, `year`, nothing for all."""
    lines: list[Line] = [line for line in lines_of(viewer, member) if line.kind == kind]
    return {
        line.scope or line.window: (line.numbers["clarity"].value, line.numbers["clarity"].raters)
        for line in lines
        if "clarity" in line.numbers
    }


def a_week_later(weeks: int = 1) -> datetime:
    """When the notes of a bundle that is complete now have been shown."""
    return clock.now() + timedelta(days=7 * weeks)
