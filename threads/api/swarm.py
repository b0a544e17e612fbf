"""The swarm of a thread: who owns it, helps and was let in; joining, handing over, opening further."""

from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from community.api.people import Person, person
from community.errors import Forbidden, Invalid, NotThere
from community.models import Member, Organization
from community.queries.members import members_by_handle
from threads.actions.guests import end_guest, let_in, widen
from threads.actions.helpers import join, leave_swarm, remove_helper
from threads.actions.ownership import answer_hand_over, hand_over, withdraw_hand_over
from threads.api import schemas
from threads.api.names import MOST, organizations_or_invalid, thread_or_404
from threads.api.requests import RequestOut, request_outs
from threads.api.shapes import audience_out, next_action_out
from threads.models import HandOver, Thread
from threads.offers import thread_offers
from threads.policies.swarm import may_let_in
from threads.queries.guests import guests_of, preview_for, preview_of_widening
from threads.queries.requests import hand_over_visible_to, requests_of
from threads.queries.swarm import helpers_of, offered_hand_over

router = Router(tags=["swarm"])

Rung = Literal["organization", "organizations", "space"]


class HelperOut(BaseModel):
    """Somebody who helps, since when, and who asked them to (a handle)."""

    member: Person
    since: datetime
    invited_by: str | None


class GuestOut(BaseModel):
    """Somebody who sees the thread although its audience does not reach them."""

    member: Person
    since: datetime
    invited_by: str
    reads_only: bool


class HandOverOut(BaseModel):
    """A thread offered to somebody, or (`to` is null) to whoever takes it over."""

    id: int
    by: Person
    to: Person | None
    summary: str = Field(description="Markdown.")
    html: str
    offered_at: datetime
    state: Literal["offered", "accepted", "declined", "withdrawn"]
    answered_at: datetime | None


class SwarmDetails(BaseModel):
    """Everybody who has a part in a thread. `requests` are the open ones; `guests` for those who let others in."""

    owner: Person | None
    next_action: schemas.NextAction | None
    helpers: list[HelperOut]
    guests: list[GuestOut]
    hand_over: HandOverOut | None
    requests: list[RequestOut]
    can: list[str]


class NewHandOver(BaseModel):
    """What whoever takes over has to know; without `to` it is a note for whoever does."""

    summary: Text = Field(description="Markdown, at least 20 characters.")
    to: Text = Field("", max_length=40, description="A handle.")


class HandOverAnswer(BaseModel):
    """Yes or no, and a word with it."""

    accept: bool
    note: Text = ""


class Seeing(BaseModel):
    """What letting somebody in would show. Give `preview` back with it; 409 when it changed meanwhile."""

    preview: str
    people: int = Field(description="How many people would see the thread who do not now.")
    posts: int
    files: int
    record: bool = Field(description="Whether the working record says something.")


class Widening(BaseModel):
    """The wider audience; `organizations` for named ones."""

    audience: Rung
    organizations: Annotated[list[Text], Field(max_length=50, description="Slugs.")] = []
    preview: Text = Field(max_length=40, description="From `GET /threads/{id}/audience/preview`.")


class NewGuest(BaseModel):
    """How they are let in."""

    preview: Text = Field(max_length=40, description="From `GET /threads/{id}/audience/preview?member=`.")
    reads_only: bool = False


class Previewing(BaseModel):
    """One person, or a wider audience."""

    member: Text = Field("", max_length=40, description="A handle.")
    audience: Text = Field("", max_length=20, description="organization, organizations or space.")
    organization: Annotated[list[Text], Field(max_length=50, description="A slug; may be given again.")] = []


@router.get("/threads/{id}/swarm", response=SwarmDetails, operation_id="swarm", summary="Who works on a thread")
def swarm(request: ApiRequest, id: int) -> SwarmDetails:
    """Owner, helpers, guests, what is offered, and whom is asked for help."""
    return _swarm(request.auth, thread_or_404(request.auth, id))


def _swarm(viewer: Member, thread: Thread) -> SwarmDetails:
    offered = offered_hand_over(thread)
    guests = guests_of(thread) if may_let_in(viewer, thread) else []
    return SwarmDetails(
        owner=person(thread.owner) if thread.owner else None,
        next_action=next_action_out(thread),
        helpers=[
            HelperOut(
                member=person(row.member), since=row.since, invited_by=row.invited_by.handle if row.invited_by else None
            )
            for row in helpers_of(thread)
        ],
        guests=[
            GuestOut(
                member=person(row.member), since=row.since, invited_by=row.invited_by.handle, reads_only=row.reads_only
            )
            for row in guests
        ],
        hand_over=_hand_over(offered) if offered else None,
        requests=request_outs(requests_of(viewer, thread)),
        can=thread_offers(viewer, thread),
    )


def _hand_over(row: HandOver) -> HandOverOut:
    facts = {
        "id": row.pk, "by": person(row.by), "to": person(row.to) if row.to else None, "summary": row.summary,
        "html": row.html, "offered_at": row.offered_at, "state": row.state, "answered_at": row.answered_at,
    }  # fmt: skip
    return HandOverOut.model_validate(facts)


@router.put("/threads/{id}/helpers/{handle}", response=SwarmDetails, operation_id="join", summary="Help with a thread")
def put_helper(request: ApiRequest, id: int, handle: Text) -> SwarmDetails:
    """Join the swarm, with your own handle; others you ask. Again it changes nothing."""
    thread = thread_or_404(request.auth, id)
    if handle.lower() != request.auth.handle:
        raise Forbidden("may_not_join", _("You join for yourself: give your own handle. Others you ask for help."))
    join(by=request.auth, thread=thread)
    return _swarm(request.auth, thread_or_404(request.auth, id))


@router.delete(
    "/threads/{id}/helpers/{handle}", response={204: None}, operation_id="leave_swarm", summary="Stop helping"
)
def delete_helper(request: ApiRequest, id: int, handle: Text) -> None:
    """Leave the swarm with your own handle; owner and moderators remove others."""
    thread = thread_or_404(request.auth, id)
    if handle.lower() == request.auth.handle:
        leave_swarm(by=request.auth, thread=thread)
    else:
        remove_helper(by=request.auth, thread=thread, member=_member(handle))


def _member(handle: str) -> Member:
    found = members_by_handle([handle])
    if not found:
        raise NotThere("not_there")
    return found[0]


@router.post(
    "/threads/{id}/hand-over", response={201: HandOverOut}, operation_id="hand_over", summary="Hand a thread over"
)
def post_hand_over(request: ApiRequest, id: int, data: NewHandOver) -> HandOverOut:
    """Offer a thread that you own. You own it until it is accepted; what was offered before is withdrawn."""
    thread = thread_or_404(request.auth, id)
    to = members_by_handle([data.to]) if data.to else []
    if data.to and not to:
        raise Invalid({"to": _("Nobody of this handle sees the thread. Choose somebody who does.")})
    offered = hand_over(by=request.auth, thread=thread, summary=data.summary, to=to[0] if to else None)
    return _hand_over(_hand_over_or_404(request.auth, offered.pk))


@router.post(
    "/hand-overs/{id}/answer", response=HandOverOut, operation_id="answer_hand_over", summary="Answer a hand-over"
)
def post_hand_over_answer(request: ApiRequest, id: int, data: HandOverAnswer) -> HandOverOut:
    """Accept a thread, and own it; or decline."""
    offered = _hand_over_or_404(request.auth, id)
    answer_hand_over(by=request.auth, hand_over=offered, accepts=data.accept, note=data.note)
    return _hand_over(_hand_over_or_404(request.auth, id))


@router.delete(
    "/hand-overs/{id}", response={204: None}, operation_id="withdraw_hand_over", summary="Take a hand-over back"
)
def delete_hand_over(request: ApiRequest, id: int) -> None:
    """Take an offer back."""
    withdraw_hand_over(by=request.auth, hand_over=_hand_over_or_404(request.auth, id))


def _hand_over_or_404(viewer: Member, pk: int) -> HandOver:
    found = hand_over_visible_to(viewer, pk) if 0 < pk < MOST else None
    if found is None:
        raise NotThere("not_there")
    return found


@router.get(
    "/threads/{id}/audience/preview",
    response=Seeing,
    operation_id="audience_preview",
    summary="What letting somebody in would show",
)
def audience_preview(request: ApiRequest, id: int, asked: Query[Previewing]) -> Seeing:
    """What a person (`member`), or the people of a wider `audience`, would see of a thread that you may open."""
    thread = _opened(request.auth, id)
    if asked.member:
        return _seeing(thread, _whom(asked.member))
    if asked.audience not in {"organization", "organizations", "space"}:
        raise Invalid({"audience": _("Name a member, or a wider audience.")})
    return _seeing(thread, (asked.audience, organizations_or_invalid(asked.organization)))


def _opened(viewer: Member, pk: int) -> Thread:
    """The thread, for those who may open it; for others there is nothing to preview."""
    thread = thread_or_404(viewer, pk)
    if not may_let_in(viewer, thread):
        raise NotThere("not_there")
    return thread


def _whom(handle: str) -> Member:
    found = members_by_handle([handle])
    if not found:
        raise Invalid({"member": _("Nobody has this handle.")})
    return found[0]


def _seeing(thread: Thread, whom: Member | tuple[str, list[Organization]]) -> Seeing:
    found = preview_for(thread, whom) if isinstance(whom, Member) else preview_of_widening(thread, *whom)
    return Seeing(
        preview=found.digest, people=found.people, posts=found.posts, files=found.files, record=found.recorded
    )


@router.post(
    "/threads/{id}/audience", response=schemas.AudienceOut, operation_id="widen", summary="Open a thread further"
)
def post_audience(request: ApiRequest, id: int, data: Widening) -> schemas.AudienceOut:
    """Open a thread to a wider audience. It never gets narrower."""
    thread = thread_or_404(request.auth, id)
    named = organizations_or_invalid(data.organizations)
    widen(by=request.auth, thread=thread, audience=data.audience, organizations=named, preview=data.preview)
    return audience_out(thread_or_404(request.auth, id))


@router.put("/threads/{id}/guests/{handle}", response=SwarmDetails, operation_id="let_in", summary="Let somebody in")
def put_guest(request: ApiRequest, id: int, handle: Text, data: NewGuest) -> SwarmDetails:
    """Let one person see the thread, and nobody else of their organization."""
    thread = thread_or_404(request.auth, id)
    let_in(by=request.auth, thread=thread, member=_member(handle), preview=data.preview, reads_only=data.reads_only)
    return _swarm(request.auth, thread_or_404(request.auth, id))


@router.delete("/threads/{id}/guests/{handle}", response={204: None}, operation_id="end_guest", summary="End a guest")
def delete_guest(request: ApiRequest, id: int, handle: Text) -> None:
    """End what lets somebody in; your own, too."""
    end_guest(by=request.auth, thread=thread_or_404(request.auth, id), member=_member(handle))
