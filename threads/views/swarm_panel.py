"""The swarm in the panel of a thread's page: who owns it, helps, is asked, and what one can do about it."""

from collections.abc import Collection
from typing import Any

from django.utils.safestring import mark_safe

from threads.models import Asked, HandOver
from threads.queries.thread_page import ThreadPage


def swarm_context(found: ThreadPage, can: Collection[str]) -> dict[str, Any]:
    """What the panel shows of the swarm as it is now; the same for all who may do the same and are asked the same."""
    hand_over = found.hand_over.first()
    part, note = found.part, found.note.first()
    return {
        "helpers": found.helpers.things(),
        "requests": _requests(found),
        "hand_over": hand_over,
        "hand_over_html": mark_safe(hand_over.html) if hand_over else "",  # noqa: S308  (sanitized when written)
        "takes_over": hand_over is not None and _takes_over(found, hand_over, can),
        "handed_to_me": part.handed,
        "owns": part.owns,
        "note": note,
        "note_html": mark_safe(note.html) if note else "",  # noqa: S308  (sanitized when written)
    }


def _takes_over(found: ThreadPage, hand_over: HandOver, can: Collection[str]) -> bool:
    """Whether it is offered to whoever looks: to them, or to everybody who may own the thread."""
    return found.part.handed or (hand_over.to_id is None and ("join" in can or found.part.helps))


def _requests(found: ThreadPage) -> list[dict[str, Any]]:
    asked: dict[int, list[Asked]] = {}
    for each in found.asked.things():
        asked.setdefault(each.request_id, []).append(each)
    return [
        {"request": request, "asked": asked.get(request.pk, []), "mine": request.pk in found.part.asked}
        for request in found.requests.things()
    ]
