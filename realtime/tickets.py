"""Who knocks: by session cookie from our own pages, or by token; and who is to be shown out again."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, parse_cookie
from django.http.request import split_domain_port, validate_host

from community.models import ApiToken, Member
from community.queries.members import member_by_token, token_digest
from community.rules import clock
from realtime.database import in_chunks
from realtime.people import Person, Ticket, person_of
from realtime.rules import Closing


@dataclass(frozen=True)
class Knock:
    """What a client shows when it connects."""

    cookie: str = ""
    token: str | None = None
    origin: str = ""
    host: str = ""

    @property
    def refusal(self) -> int | None:
        """The close code for pages of other sites: cookies come along from anywhere, so the origin counts."""
        return None if self.token is not None or _is_ours(self.origin, self.host) else Closing.FOREIGN_ORIGIN


def knock_of(scope: dict[str, Any]) -> Knock:
    """What the headers of an ASGI connection show."""
    headers = {name: value.decode("latin1") for name, value in scope["headers"]}
    scheme, _space, token = headers.get(b"authorization", "").partition(" ")
    return Knock(
        cookie=headers.get(b"cookie", ""),
        token=token.strip() if scheme.lower() == "bearer" else None,
        origin=headers.get(b"origin", ""),
        host=headers.get(b"host", ""),
    )


def _is_ours(origin: str, host: str) -> bool:
    """The site's own address, or the address asked for when it is one of the allowed hosts. Ports count."""
    if origin.rstrip("/") == settings.SITE_URL:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    domain, _port = split_domain_port(host)
    same = parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()
    return same and bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def admit(knock: Knock) -> tuple[Person, Ticket] | None:
    """Who it is, when they may come in."""
    if knock.token is not None:
        member = member_by_token(knock.token)
        return (person_of(member), Ticket(member.pk, token=token_digest(knock.token))) if member else None
    key = parse_cookie(knock.cookie).get(settings.SESSION_COOKIE_NAME)
    return _admit_session(key) if key and key.isalnum() else None


def _admit_session(key: str) -> tuple[Person, Ticket] | None:
    request = HttpRequest()
    request.session = SessionStore(key)
    member = get_user(request)
    if not isinstance(member, Member) or not member.is_active:
        return None
    return person_of(member), Ticket(member.pk, session=key, password=_digest(member.password))


def _digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()[:16]


def ended(tickets: Collection[Ticket]) -> set[Ticket]:
    """Those that are good no more: signed out, expired, revoked, another password, or the member is not active."""
    passwords: dict[int, str] = {}
    for ids in in_chunks({ticket.member_id for ticket in tickets}):
        passwords.update(Member.objects.filter(pk__in=ids, is_active=True).values_list("pk", "password"))
    sessions = _living_sessions({ticket.session for ticket in tickets if ticket.session})
    tokens = _living_tokens({ticket.token for ticket in tickets if ticket.token})
    return {
        ticket
        for ticket in tickets
        if ticket.member_id not in passwords
        or (ticket.session and ticket.session not in sessions)
        or (ticket.session and ticket.password != _digest(passwords[ticket.member_id]))
        or (ticket.token and ticket.token not in tokens)
    }


def _living_sessions(keys: set[str]) -> set[str]:
    found: set[str] = set()
    for some in in_chunks(keys):
        living = Session.objects.filter(session_key__in=some, expire_date__gt=clock.now())
        found.update(living.values_list("session_key", flat=True))
    return found


def _living_tokens(digests: set[str]) -> set[str]:
    found: set[str] = set()
    for some in in_chunks(digests):
        living = ApiToken.objects.filter(digest__in=some, revoked_at__isnull=True)
        found.update(living.values_list("digest", flat=True))
    return found
