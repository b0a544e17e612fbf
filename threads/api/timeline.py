"""A thread's timeline: who was asked, joined, answered, left, wrote and changed what, and how long it took."""

from datetime import datetime
from typing import Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Page
from community.rendering.markdown import plain_text
from threads.api.names import thread_or_404
from threads.models import TimelineEntry
from threads.queries.timeline import Recorded, Step, elapsed_of, timeline_of
from threads.rendering.event_texts import text_of_entry
from threads.rendering.timeline import line_of

router = Router(tags=["swarm"])


class StepOut(BaseModel):
    """Something that happened, or what somebody wrote meanwhile."""

    id: int | None = Field(description="Of an entry; null for posts and the record.")
    kind: str = Field(description="That of the event, or `posts`, or `record`.")
    at: datetime
    actor: str | None = Field(description="A handle.")
    text: str = Field(description="A sentence about it, without who did it for posts and the record.")
    said: str = Field(description="In plain words: what is needed, a hand-over note, what came of a call.")
    first: int | None = Field(description="Of posts the number of the first one after another.")
    last: int | None = Field(description="Of the last one.")


class ElapsedOut(BaseModel):
    """How long something took from the asking, or how often it happened."""

    name: str = Field(description="reply, owner, helper, asked, accepted, resolved, or handed (over).")
    seconds: float | None
    times: int


class TimelineOut(Page[StepOut]):
    """A stretch of it, oldest first."""

    elapsed: list[ElapsedOut]


class Stretch(BaseModel):
    """Where it starts, and whether all is wanted."""

    after: int = Field(0, ge=0, lt=2**63, description="The `next` of the stretch before.")
    show: Literal["", "people", "requests", "calls"] = Field("", description="These alone.")


@router.get(
    "/threads/{id}/timeline", response=TimelineOut, operation_id="timeline", summary="What happened in a thread"
)
def timeline(request: ApiRequest, id: int, stretch: Query[Stretch]) -> TimelineOut:
    """Up to 100 entries, oldest first; with all of them also who wrote posts and in the record meanwhile."""
    thread = thread_or_404(request.auth, id)
    found = timeline_of(request.auth, thread, after=stretch.after, shown=stretch.show)
    return TimelineOut(
        items=[_step(step) for step in found.steps],
        next=str(found.next) if found.next else None,
        elapsed=[
            ElapsedOut(name=each.name, seconds=each.took.total_seconds() if each.took else None, times=each.times)
            for each in elapsed_of(request.auth, thread)
        ],
    )


def _step(step: Step) -> StepOut:
    if isinstance(step, TimelineEntry):
        said = text_of_entry(step.kind, step.data)
        return StepOut(
            id=step.pk, kind=step.kind, at=step.at, actor=step.actor.handle if step.actor else None,
            text=plain_text(line_of(step, briefly=bool(said)).sentence).strip(), said=said, first=None, last=None,
        )  # fmt: skip
    by = step.by.handle if step.by else None
    if isinstance(step, Recorded):
        return StepOut(id=None, kind="record", at=step.at, actor=by, text="", said="", first=None, last=None)
    return StepOut(id=None, kind="posts", at=step.at, actor=by, text="", said="", first=step.first, last=step.last)
