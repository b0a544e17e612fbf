"""The tokens of forms: Django's, masked anew for every page, at a tenth of the cost."""

import secrets

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS as CHARS
from django.middleware.csrf import CSRF_SECRET_LENGTH as LENGTH

_COUNT = len(CHARS)
# Each character with what it becomes under the mask at each place.
_TURNED = {char: CHARS[place:] + CHARS[:place] for place, char in enumerate(CHARS)}
_PLACES = bytes(byte % _COUNT for byte in range(256))
# Bytes from here on would make some characters likelier than others.
_UNFAIR = bytes(range(256 - 256 % _COUNT, 256))


def form_token(request: HttpRequest) -> str:
    """A token for the forms of this page. Who has no cookie yet is given one; who has keeps it as it is."""
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        secret = _text(_mask())
        request.META |= {"CSRF_COOKIE": secret, "CSRF_COOKIE_NEEDS_UPDATE": True}
    return masked(secret)


def masked(secret: str) -> str:
    """The secret as a token that looks different every time, as `django.middleware.csrf` reads it."""
    mask = _mask()
    return _text(mask) + "".join([_TURNED[char][place] for char, place in zip(secret, mask, strict=True)])


def _text(places: bytes) -> str:
    return "".join([CHARS[place] for place in places])


def _mask() -> bytes:
    places = b""
    while len(places) < LENGTH:
        places += secrets.token_bytes(2 * LENGTH).translate(_PLACES, _UNFAIR)
    return places[:LENGTH]
