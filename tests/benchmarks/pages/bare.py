"""The bare view: 12 KB that never change, without middleware or database, in the same threads as the pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, resolve

PATH = "/bare/"
DJANGO_PATH = "/bare/by-django/"
BODY = b"<p>All that it says, always.</p>".ljust(12 * 1024)


def bare(request: HttpRequest) -> HttpResponse:
    """Always the same."""
    return HttpResponse(BODY, headers={"Content-Length": str(len(BODY))})


urlpatterns = [path(address.lstrip("/"), bare) for address in (PATH, DJANGO_PATH)]


class BareMiddleware:
    """Before all others: answers the bare view's addresses as a site without any middleware would."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look the address up among the bare ones, or pass the request on."""
        if request.path_info not in {PATH, DJANGO_PATH}:
            return self.get_response(request)
        found = resolve(request.path_info, urlconf=__name__)
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response
