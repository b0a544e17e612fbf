"""Who could help with a thread, and practices that were applied in it."""

from datetime import datetime

from django.utils.html import strip_tags
from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from community.api.people import Person, person
from community.errors import Forbidden
from community.models import Member
from threads.actions.reuse import use_practice
from threads.api.names import organizations_or_invalid, practice_or_404, thread_or_404
from threads.models import Thread
from threads.policies.rights import rights_in
from threads.policies.swarm import may_let_in
from threads.queries.beside import titled
from threads.queries.matching import Among, Candidate, candidates_for
from threads.rendering.reasons import sentences

router = Router(tags=["swarm"])

MOST = 20


class ReasonOut(BaseModel):
    """Why somebody is proposed."""

    kind: str
    about: str = Field(
        description="A topic (tag:dns, product:mail), a language, the name of a certificate; often empty."
    )
    count: int
    at: datetime | None
    thread: int | None = Field(description="A thread that you see.")
    text: str


class AskableOut(BaseModel):
    """Whether somebody can be asked now."""

    now: bool
    why: str
    at: datetime | None = Field(description="When they can be, as far as anybody knows.")


class MatchOut(BaseModel):
    """Somebody who could help."""

    member: Person
    score: float
    reasons: list[ReasonOut]
    reachable: AskableOut
    load: int = Field(description="Open threads that they own or help with, and requests that they have to answer.")
    lets_in: bool = Field(description="Whether asking them would let them in: they do not see the thread yet.")


class MatchesOut(BaseModel):
    """Those who could help, best first."""

    items: list[MatchOut]


class MatchesAsked(BaseModel):
    """Among whom to look."""

    limit: int = Field(10, ge=1, le=MOST)
    organization: Text = Field("", max_length=60, description="A slug.")
    tag: Text = Field("", max_length=40, description="Only those who are known for it.")
    beyond: bool = Field(False, description="Also people who do not see the thread; for those who may let them in.")


@router.get("/threads/{id}/matches", response=MatchesOut, summary="Who could help")
def matches(request: ApiRequest, id: int, asked: Query[MatchesAsked]) -> MatchesOut:
    """Nobody but those who see the thread, unless `beyond` is asked for; nobody of its swarm. Nobody for a guest, who
    sees the thread and not who else does. Not paged."""
    member = request.auth
    thread = thread_or_404(member, id)
    if rights_in(member, thread).guest:
        return MatchesOut(items=[])
    if asked.beyond and not may_let_in(member, thread):
        raise Forbidden("may_not_let_in")
    organization = organizations_or_invalid([asked.organization])[0].pk if asked.organization else None
    scope = f"tag:{asked.tag}" if asked.tag else ""
    among = Among(organization=organization, scope=scope, beyond=asked.beyond)
    return MatchesOut(items=_outs(member, thread, candidates_for(member, thread, among=among, limit=asked.limit)))


@router.put("/threads/{id}/applications/{practice}", response={204: None}, summary="Apply a practice")
def apply(request: ApiRequest, id: int, practice: int) -> tuple[int, None]:
    """Say that it is used here. What it says goes into the empty fields of the record; again changes nothing."""
    thread, found = thread_or_404(request.auth, id), practice_or_404(request.auth, practice)
    use_practice(by=request.auth, thread=thread, practice=found)
    return 204, None


def _outs(member: Member, thread: Thread, found: list[Candidate]) -> list[MatchOut]:
    ids = {reason.thread for each in found for reason in each.reasons if reason.thread}
    threads = titled(member, ids)
    products = {thread.product.slug: thread.product.name} if thread.product else {}
    return [
        MatchOut(
            member=person(each.member),
            score=round(each.score, 3),
            reasons=[
                ReasonOut(
                    kind=reason.kind,
                    about=reason.about,
                    count=reason.count,
                    at=reason.at,
                    thread=reason.thread if reason.thread in threads else None,
                    text=" ".join(strip_tags(words) for words in sentences([reason], threads, products)),
                )
                for reason in each.reasons
            ],
            reachable=AskableOut(now=each.reachable.now, why=each.reachable.why, at=each.reachable.at),
            load=each.load,
            lets_in=each.lets_in,
        )
        for each in found
    ]
