"""Problem details (RFC 9457): how every refusal is told to programs, whichever door they came through."""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int,
    code: str,
    detail: str,
    errors: Mapping[str, str] | None = None,
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """The response: `code` for programs, `detail` for people, `errors` says for each field what to do."""
    told: dict[str, object] = {
        "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, "code": code,
    }  # fmt: skip
    if errors:
        told["errors"] = dict(errors)
    told |= more or {}
    return JsonResponse(told, status=status, content_type=MEDIA_TYPE)


def database_away() -> HttpResponse:
    """The response while the database cannot be reached."""
    response = problem(503, "database_away", _("The site cannot reach its database just now. Try again in a moment."))
    response["Retry-After"] = "5"
    return response
