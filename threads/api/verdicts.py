"""What organizations say of practices."""

from datetime import datetime
from typing import Literal

from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text, Whole
from community.api.people import OrganizationName, Person, organization_name, person
from threads.actions.verdicts import say_verdict, withdraw_verdict
from threads.api.names import practice_or_404
from threads.models import Practice, Verdict
from threads.queries.verdicts import organizations_needed, own_verdict, verdicts_shown, voices
from threads.rules.confidence import SCORE_NEEDED
from threads.rules.limits import NOTE_LENGTH

router = Router(tags=["practices"])

Kind = Literal["worked", "changes", "failed", "outdated", "dangerous"]


class VerdictIn(BaseModel):
    """How a practice did for you."""

    kind: Kind
    environment: Text = Field("", max_length=400, description="Where you tried it.")
    note: Text = Field("", max_length=NOTE_LENGTH, description="Needed unless it simply worked.")
    version: Whole | None = Field(None, ge=1, description="The version that you read; the present one when not given.")


class VerdictOut(BaseModel):
    """What a member says of a practice."""

    kind: Kind
    member: Person
    environment: str
    note: str = Field(description="Empty too when it was said before the practice was shown to you.")
    version: int
    at: datetime
    dealt_with: bool = Field(description="A review has answered it.")
    counts: bool = Field(description="It is what counts for the organization now.")


class TrustOut(BaseModel):
    """How far a practice can be trusted, and what is said of it, the newest first; organizations count once each."""

    confidence: Literal["work_in_progress", "not_validated", "validated", "archived"]
    basis: str = Field(description="Why it is validated: computed, approved or imported; else empty.")
    score: int = Field(description="0 to 100; 50 when nobody has said anything.")
    warned: bool = Field(description="Somebody says that it is dangerous, and no review has answered that yet.")
    counted: dict[str, int] = Field(description="How many organizations say what.")
    used: int = Field(description="How many more used it and said nothing: each a quarter of a voice in the score.")
    needed: int = Field(description="How many organizations have to say that it works.")
    score_needed: int = Field(description="The score from which it can be validated.")
    own: VerdictOut | None = Field(description="What you say of it.")
    organizations: list[OrganizationName] = Field(description="Those that are counted.")
    verdicts: list[VerdictOut]


@router.get(
    "/practices/{id}/verdicts", response=TrustOut, operation_id="verdicts", summary="What is said of a practice"
)
def get_verdicts(request: ApiRequest, id: int) -> TrustOut:
    """Everything that members say of a practice now, and what follows from it."""
    return _trust(request, practice_or_404(request.auth, id))


@router.put("/practices/{id}/verdict", response=TrustOut, operation_id="say_verdict", summary="Say how a practice did")
def put_verdict(request: ApiRequest, id: int, data: VerdictIn) -> TrustOut:
    """Say how a practice did for you, instead of what you said before."""
    say_verdict(by=request.auth, practice=practice_or_404(request.auth, id), **data.model_dump())
    return _trust(request, practice_or_404(request.auth, id))


@router.delete(
    "/practices/{id}/verdict", response=TrustOut, operation_id="withdraw_verdict", summary="Take back what you said"
)
def delete_verdict(request: ApiRequest, id: int) -> TrustOut:
    """Take back what you said of a practice."""
    withdraw_verdict(by=request.auth, practice=practice_or_404(request.auth, id))
    return _trust(request, practice_or_404(request.auth, id))


def _trust(request: ApiRequest, practice: Practice) -> TrustOut:
    counting = {voice.verdict.pk: voice.verdict for voice in voices(request.auth, practice) if voice.counts}
    rows = [_said(row, counts=row.pk in counting) for row in verdicts_shown(request.auth, practice)]
    own = own_verdict(request.auth, practice)
    return TrustOut.model_validate(
        {
            "confidence": practice.confidence, "basis": practice.basis, "score": practice.score,
            "warned": practice.warned_at is not None,
            "counted": {
                "worked": practice.worked, "changes": practice.changed, "failed": practice.failed,
                "outdated": practice.outdated, "dangerous": practice.dangerous,
            },
            "used": practice.used, "needed": practice.needed or organizations_needed(), "score_needed": SCORE_NEEDED,
            "own": _said(own, counts=own.pk in counting) if own else None,
            "organizations": [organization_name(verdict.organization) for verdict in counting.values()],
            "verdicts": rows,
        }
    )  # fmt: skip


def _said(verdict: Verdict, *, counts: bool) -> VerdictOut:
    return VerdictOut.model_validate(
        {
            "kind": verdict.kind, "member": person(verdict.member, verdict.organization),
            "environment": verdict.environment, "note": verdict.note, "version": verdict.version, "at": verdict.at,
            "dealt_with": verdict.answered_by_id is not None, "counts": counts,
        }
    )  # fmt: skip
