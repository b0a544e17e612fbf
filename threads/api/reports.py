"""What strangers reported of public practices, for who looks after them."""

from datetime import datetime
from typing import Literal

from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Identifier
from community.errors import NotThere
from threads.actions.public import handle_reports
from threads.api.names import practice_or_404
from threads.models import PublicReport
from threads.policies.public import may_handle_reports
from threads.queries.public_reports import waiting_reports

router = Router(tags=["practices"])


class ReportOut(BaseModel):
    """What somebody outside experienced with a practice. Who they are nobody knows."""

    id: int
    outcome: Literal["changes", "failed", "outdated", "dangerous"]
    environment: str
    text: str = Field(description="Plain text.")
    version: int = Field(description="The published version that they read.")
    at: datetime


class HandledIn(BaseModel):
    """Up to which report, that one too."""

    upto: Identifier


class HandledOut(BaseModel):
    """How many were dealt with by that."""

    handled: int


def _out(row: PublicReport) -> ReportOut:
    facts = {"id": row.pk, "outcome": row.outcome, "environment": row.environment, "text": row.text}
    return ReportOut.model_validate(facts | {"version": row.version, "at": row.at})


@router.get(
    "/practices/{id}/reports", response=list[ReportOut], operation_id="reports", summary="What strangers reported"
)
def reports(request: ApiRequest, id: int) -> list[ReportOut]:
    """The newest 20 that nobody has dealt with; for who looks after the practice or decides about it."""
    practice = practice_or_404(request.auth, id)
    if not may_handle_reports(request.auth, practice):
        raise NotThere("not_there")
    return [_out(row) for row in waiting_reports(practice)]


@router.post(
    "/practices/{id}/reports/handled", response=HandledOut, operation_id="handle_reports", summary="Deal with reports"
)
def post_handled(request: ApiRequest, id: int, data: HandledIn) -> HandledOut:
    """Say that somebody dealt with what strangers reported, up to the last one that you read."""
    done = handle_reports(by=request.auth, practice=practice_or_404(request.auth, id), upto=data.upto)
    return HandledOut(handled=done)
