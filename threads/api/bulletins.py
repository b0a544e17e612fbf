"""Bulletins: what reaches one, having read it, sending and taking back."""

from datetime import datetime
from typing import Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Page, Paging, Text, broken_cursor
from community.api.people import Person, person
from community.api.spaces import space_or_404
from community.errors import NotThere
from community.rules.numbers import whole
from threads.actions.bulletins import acknowledge, end_bulletin, send_bulletin
from threads.api.names import organizations_or_invalid, playbook_named, practice_named, role_named
from threads.models import Bulletin
from threads.queries.bulletins import Subjects, bulletin_for, bulletins_of, receipt_of, subjects_of
from threads.rules.limits import BULLETIN_LENGTH, TITLE_LENGTH

router = Router(tags=["practices"])

_LARGEST = 2**63 - 1

Reached = Literal["center", "organization", "organizations", "space"]


class BulletinIn(BaseModel):
    """A bulletin to send."""

    title: Text = Field(max_length=TITLE_LENGTH)
    text: Text = Field(max_length=BULLETIN_LENGTH, description="Markdown.")
    space: Text = Field(description="Its slug.")
    audience: Reached
    organizations: list[Text] = Field([], max_length=200, description="Slugs, for the audience `organizations`.")
    role: Text = Field("", description="The name of a working role: only who has it is told.")
    acknowledge_until: AwareDatetime | None = Field(None, description="When everybody asked should have read it.")
    practice: int | None = Field(None, description="A practice that it is about.")
    playbook: int | None = Field(None, description="A playbook that it is about.")


class BulletinOut(BaseModel):
    """A bulletin that reaches you."""

    id: int
    title: str
    text: str = Field(description="Markdown.")
    by: Person
    space: str
    audience: Reached
    at: datetime
    acknowledge_until: datetime | None = Field(description="Who is asked says by then that they have read it.")
    practice: int | None = Field(description="The practice that it is about; null too when you do not see it.")
    playbook: int | None = Field(description="The playbook that it is about; null too when you do not see it.")
    read: bool = Field(description="Whether you said that you have.")


@router.get("/bulletins", response=Page[BulletinOut], operation_id="bulletins", summary="Bulletins, the latest first")
def get_bulletins(request: ApiRequest, paging: Query[Paging]) -> Page[BulletinOut]:
    """All that reach you."""
    before = whole(paging.after) if paging.after else _LARGEST
    if before is None or not 0 < before <= _LARGEST:
        raise broken_cursor()
    rows, following = bulletins_of(request.auth, before=before, limit=paging.limit)
    subjects = subjects_of(request.auth, rows)
    items = [_bulletin(row, subjects, read=row.read) for row in rows]
    return Page(items=items, next=str(following) if following else None)


@router.post("/bulletins", response={201: BulletinOut}, operation_id="send_bulletin", summary="Send a bulletin")
def post_bulletin(request: ApiRequest, data: BulletinIn, response: HttpResponse) -> BulletinOut:
    """To your center or organization as its administrator, further as who moderates or curates the space."""
    sent = send_bulletin(
        by=request.auth,
        space=space_or_404(request.auth, data.space),
        organizations=organizations_or_invalid(data.organizations),
        role=role_named(data.role),
        practice=practice_named(request.auth, data.practice),
        playbook=playbook_named(request.auth, data.playbook),
        **data.model_dump(include={"title", "text", "audience", "acknowledge_until"}),
    )
    response["Location"] = f"{request.path.rstrip('/')}/{sent.pk}"
    return _shown(request, _load(request, sent.pk), read=False)


@router.get("/bulletins/{id}", response=BulletinOut, operation_id="bulletin", summary="A bulletin")
def get_bulletin(request: ApiRequest, id: int) -> BulletinOut:
    """What it says, and whether you said that you have read it."""
    found = _load(request, id)
    return _shown(request, found, read=receipt_of(request.auth, found) is not None)


@router.delete("/bulletins/{id}", response={204: None}, operation_id="end_bulletin", summary="Take a bulletin back")
def delete_bulletin(request: ApiRequest, id: int) -> tuple[int, None]:
    """Nobody but who sent it sees it any more. Again changes nothing."""
    end_bulletin(by=request.auth, bulletin=_load(request, id))
    return 204, None


@router.put("/bulletins/{id}/receipt", response=BulletinOut, operation_id="acknowledge", summary="Have read a bulletin")
def put_receipt(request: ApiRequest, id: int) -> BulletinOut:
    """Say that you have read it. Again changes nothing."""
    found = _load(request, id)
    acknowledge(by=request.auth, bulletin=found)
    return _shown(request, found, read=True)


def _load(request: ApiRequest, pk: int) -> Bulletin:
    found = bulletin_for(request.auth, pk) if 0 < pk <= _LARGEST else None
    if found is None:
        raise NotThere("no_bulletin")
    return found


def _shown(request: ApiRequest, row: Bulletin, *, read: bool) -> BulletinOut:
    return _bulletin(row, subjects_of(request.auth, [row]), read=read)


def _bulletin(row: Bulletin, subjects: Subjects, *, read: bool) -> BulletinOut:
    return BulletinOut.model_validate(
        {
            "id": row.pk, "title": row.title, "text": row.text, "by": person(row.sent_by), "space": row.space.slug,
            "audience": row.audience, "at": row.sent_at, "acknowledge_until": row.acknowledge_until, "read": read,
            "practice": row.practice_id if row.practice_id in subjects.practices else None,
            "playbook": row.playbook_id if row.playbook_id in subjects.playbooks else None,
        }
    )  # fmt: skip
