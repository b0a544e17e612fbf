"""Records of contributions: what one would say, taking one along, withdrawing it, and checking one."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Page, Paging, Text, broken_cursor
from community.rules import clock
from reputation.models import CareerRecord
from reputation.queries.keys import published_keys
from reputation.queries.verifying import Verdict, verified
from reputation.rules.career import MOST_TOPICS, CareerRecordSigned, Choice, RecordDraft, RecordNetwork, SignedRecord
from threads.actions.career import digest_of, issue_record, withdraw_record
from threads.queries.career import draft_of, issued_page
from threads.rendering.career import verdict_words
from threads.rules.strangers import count_check

router = Router(tags=["people"])

_WHOLE_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object", "description": "The file as it is."}}},
    }
}


class RecordChoice(BaseModel):
    """What is to be in a record; everything up to today where nothing is said."""

    first: date | None = Field(None, description="The first day, UTC; without it from the beginning.")
    last: date | None = Field(None, description="The last day, UTC; without it today.")
    subjects: list[Text] = Field([], max_length=MOST_TOPICS, description="`product:<slug>`, `tag:<slug>`.")
    certificates: bool = Field(True, description="Whether confirmed certificates are in it.")


class RecordAsked(RecordChoice):
    """A record to take along."""

    id: UUID = Field(description="A UUID of your own for it: sent twice it is the same record.")
    digest: Text = Field(max_length=64, description="The `digest` of the preview that you agree to.")


class RecordPreview(BaseModel):
    """What would be signed, but for `id` and `issued_at`."""

    record: RecordDraft
    digest: str = Field(description="Give it back to have exactly this signed.")


class RecordTaken(BaseModel):
    """That you took a record. What it said is not kept."""

    id: UUID
    issued_at: datetime
    key: str
    first: date | None
    last: date
    subjects: list[str]
    certificates: bool
    withdrawn_at: datetime | None


class NetworkKey(BaseModel):
    """A public key of the network."""

    id: str = Field(description="The first 32 hexadecimal digits of the SHA-256 of the key's 32 bytes.")
    alg: str
    public: str = Field(description="The key's 32 bytes in base64url.")
    pem: str
    valid_from: datetime
    valid_until: datetime | None = Field(description="Since when it signs no more.")
    distrusted_at: datetime | None = Field(description="Since when its signature alone proves nothing.")


class NetworkKeys(BaseModel):
    """Every public key of the network, the newest first."""

    network: RecordNetwork
    keys: list[NetworkKey]


class RecordVerified(BaseModel):
    """What a file is."""

    verdict: Verdict
    detail: str = Field(description="The same in words.")
    reason: str = Field(description="Why it is no record: a stable name; else empty.")
    key: str | None = Field(description="The id of the key that signed it, when it is the network's.")
    withdrawn_at: datetime | None
    record: CareerRecordSigned | None = Field(description="What was signed; only of a genuine record.")


@router.get("/me/record", response=RecordPreview, operation_id="preview_record", summary="What your record would say")
def get_record(request: ApiRequest, asked: Query[RecordChoice]) -> RecordPreview:
    """Your contributions in numbers, as a record of this choice would say them today."""
    draft = draft_of(request.auth, _choice(asked))
    return RecordPreview(record=draft, digest=digest_of(draft))


@router.post("/me/records", response={201: SignedRecord}, operation_id="issue_record", summary="Take a record along")
def post_record(request: ApiRequest, data: RecordAsked) -> dict[str, Any]:
    """Have it signed. The answer is the file, made once; 409 when it would say something else than the preview."""
    return issue_record(by=request.auth, choice=_choice(data), number=data.id, seen=data.digest).document


@router.get("/me/records", response=Page[RecordTaken], operation_id="records_taken", summary="Records you took")
def get_records(request: ApiRequest, paging: Query[Paging]) -> Page[RecordTaken]:
    """The newest first, withdrawn ones too."""
    try:
        rows, following = issued_page(request.auth, after=paging.after, limit=paging.limit)
    except ValueError as error:
        raise broken_cursor() from error
    return Page(items=[_taken(row) for row in rows], next=following)


@router.delete("/me/records/{id}", response={204: None}, operation_id="withdraw_record", summary="Withdraw a record")
def delete_record(request: ApiRequest, id: UUID) -> None:
    """Whoever checks it is told that you withdrew it. It cannot be undone."""
    withdraw_record(by=request.auth, number=id)


@router.get("/keys", response=NetworkKeys, auth=None, operation_id="network_keys", summary="The public keys")
def get_keys(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001  (every call is given one)
    """Those that signed records, also long ago; without a token."""
    return published_keys()


@router.post(
    "/verify", response=RecordVerified, auth=None, operation_id="verify_record", summary="Check a record",
    openapi_extra=_WHOLE_FILE,
)  # fmt: skip
def post_verify(request: HttpRequest) -> RecordVerified:
    """Whether the network signed this file and nothing was changed; without a token. Nothing of it is kept."""
    count_check(str(request.META.get("REMOTE_ADDR", "")))
    found = verified(request.body)
    return RecordVerified(
        verdict=found.verdict, detail=verdict_words(found.verdict, found.reason), reason=found.reason,
        key=found.key.pk if found.key else None, withdrawn_at=found.note.withdrawn_at if found.note else None,
        record=CareerRecordSigned.model_validate(found.record) if found.record else None,
    )  # fmt: skip


def _choice(asked: RecordChoice) -> Choice:
    last = asked.last or clock.now().date()
    return Choice(last, asked.first, tuple(sorted(set(asked.subjects))), asked.certificates)


def _taken(row: CareerRecord) -> RecordTaken:
    return RecordTaken(
        id=row.number, issued_at=row.issued_at, key=row.key_id, withdrawn_at=row.withdrawn_at, **row.chosen
    )
