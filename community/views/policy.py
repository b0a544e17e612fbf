"""What every answer of a view says of itself: its Content-Security-Policy, and that it is not for others."""

from collections.abc import Callable

from csp.utils import build_policy
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_POLICY = "Content-Security-Policy"
# Kept by nobody in between, shown again only after asking. Not `no-store`: browsers would forget what somebody typed.
_CACHING = "private, no-cache"


class PolicyMiddleware:
    """Gives every answer the site's policy (`CONTENT_SECURITY_POLICY`, made once at start) and keeps it private.

    An answer that says something else of its own accord is left alone. Who asks makes no difference: looking would
    cost a query, and with a token of the API nobody is signed in. Static files do not come by here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        response = self.get_response(request)
        response.headers.setdefault(_POLICY, self.policy)
        response.headers.setdefault("Cache-Control", _CACHING)
        return response
