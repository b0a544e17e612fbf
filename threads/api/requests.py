"""Asking for help, and answering."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import MOST as A_PAGE
from community.api.paging import Page, Text, Whole
from community.api.people import Person, person
from community.errors import Forbidden, Invalid, NotThere
from community.models import Center, Member
from community.queries.members import members_by_handle
from community.queries.organizations import centers_of, member_organizations
from threads.actions.requests import answer, ask_for_help, inform, withdraw_request
from threads.api.names import MOST, organizations_or_invalid, thread_or_404
from threads.api.schemas import ClientId
from threads.models import Asked
from threads.queries.requests import (
    RequestDetails,
    details_of_requests,
    request_visible_to,
    requests_of,
    requests_waiting_for,
)
from threads.rules.limits import MOST_NAMED
from threads.rules.texts import tag_slugs

router = Router(tags=["swarm"])

Target = Literal["matched", "members", "organization", "center", "tag"]
Number = Annotated[Whole, Field(ge=1, le=5)]


class AskedOut(BaseModel):
    """Somebody who was asked. `note` and `information` are for the swarm and for them; null for others."""

    member: Person
    asked_at: datetime
    answer_by: datetime
    answer: Literal["", "accepted", "declined", "more_information", "expired", "withdrawn"] = Field(
        description="Empty while they think."
    )
    answered_at: datetime | None
    note: str | None
    information: str | None


class RequestOut(BaseModel):
    """A request for help, and who was asked so far, in order."""

    id: int
    thread: int
    by: Person
    what: str = Field(description="Markdown.")
    due_at: datetime
    target: Target
    wanted: int
    at_once: int
    state: Literal["open", "answered", "exhausted", "withdrawn", "closed"]
    opened_at: datetime
    ended_at: datetime | None
    next_try_at: datetime | None = Field(description="When somebody can be asked, while nobody can.")
    asked: list[AskedOut]
    can: list[str] = Field(description="answer, withdraw, inform.")


class NewRequest(BaseModel):
    """What is needed, by when, and whom to ask: `target` says which of the others counts."""

    what: Text = Field(description="Markdown, at most 2,000 characters.")
    due_at: AwareDatetime = Field(description="Between five minutes and 60 days from now.")
    target: Target = "matched"
    members: Annotated[list[Text], Field(max_length=MOST_NAMED, description="Handles, in your order.")] = []
    organization: Text = Field("", description="A slug.")
    center: Text = Field("", description="The name of a center of that organization.")
    tag: Text = ""
    wanted: Number = Field(1, description="How many people are looked for.")
    at_once: Number = Field(1, description="How many are asked at the same time.")
    client_id: ClientId | None = Field(None, description="Your own id; again, it gives the same request.")


class AnswerIn(BaseModel):
    """Yes, no, or a question; the last two need a note, which only the swarm reads."""

    answer: Literal["accepted", "declined", "more_information"]
    note: Text = ""


class InformationIn(BaseModel):
    """What one of those asked wanted to know."""

    member: Text = Field(max_length=40, description="Their handle.")
    text: Text


class After(BaseModel):
    """Where a page of requests starts."""

    after: int = Field(0, ge=0, lt=2**63, description="The `next` of the page before.")
    limit: int = Field(30, ge=1, le=A_PAGE, description="How many items at most.")


class Requests(BaseModel):
    """Requests for help."""

    items: list[RequestOut]


def request_outs(found: list[RequestDetails]) -> list[RequestOut]:
    """Requests as the API shows them."""
    return [_out(each) for each in found]


def _out(found: RequestDetails) -> RequestOut:
    row = found.request
    facts = {
        "id": row.pk, "thread": row.thread_id, "by": person(row.by), "what": row.what, "due_at": row.due_at,
        "target": row.target, "wanted": row.wanted, "at_once": row.at_once, "state": row.state,
        "opened_at": row.opened_at, "ended_at": row.ended_at, "next_try_at": row.next_try_at,
        "asked": [_asked(each, found) for each in found.asked], "can": list(found.can),
    }  # fmt: skip
    return RequestOut.model_validate(facts)


def _asked(row: Asked, found: RequestDetails) -> AskedOut:
    shown = found.is_inside or (found.mine is not None and found.mine.pk == row.pk)
    facts = {
        "member": person(row.member), "asked_at": row.asked_at, "answer_by": row.answer_by, "answer": row.answer,
        "answered_at": row.answered_at, "note": row.note if shown else None,
        "information": row.information if shown else None,
    }  # fmt: skip
    return AskedOut.model_validate(facts)


@router.get("/threads/{id}/requests", response=Page[RequestOut], operation_id="requests", summary="Requests for help")
def requests(request: ApiRequest, id: int, paging: Query[After]) -> Page[RequestOut]:
    """Every request for help that there was in a thread, the newest last."""
    thread = thread_or_404(request.auth, id)
    found = requests_of(request.auth, thread, everything=True, after=paging.after, limit=paging.limit + 1)
    shown = found[: paging.limit]
    following = str(shown[-1].request.pk) if len(found) > len(shown) else None
    return Page(items=request_outs(shown), next=following)


@router.post("/threads/{id}/requests", response={201: RequestOut}, operation_id="ask_for_help", summary="Ask for help")
def post_request(request: ApiRequest, id: int, data: NewRequest, response: HttpResponse) -> RequestOut:
    """Ask others to help with a thread. They are asked one after another, within their hours."""
    thread = thread_or_404(request.auth, id)
    organizations = organizations_or_invalid([data.organization]) if data.organization else []
    made = ask_for_help(
        by=request.auth,
        thread=thread,
        what=data.what,
        due_at=data.due_at,
        target=data.target,
        members=_members(data.members),
        organization=organizations[0] if organizations else None,
        center=_center(data.organization, data.center),
        scope=next((f"tag:{slug}" for slug in tag_slugs([data.tag])), ""),
        wanted=data.wanted,
        at_once=data.at_once,
        client_id=data.client_id,
    )
    response["Location"] = f"{request.path.partition('/threads/')[0]}/requests/{made.pk}"
    return _out(_request_or_404(request.auth, made.pk))


def _members(handles: list[str]) -> list[Member]:
    wanted = [handle.lower() for handle in handles]
    found = {member.handle: member for member in members_by_handle(wanted)}
    if any(handle not in found for handle in wanted):
        message = _("Nobody of this handle sees the thread. Choose somebody who does, or let them in first.")
        raise Invalid({"members": message})
    return [found[handle] for handle in wanted]


def _center(organization: str, name: str) -> Center | None:
    if not name:
        return None
    found = centers_of(member_organizations().filter(slug=organization)).filter(name=name).first()
    if found is None:
        raise Invalid({"center": _("The organization has no center of this name. Give both.")})
    return found


@router.get("/requests/{id}", response=RequestOut, operation_id="request", summary="Read a request for help")
def get_request(request: ApiRequest, id: int) -> RequestOut:
    """One request."""
    return _out(_request_or_404(request.auth, id))


@router.delete("/requests/{id}", response={204: None}, operation_id="withdraw_request", summary="Take a request back")
def delete_request(request: ApiRequest, id: int) -> None:
    """Stop looking for help."""
    withdraw_request(by=request.auth, request=_request_or_404(request.auth, id).request)


@router.post("/requests/{id}/answer", response=RequestOut, operation_id="answer", summary="Answer a request for help")
def post_answer(request: ApiRequest, id: int, data: AnswerIn) -> RequestOut:
    """Say whether you help."""
    found = _request_or_404(request.auth, id)
    if found.mine is None:
        raise Forbidden("not_asked")
    said = answer(by=request.auth, asked=found.mine, answer=data.answer, note=data.note)
    # Whoever was let in to be asked, and says no, sees it no more.
    still = request_visible_to(request.auth, id)
    if still is None:
        found.mine.answer, found.mine.note, found.mine.answered_at = said.answer, said.note, said.answered_at
        return _out(found)
    return _out(_request_or_404(request.auth, id))


@router.post(
    "/requests/{id}/information", response=RequestOut, operation_id="inform", summary="Tell what somebody asked back"
)
def post_information(request: ApiRequest, id: int, data: InformationIn) -> RequestOut:
    """Answer the question of somebody who needs to know more; their time to answer starts anew."""
    found = _request_or_404(request.auth, id)
    asked = next((row for row in found.asked if row.member.handle == data.member.lower()), None)
    if asked is None:
        raise Invalid({"member": _("They are not asked. Give the handle of one of those asked.")})
    inform(by=request.auth, asked=asked, text=data.text)
    return _out(_request_or_404(request.auth, id))


@router.get("/me/requests", response=Requests, operation_id="my_requests", summary="What you are asked")
def my_requests(request: ApiRequest) -> Requests:
    """The open requests that wait for your answer, the most pressing first."""
    return Requests(items=request_outs(requests_waiting_for(request.auth)))


def _request_or_404(viewer: Member, pk: int) -> RequestDetails:
    found = request_visible_to(viewer, pk) if 0 < pk < MOST else None
    if found is None:
        raise NotThere("not_there")
    return details_of_requests(viewer, found.thread, [found])[0]
