"""People who could help, as pages show them: with reasons, whether they can be asked, and whom asking would let in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from community.models import Member
from community.rendering.hours import reachable_words
from threads.models import Thread
from threads.queries.beside import titled
from threads.queries.matching import Candidate
from threads.rendering.reasons import sentences


@dataclass(frozen=True)
class Match:
    """A candidate as pages show them. `lets_in` says that they do not see the thread yet."""

    member: Member
    reasons: Sequence[SafeString]
    reachable: SafeString
    now: bool
    load: int
    lets_in: bool


def proposed(viewer: Member, thread: Thread, found: Iterable[Candidate]) -> list[Match]:
    """The candidates in this order; no thread is named that the viewer does not see."""
    found = list(found)
    named = {reason.thread for each in found for reason in each.reasons if reason.thread}
    threads = titled(viewer, named)
    products = {thread.product.slug: thread.product.name} if thread.product else {}
    return [
        Match(
            each.member,
            sentences(each.reasons, threads, products),
            reachable_words(each.reachable),
            each.reachable.now,
            each.load,
            each.lets_in,
        )
        for each in found
    ]
