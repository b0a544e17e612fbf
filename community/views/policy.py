"""The Content-Security-Policy, the same for every page."""

from collections.abc import Callable

from csp.utils import build_policy
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_HEADER = "Content-Security-Policy"


class PolicyMiddleware:
    """Gives every answer without a policy of its own the site's (`CONTENT_SECURITY_POLICY`), made once at start."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        response = self.get_response(request)
        response.headers.setdefault(_HEADER, self.policy)
        return response
