"""Refusals as pages: the one place where a code becomes a page that says what to do."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

from community.errors import Refused

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
            return HttpResponse(_plain("503.html"), status=503, headers={"Retry-After": "5"})
        if not isinstance(error, Refused):
            return None
        context = {"code": error.code, "detail": words(error)}
        return render(request, _PAGES.get(error.status, "400.html"), context, status=error.status)


def words(error: Refused) -> str:
    """What a refusal tells a person: the action's own words, else those for its code."""
    if error.detail != error.code:
        return error.detail
    return _WORDS.get(error.code, lambda: _("This is not possible here."))()


_WORDS: dict[str, Callable[[], str]] = {
    "only_author_or_moderator": lambda: _("Only the author and the moderators of this space can do this."),
    "only_asker_owner_or_moderator": lambda: _(
        "Only the asker, the owner and the moderators of this space can do this."
    ),
    "only_deleter_or_moderator": lambda: _("Only who deleted this and the moderators of this space can bring it back."),
    "only_moderators_close": lambda: _("Only moderators close a thread. You can resolve it instead."),
    "only_administrators_invite": lambda: _("Only administrators of an organization invite into it. Ask one of yours."),
    "only_owner_leaves": lambda: _("You do not own this thread."),
    "may_not_record": lambda: _("You cannot record this thread in the archive."),
    "invitation_used": lambda: _("This invitation has been used. Sign in instead."),
    "invitation_expired": lambda: _("This invitation has expired. Ask for a new one."),
    "already_a_member": lambda: _("There is a member with this e-mail address. Sign in instead."),
}


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


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The page for our own mistakes; it needs neither database nor session."""
    return HttpResponse(_plain("500.html"), status=500)
