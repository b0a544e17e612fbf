"""Pages compressed on their way out, cheaply: each is made for one reader and sent once."""

import gzip
import secrets
from collections.abc import Callable

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

_SHORT = 1000
_MOST_PADDING = 100


class CompressionMiddleware:
    """Compresses HTML for whoever takes it, so that a proxy in front has nothing left to do.

    Who watches the line and can make a reader's browser ask for pages of their choice could learn from the lengths
    what else a page says (BREACH). Forms' tokens look different each time; a comment of random length blurs the rest.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on, and compress the answer if it is a page."""
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and _worth_it(response):
            patch_vary_headers(response, ("Accept-Encoding",))
            accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
            if "br" in accepted:
                _encode(response, "br", lambda page: brotli.compress(page, mode=brotli.MODE_TEXT, quality=2))
            elif "gzip" in accepted:
                _encode(response, "gzip", lambda page: gzip.compress(page, compresslevel=6, mtime=0))
        return response


def _worth_it(response: HttpResponse) -> bool:
    is_page = response.get("Content-Type", "").startswith("text/html")
    return is_page and len(response.content) >= _SHORT and "Content-Encoding" not in response


def _encode(response: HttpResponse, coding: str, compress: Callable[[bytes], bytes]) -> None:
    padding = secrets.token_hex(secrets.randbelow(_MOST_PADDING))
    response.content = compress(b"%b<!-- %b -->" % (response.content, padding.encode()))
    response["Content-Encoding"] = coding
    response["Content-Length"] = str(len(response.content))
