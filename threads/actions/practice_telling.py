"""What actions on practices tell: its thread, who should hear of it, and those who asked to."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from community.actions.inbox import notify
from community.facts.inbox import NoticeKind
from community.facts.kinds import Kind
from community.models import Member
from reputation.actions.awards import About
from threads.actions.telling import note_in_timeline, tell
from threads.audience import everybody_sees, practice_seen_by
from threads.facts.practices import PRACTICE_JUDGED
from threads.models import Practice

Hearer = Callable[[Practice, str, Member | None, Collection[int]], None]

# Whoever spreads the news of practices: called with the practice, what is new (new, changed, validated, warned,
# retired, merged), who did it, and the ids of those who have heard already.
HEARERS: list[Hearer] = []


def about_practice(practice: Practice) -> About:
    """The subjects in which what is earned with a practice counts."""
    tags = tuple(practice.tags.values_list("slug", flat=True))
    product = practice.product.slug if practice.product else ""
    return About(product=product, tags=tags, space=practice.space.slug)


def tell_practice(practice: Practice, kind: Kind, *, by: Member | None, data: dict[str, Any]) -> None:
    """Tell the thread it comes from, if it is sure that everybody who sees that thread sees the practice."""
    thread = practice.thread
    if thread is not None and everybody_sees(practice, thread):
        tell(thread, kind, by=by, data=data)


def note_judged(practice: Practice) -> None:
    """Keep in its thread's timeline what a practice came to, for those who see it."""
    if practice.thread is not None:
        data = {"confidence": practice.confidence}
        note_in_timeline(practice.thread, PRACTICE_JUDGED, by=None, data=data, practice=practice)


def notify_about(
    practice: Practice, notice: NoticeKind, *, by: Member | None, to: Iterable[int], target: str = "", key: str = ""
) -> None:
    """Put a notice into the inboxes of those of `to` (ids) who see the practice, but not of who did it."""
    subject = f"practice:{practice.pk}"
    seeing = practice_seen_by(practice.pk, sorted(set(to)))
    notify(recipients=sorted(seeing), kind=notice, subject=subject, target=target or subject, actor=by, key=key)


def spread(practice: Practice, news: str, *, by: Member | None, besides: Collection[int] = ()) -> None:
    """Let those hear of it who asked to hear of such practices."""
    for hear in HEARERS:
        hear(practice, news, by, besides)
