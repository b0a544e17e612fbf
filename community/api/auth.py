"""Who asks: by a token, or by the session of the browser they are signed in with."""

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from community.errors import Forbidden
from community.models import Member
from community.queries.members import active_member, member_by_token


class ApiRequest(HttpRequest):
    """A request whose sender is known: `auth` is the member."""

    auth: Member


class Token(HttpBearer):
    """`Authorization: Bearer <token>`; made by `manage.py create_token HANDLE`."""

    def authenticate(self, request: HttpRequest, token: str) -> Member | None:  # noqa: ARG002
        """The member whose token it is."""
        return member_by_token(token.strip())


class BrowserSession(APIKeyCookie):
    """The cookie of a signed-in browser. Methods that change something need the CSRF token in `X-CSRFToken`.

    A token given beside it decides alone, so that a wrong one is noticed.
    """

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Member | None:
        """The member signed in. Raises Forbidden when the CSRF token is missing or wrong."""
        return None if "Authorization" in request.headers else self.authenticate(request, None)

    def authenticate(self, request: HttpRequest, key: str | None) -> Member | None:  # noqa: ARG002
        """The member signed in, as they are now."""
        if not request.user.is_authenticated:
            return None
        if check_csrf(request) is not None:
            raise Forbidden("csrf")
        return active_member(request.user.pk)
