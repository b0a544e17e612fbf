"""Suggested edits of practices: make, read, decide."""

from typing import Any

from django.http import HttpResponse
from ninja import Router

from community.api.auth import ApiRequest
from threads.actions.suggestions import accept_suggestion, reject_suggestion, suggest_edit, withdraw_suggestion
from threads.api import practice_schemas
from threads.api.names import practice_or_404, suggestion_or_404, thread_or_404
from threads.api.shapes import suggestion_out
from threads.models import RECORD_FIELDS
from threads.queries.suggestions import suggestions_for

router = Router(tags=["practices"])


@router.get(
    "/practices/{id}/suggestions",
    response=list[practice_schemas.SuggestionOut],
    operation_id="suggestions",
    summary="Suggested edits that wait",
)
def suggestions(request: ApiRequest, id: int) -> list[practice_schemas.SuggestionOut]:
    """Those that wait for a decision: your own, and all when you may decide."""
    return [suggestion_out(row) for row in suggestions_for(request.auth, practice_or_404(request.auth, id))]


@router.post(
    "/practices/{id}/suggestions",
    response={201: practice_schemas.SuggestionOut},
    operation_id="suggest_edit",
    summary="Suggest an edit",
)
def post_suggestion(
    request: ApiRequest, id: int, response: HttpResponse, data: practice_schemas.NewSuggestion
) -> practice_schemas.SuggestionOut:
    """Propose other words for a practice. One of yours that waits is replaced."""
    practice = practice_or_404(request.auth, id)
    thread = thread_or_404(request.auth, data.thread) if data.thread is not None else None
    made = suggest_edit(
        by=request.auth, practice=practice, base_version=data.version, title=data.title, fields=_fields(data),
        reason=data.reason, thread=thread,
    )  # fmt: skip
    response["Location"] = f"{request.path.partition('/practices/')[0]}/suggestions/{made.pk}"
    return suggestion_out(suggestion_or_404(request.auth, made.pk))


@router.get(
    "/suggestions/{id}",
    response=practice_schemas.SuggestionOut,
    operation_id="suggestion",
    summary="Read a suggested edit",
)
def suggestion(request: ApiRequest, id: int) -> practice_schemas.SuggestionOut:
    """One suggestion: yours, or one that you may decide."""
    return suggestion_out(suggestion_or_404(request.auth, id))


@router.post(
    "/suggestions/{id}/accept",
    response=practice_schemas.SuggestionOut,
    operation_id="accept_suggestion",
    summary="Take a suggestion up",
)
def accept(request: ApiRequest, id: int, data: practice_schemas.AcceptIn) -> practice_schemas.SuggestionOut:
    """Take a suggestion up, put together with what changed since, or in the words given."""
    found, fields = suggestion_or_404(request.auth, id), _fields(data)
    accept_suggestion(
        by=request.auth, suggestion=found, version=data.version, title=data.title, fields=fields or None,
        number=data.number, mask=data.mask, keep=data.keep,
    )  # fmt: skip
    return suggestion_out(suggestion_or_404(request.auth, id))


@router.post(
    "/suggestions/{id}/reject",
    response=practice_schemas.SuggestionOut,
    operation_id="reject_suggestion",
    summary="Do not take a suggestion up",
)
def reject(request: ApiRequest, id: int, data: practice_schemas.RejectIn) -> practice_schemas.SuggestionOut:
    """Say why not; its author is told."""
    reject_suggestion(by=request.auth, suggestion=suggestion_or_404(request.auth, id), reply=data.reply)
    return suggestion_out(suggestion_or_404(request.auth, id))


@router.post(
    "/suggestions/{id}/withdraw",
    response=practice_schemas.SuggestionOut,
    operation_id="withdraw_suggestion",
    summary="Take your suggestion back",
)
def withdraw(request: ApiRequest, id: int) -> practice_schemas.SuggestionOut:
    """Take back what you suggested, while nobody has decided."""
    withdraw_suggestion(by=request.auth, suggestion=suggestion_or_404(request.auth, id))
    return suggestion_out(suggestion_or_404(request.auth, id))


def _fields(data: Any) -> dict[str, str]:
    return {name: getattr(data, name) for name in RECORD_FIELDS if getattr(data, name) is not None}
