"""Refusals as pages: the one place where a code becomes a page that says what to do."""

import sys
from collections.abc import Callable

from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

from community.errors import Refused
from community.rendering.problems import database_away, problem
from community.rendering.refusals import words_of

View = Callable[[HttpRequest], HttpResponse]
_PAGES = {403: "403.html", 404: "404.html", 429: "429.html"}


class RefusalMiddleware:
    """Answers an action's refusal that no form has taken up, and a database that is away, with a page."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a refusal; None for any other error."""
        if isinstance(error, OperationalError):
            return _away(request)
        if isinstance(error, DataError | OverflowError):
            # Characters or numbers that the database cannot even look for name nothing; no form gives them.
            return render(request, "400.html", status=400)
        if not isinstance(error, Refused):
            return None
        context = {"code": error.code, "detail": words_of(error)}
        return render(request, _PAGES.get(error.status, "400.html"), context, status=error.status)


def _away(request: HttpRequest) -> HttpResponse:
    if _is_api(request):
        return database_away()
    return HttpResponse(_plain("503.html"), status=503, headers={"Retry-After": "5"})


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _plain(template: str) -> str:
    return get_template(template).render({})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """The page for a request that cannot be understood."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """The page for what the viewer may not do."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """The page for what is not there, or not for this viewer."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for our own mistakes; it needs neither database nor session. Problem details for the API.

    A database that is away before a view is reached (sessions are there too) is none of them.
    """
    if isinstance(sys.exc_info()[1], OperationalError):
        return _away(request)
    if _is_api(request):
        return problem(500, "server_error", _("Something went wrong here. It has been logged; try again in a moment."))
    return HttpResponse(_plain("500.html"), status=500)
