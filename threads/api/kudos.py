"""Thanks in words."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import MOST, Identifier, Page, Text
from community.api.people import Person, person
from community.errors import Invalid, NotThere
from community.models import Member
from community.queries.members import member_visible_to
from reputation.actions.kudos import remove_kudos, take_back_kudos
from reputation.models import Kudos
from reputation.policies.kudos import may_take_back, overseen_by
from reputation.queries.kudos import budget_of, kudos_of, kudos_with
from reputation.rules.kudos import LONGEST, MOST_A_MONTH, MOST_TO_ONE, REMOVAL_LENGTH, SHORTEST
from threads.actions.kudos import say_thanks
from threads.api.names import id_or_404, post_or_404, thread_or_404
from threads.api.schemas import ClientId
from threads.models import Post, Thread
from threads.queries.contributions import titles_of_subjects

router = Router(tags=["people"])


class ThanksAbout(BaseModel):
    """The thread or post that thanks are about."""

    kind: str = Field(description="thread or post.")
    id: int
    title: str
    url: str


class ThanksOut(BaseModel):
    """Thanks of one member to another."""

    id: int
    giver: Person
    receiver: Person
    reason: str
    at: datetime
    about: ThanksAbout | None = Field(description="What they are about, where you see that.")
    can: list[str] = Field(description="What you may do: take_back, remove.")


class ThanksIn(BaseModel):
    """Thanks to say."""

    reason: Text = Field(max_length=LONGEST, description=f"What for, in at least {SHORTEST} characters; plain text.")
    thread: Identifier | None = Field(None, description="A thread that both of you see.")
    post: Identifier | None = Field(None, description="Or a post in one.")
    client_id: ClientId | None = Field(None, description="Your own id; again, it gives the same thanks.")


class ThanksLeft(BaseModel):
    """How many thanks you have left this calendar month (UTC)."""

    left: int
    a_month: int = Field(description="How many there are each month.")
    to_one: int = Field(description="How many of them may be for one person.")
    renews_at: datetime


class ThanksPaging(BaseModel):
    """Where a page of thanks starts."""

    after: int = Field(0, ge=0, lt=2**63, description="The `next` of the page before.")
    limit: int = Field(30, ge=1, le=MOST, description="How many items at most.")


class ThanksRemoval(BaseModel):
    """Why somebody else's thanks are removed."""

    reason: Text = Field("", max_length=REMOVAL_LENGTH, description="Whoever wrote them reads it.")


@router.get(
    "/members/{handle}/thanks", response=Page[ThanksOut], operation_id="thanks", summary="List thanks to a member"
)
def thanks(request: ApiRequest, handle: Text, paging: Query[ThanksPaging]) -> Page[ThanksOut]:
    """What others thanked them for, the newest first. Thanks are words: they add nothing to standing."""
    found = kudos_of(_member(request.auth, handle), before=paging.after or None, limit=paging.limit + 1)
    rows = found[: paging.limit]
    following = str(rows[-1].pk) if len(found) > len(rows) else None
    return Page(items=_thanks(request.auth, rows), next=following)


@router.post("/members/{handle}/thanks", response={201: ThanksOut}, operation_id="say_thanks", summary="Thank a member")
def post_thanks(request: ApiRequest, handle: Text, data: ThanksIn) -> ThanksOut:
    """Everybody in the network can read it. 429 when you have none left this month, or none for them."""
    to, about = _member(request.auth, handle), _about(request.auth, data)
    try:
        given = say_thanks(by=request.auth, to=to, reason=data.reason, about=about, client_id=data.client_id)
    except Invalid as refused:
        field = "post" if data.post else "thread"
        raise Invalid({field if name == "about" else name: text for name, text in refused.fields.items()}) from refused
    return _thanks(request.auth, [given])[0]


@router.delete("/thanks/{id}", response={204: None}, operation_id="remove_thanks", summary="Take thanks back")
def delete_thanks(request: ApiRequest, id: int, why: Query[ThanksRemoval]) -> None:
    """Your own within a day, and you have them to give again. Moderators remove those of others, with a `reason`."""
    kudos = kudos_with(id_or_404(id))
    if kudos is None:
        raise NotThere("not_there")
    if kudos.giver_id == request.auth.pk and not why.reason:
        take_back_kudos(by=request.auth, kudos=kudos)
    else:
        remove_kudos(by=request.auth, kudos=kudos, reason=why.reason)


@router.get("/me/thanks", response=ThanksLeft, operation_id="thanks_left", summary="How many thanks you have left")
def thanks_left(request: ApiRequest) -> ThanksLeft:
    """How many more you can say this month."""
    budget = budget_of(request.auth)
    return ThanksLeft(left=budget.left, a_month=MOST_A_MONTH, to_one=MOST_TO_ONE, renews_at=budget.renews_at)


def _member(viewer: Member, handle: str) -> Member:
    found = member_visible_to(viewer, handle)
    if found is None:
        raise NotThere("not_there")
    return found


def _about(viewer: Member, data: ThanksIn) -> Thread | Post | None:
    if data.thread and data.post:
        raise Invalid({"post": _("Give a thread or a post, not both.")})
    try:
        if data.thread:
            return thread_or_404(viewer, data.thread)
        return post_or_404(viewer, data.post) if data.post else None
    except NotThere:
        field = "thread" if data.thread else "post"
        raise Invalid({field: _("There is no such thing that you see.")}) from None


def _thanks(viewer: Member, rows: list[Kudos]) -> list[ThanksOut]:
    titles, overseen = titles_of_subjects(viewer, {row.about for row in rows if row.about}), overseen_by(viewer)
    return [_shown(viewer, row, titles.get(row.about), removes=overseen.covers(row)) for row in rows]


def _shown(viewer: Member, row: Kudos, title: dict[str, str] | None, *, removes: bool) -> ThanksOut:
    can = {"take_back": may_take_back(viewer, row), "remove": row.stands and removes}
    return ThanksOut(
        id=row.pk, giver=person(row.giver), receiver=person(row.receiver), reason=row.reason, at=row.at,
        about=_shown_about(row.about, title) if title else None,
        can=[name for name, holds in can.items() if holds],
    )  # fmt: skip


def _shown_about(name: str, title: dict[str, str]) -> ThanksAbout:
    noun, _colon, number = name.partition(":")
    return ThanksAbout(kind=noun, id=int(number), title=title["title"], url=f"{settings.SITE_URL}{title['url']}")
