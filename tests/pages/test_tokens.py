"""The tokens of forms are Django's: what it gives and what we mask, it takes; nothing else."""

import re

from django.middleware import csrf
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH
from django.test import Client
from django.utils.crypto import get_random_string

from community.views.tokens import masked
from tests.cast import Cast

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def test_a_masked_secret_is_what_django_unmasks() -> None:
    for _turn in range(200):
        secret = get_random_string(CSRF_SECRET_LENGTH, CSRF_ALLOWED_CHARS)
        token = masked(secret)
        assert csrf._unmask_cipher_token(token) == secret  # type: ignore[attr-defined]
        assert secret not in token


def test_a_token_is_another_one_every_time_and_uses_all_characters() -> None:
    secret = get_random_string(CSRF_SECRET_LENGTH, CSRF_ALLOWED_CHARS)
    tokens = {masked(secret) for _turn in range(200)}
    assert len(tokens) == 200
    assert set("".join(tokens)) == set(CSRF_ALLOWED_CHARS)


def test_the_forms_of_a_page_are_accepted_and_others_are_not(cast: Cast) -> None:
    """On the first page, which gives the cookie, and on those after it."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    for _page in range(2):
        tokens = _TOKEN.findall(client.get("/").content.decode())
        assert tokens
        for token in tokens:
            sent = {"theme": "dark", "next": "/", "csrfmiddlewaretoken": token}
            assert client.post("/theme/", sent).status_code == 302
    assert client.post("/theme/", {"theme": "dark"}).status_code == 403
    assert client.post("/theme/", {"theme": "dark", "csrfmiddlewaretoken": masked("a" * 32)}).status_code == 403
