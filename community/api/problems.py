"""Every refusal of the API as problem details, in one place."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, Field

from community.errors import Invalid, NotThere, Refused
from community.rendering.problems import database_away, problem
from community.rendering.refusals import words_of

log = logging.getLogger(__name__)
E = TypeVar("E", bound=Exception)
P = ParamSpec("P")


class Problem(BaseModel):
    """Why a request was refused: `code` for programs, `detail` for people, `errors` says for each field what to do."""

    type: str = Field(default="about:blank", description="Always about:blank; `code` tells problems apart.")
    title: str = Field(description="The HTTP status in words.")
    status: int
    detail: str = Field(description="What is wrong, and what to do about it.")
    code: str = Field(description="The stable name of the problem.")
    errors: dict[str, str] = Field(default={}, description="For each field that cannot be used, what to do.")
    details: list[dict[str, str | int | bool]] = Field(
        default=[], description="For a practice: what tells of somebody, by field and place, to be masked or kept."
    )


def install(api: NinjaAPI) -> None:
    """Have `api` answer with problem details whatever it refuses."""
    api.add_exception_handler(Refused, _answer(_refused))
    api.add_exception_handler(Http404, _answer(lambda _error: _not_there()))
    api.add_exception_handler(ValidationError, _answer(_invalid))
    api.add_exception_handler(AuthenticationError, _unknown)
    api.add_exception_handler(HttpError, _answer(_http_error))
    api.add_exception_handler(RequestDataTooBig, _answer(_too_big))
    api.add_exception_handler(OperationalError, _answer(_away))


def _answer(make: Callable[[E], HttpResponse]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda _request, error: make(error)


def _refused(refused: Refused) -> HttpResponse:
    if isinstance(refused, NotThere):
        return _not_there()
    if isinstance(refused, Invalid):
        detail = " ".join(dict.fromkeys(refused.fields.values()))
        return problem(refused.status, refused.code, detail, refused.fields, refused.more)
    return problem(refused.status, refused.code, words_of(refused), more=refused.more)


def _not_there() -> HttpResponse:
    return problem(404, "not_there", words_of(NotThere("not_there")))


def _invalid(error: ValidationError) -> HttpResponse:
    """What does not fit the documented form; an id that can be none names nothing, like one that is not there."""
    if any(each["loc"][0] == "path" for each in error.errors):
        return _not_there()
    errors: dict[str, str] = {}
    for each in error.errors:
        errors.setdefault(_field(each["loc"]), _message(each))
    return _refused(Invalid(errors))


def _field(location: tuple[str | int, ...]) -> str:
    inner = location[2:] if location[0] == "body" else location[1:]
    return ".".join(str(part) for part in inner) or "body"


def _message(error: dict[str, Any]) -> str:
    facts = error.get("ctx", {})
    messages = {
        "missing": _("This is needed."),
        "string_type": _("This must be text."),
        "string_too_short": _("This must not be empty."),
        "string_too_long": _("This is too long; at most %(max_length)s characters fit."),
        "string_unicode": _("This is not valid Unicode text."),
        "int_type": _("This must be a whole number."),
        "int_parsing": _("This must be a whole number."),
        "int_from_float": _("This must be a whole number."),
        "bool_type": _("This must be true or false."),
        "list_type": _("This must be a list."),
        "too_long": _("These are too many; at most %(max_length)s are taken."),
        "model_type": _("This must be an object."),
        "model_attributes_type": _("This must be an object."),
        "greater_than_equal": _("This must be %(ge)s or more."),
        "less_than_equal": _("This must be %(le)s or less."),
        "literal_error": _("This must be one of %(expected)s."),
        "value_error": "%(error)s",
    }
    words = messages.get(str(error["type"]))
    return words % facts if words else str(error["msg"])


def _unknown(request: HttpRequest, _error: Any) -> HttpResponse:
    given = "Authorization" in request.headers
    detail = _("This token is unknown or was withdrawn. Make a new one.") if given else _("Send a token, or sign in.")
    response = problem(401, "token_unknown" if given else "token_missing", detail)
    response["WWW-Authenticate"] = 'Bearer realm="guildhall"' + (', error="invalid_token"' if given else "")
    return response


def _http_error(error: HttpError) -> HttpResponse:
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return problem(400, "malformed", _("The body is not valid JSON. Send one JSON object, in UTF-8."))
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    return problem(error.status_code, code, str(error))


def _too_big(_error: RequestDataTooBig) -> HttpResponse:
    return problem(413, "too_big", _("The body is too large. Send less at once."))


def _away(error: OperationalError) -> HttpResponse:
    log.error("the database is away: %s", error)
    return database_away()


def with_problem_for_methods(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """The view, answering a method it does not know with problem details too."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(*args, **kwargs)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        allowed = response["Allow"]
        told = problem(405, "method_unknown", _("This address answers only to %(methods)s.") % {"methods": allowed})
        told["Allow"] = allowed
        return told

    return answered
