"""Coming back to a thread, and calls and meetings about it."""

from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import MOST, Page, Text, Whole
from community.api.people import Person, person
from community.errors import Invalid, NotThere
from community.queries.members import members_by_handle
from community.rendering.markdown import plain_text
from threads.actions.meetings import delete_meeting, log_meeting
from threads.actions.reading import mark_seen
from threads.api.names import id_or_404, thread_or_404
from threads.api.schemas import ClientId
from threads.models import Meeting
from threads.queries.meetings import meeting_visible_to, meetings_of
from threads.queries.since import since as since_of
from threads.rendering.since import Since
from threads.rendering.timeline import line_of
from threads.rules.limits import ATTENDEES_LENGTH, LONGEST_MEETING, MOST_ATTENDEES, OUTCOME_LENGTH

router = Router(tags=["swarm"])


class SeenIn(BaseModel):
    """How far you have read."""

    number: Whole = Field(ge=0, lt=2**31, description="The number of the last post that you have read.")


class NewPostsOut(BaseModel):
    """Posts of others that are new."""

    count: int = Field(description="How many, counted up to 200.")
    first: int = Field(description="The number of the first of them.")
    authors: list[str] = Field(description="Handles, who wrote most first.")


class NewInRecordOut(BaseModel):
    """What others changed in the working record."""

    fields: list[str]
    authors: list[str] = Field(description="Handles, who changed it last first.")


class ChangeOut(BaseModel):
    """Something that happened to the thread."""

    kind: str
    at: datetime
    actor: str | None
    text: str


class SinceOut(BaseModel):
    """What others changed since you were there; all of it empty when you never were, or nothing changed."""

    at: datetime | None = Field(description="When you were there last; null for never.")
    number: int = Field(description="The post up to which you have read.")
    posts: NewPostsOut | None
    record: NewInRecordOut | None
    changes: list[ChangeOut]
    more: int = Field(description="How many changes before these are left out.")


class MeetingOut(BaseModel):
    """A call or meeting that somebody wrote down."""

    id: int
    kind: str = Field(description="call or meeting.")
    held_at: datetime
    minutes: int
    attendees: list[Person]
    others: str = Field(description="Who else was there, as it was typed.")
    outcome: str = Field(description="Markdown.")
    html: str
    logged_by: Person
    logged_at: datetime


class MeetingIn(BaseModel):
    """A call or meeting to write down."""

    kind: Literal["call", "meeting"]
    held_at: AwareDatetime
    minutes: Whole = Field(ge=1, le=LONGEST_MEETING)
    attendees: list[Text] = Field(default_factory=list, max_length=MOST_ATTENDEES, description="Handles.")
    others: Text = Field("", max_length=ATTENDEES_LENGTH, description="People who are no members.")
    outcome: Text = Field(max_length=OUTCOME_LENGTH, description="Markdown.")
    client_id: ClientId | None = Field(None, description="Your own id; again, it gives the same meeting.")


class Before(BaseModel):
    """Where a page of meetings starts."""

    after: int = Field(0, ge=0, lt=2**63, description="The `next` of the page before.")
    limit: int = Field(30, ge=1, le=MOST, description="How many items at most.")


@router.get("/threads/{id}/since", response=SinceOut, operation_id="since", summary="What changed since you were there")
def since(request: ApiRequest, id: int) -> SinceOut:
    """At most eight lines of what others posted and changed since your read position."""
    return _since(since_of(request.auth, thread_or_404(request.auth, id)))


@router.put("/threads/{id}/seen", response={204: None}, operation_id="seen", summary="Say how far you have read")
def seen(request: ApiRequest, id: int, data: SeenIn) -> None:
    """Your read position; it only goes forward, and never beyond the last post."""
    mark_seen(by=request.auth, thread=thread_or_404(request.auth, id), number=data.number)


@router.get(
    "/threads/{id}/meetings", response=Page[MeetingOut], operation_id="meetings", summary="List calls and meetings"
)
def meetings(request: ApiRequest, id: int, paging: Query[Before]) -> Page[MeetingOut]:
    """Calls and meetings about a thread, what was written down last first."""
    thread = thread_or_404(request.auth, id)
    rows = meetings_of(thread, before=paging.after or None, limit=paging.limit + 1)
    shown = rows[: paging.limit]
    following = str(shown[-1].pk) if len(rows) > len(shown) else None
    return Page(items=[_meeting(row) for row in shown], next=following)


@router.post(
    "/threads/{id}/meetings", response={201: MeetingOut}, operation_id="log_meeting", summary="Write down a meeting"
)
def post_meeting(request: ApiRequest, id: int, data: MeetingIn) -> MeetingOut:
    """Write down a call or meeting. Attendees are members who see the thread."""
    thread = thread_or_404(request.auth, id)
    given = data.model_dump(exclude={"attendees"})
    people = members_by_handle(data.attendees)
    if {handle.lower() for handle in data.attendees} - {member.handle for member in people}:
        message = _("Nobody of this handle sees the thread. Look it up under People.")
        raise Invalid({"attendees": message})
    return _meeting(log_meeting(by=request.auth, thread=thread, attendees=people, **given))


@router.delete("/meetings/{id}", response={204: None}, operation_id="delete_meeting", summary="Delete a meeting")
def remove_meeting(request: ApiRequest, id: int) -> None:
    """Take back what was written of a meeting: whoever wrote it, and moderators."""
    found = meeting_visible_to(request.auth, id_or_404(id))
    if found is None:
        raise NotThere("not_there")
    delete_meeting(by=request.auth, meeting=found)


def _since(found: Since) -> SinceOut:
    posts, record = found.posts, found.record
    return SinceOut(
        at=found.at,
        number=found.number,
        posts=NewPostsOut(count=posts.count, first=posts.first, authors=_handles(posts.authors)) if posts else None,
        record=NewInRecordOut(fields=list(record.fields), authors=_handles(record.authors)) if record else None,
        changes=[
            ChangeOut(
                kind=entry.kind, at=entry.at, actor=entry.actor.handle if entry.actor else None,
                text=plain_text(line_of(entry).sentence).strip(),
            )
            for entry in found.entries
        ],
        more=found.more,
    )  # fmt: skip


def _handles(members: Any) -> list[str]:
    return [member.handle for member in members]


def _meeting(row: Meeting) -> MeetingOut:
    return MeetingOut(
        id=row.pk, kind=row.kind, held_at=row.held_at, minutes=row.minutes, others=row.others, outcome=row.outcome,
        html=row.html, attendees=[person(member) for member in row.attendees.all()], logged_by=person(row.logged_by),
        logged_at=row.logged_at,
    )  # fmt: skip
