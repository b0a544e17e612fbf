"""Who knocks: by session cookie from our own pages, or by token; and who is to be shown out again."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils.crypto import constant_time_compare

from community.models import ApiToken, Member
from community.queries.members import members_by_digest, token_digest
from community.rules import clock
from community.rules.numbers import whole
from community.rules.statements import rows_of, table
from realtime.database import in_chunks
from realtime.doorbell import doors_now
from realtime.facts import Doors
from realtime.people import Person, Ticket, person_of
from realtime.rules import Closing

Admitted = tuple[Person, Ticket]
# Asked for hundreds every second, hence by hand.
_ACTIVE = f"SELECT id, password FROM {Member._meta.db_table} WHERE id IN ({{}}) AND is_active"  # noqa: S608
_SESSIONS = f"""
SELECT session_key FROM {Session._meta.db_table} WHERE session_key IN ({{}}) AND expire_date > %s
"""  # noqa: S608  (the names of our own tables, here and before and after)
_TOKENS = f"SELECT digest FROM {ApiToken._meta.db_table} WHERE digest IN ({{}}) AND revoked_at IS NULL"  # noqa: S608


@dataclass(frozen=True, slots=True)
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

    @property
    def session(self) -> str:
        """The key of the session, empty when there is none."""
        key = parse_cookie(self.cookie).get(settings.SESSION_COOKIE_NAME) or ""
        return key if key.isascii() and key.isalnum() else ""


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


def admit(knocks: Sequence[Knock]) -> list[Admitted | None]:
    """Who they are, of those who may come in. A few queries, however many knock.

    Where the doors stand is read first: whom a later change concerns is asked about again.
    """
    doors = doors_now()
    keys = [knock.session if knock.token is None else "" for knock in knocks]
    by_token = _by_token({knock.token for knock in knocks if knock.token is not None}, doors)
    by_session = _by_session({*keys} - {""}, doors)
    return [
        by_session.get(key) if knock.token is None else by_token.get(knock.token)
        for knock, key in zip(knocks, keys, strict=True)
    ]


def _by_token(tokens: Collection[str], doors: Doors) -> dict[str, Admitted]:
    if not tokens:
        return {}
    digests = {token_digest(token): token for token in tokens}
    members = members_by_digest(digests)
    return {
        digests[digest]: (person_of(member), Ticket(member.pk, token=digest, doors=doors))
        for digest, member in members.items()
    }


def people(ids: Collection[int]) -> dict[int, Person]:
    """These members as they are now, by id; of those who are active."""
    rows = Member.objects.filter(pk__in=ids, is_active=True).select_related("organization")
    return {member.pk: person_of(member) for member in rows}


@dataclass(frozen=True, slots=True)
class _SignedIn:
    """What a session says: whose it is, and what their password must still be like."""

    key: str
    expires: datetime
    member_id: int
    password_hash: str

    def fits(self, member: Member) -> bool:
        """Whether it is this member's, and of the time of their present password."""
        return _same(self.password_hash, member.get_session_auth_hash()) or any(
            _same(self.password_hash, fallback) for fallback in member.get_session_auth_fallback_hash()
        )


def _same(one: str, other: str) -> bool:
    return constant_time_compare(one, other)


def _by_session(keys: Collection[str], doors: Doors) -> dict[str, Admitted]:
    """The rules of `django.contrib.auth.get_user`, for many."""
    if not keys:
        return {}
    signed_in = list(_signed_in(keys))
    ids = {session.member_id for session in signed_in}
    rows = Member.objects.filter(pk__in=ids, is_active=True).select_related("organization")
    members = {member.pk: member for member in rows}
    return {
        session.key: (person_of(member), _ticket(session, member, doors))
        for session in signed_in
        if (member := members.get(session.member_id)) is not None and session.fits(member)
    }


def _ticket(session: _SignedIn, member: Member, doors: Doors) -> Ticket:
    password = _digest(member.password)
    return Ticket(member.pk, session=session.key, password=password, doors=doors, expires=session.expires)


def _signed_in(keys: Collection[str]) -> Iterable[_SignedIn]:
    store = SessionStore()
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.now())
    for key, text, expires in rows.values_list("session_key", "session_data", "expire_date"):
        data = store.decode(text)
        member_id = whole(str(data.get(SESSION_KEY, "")))
        if member_id is not None and data.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS:
            yield _SignedIn(key, expires, member_id, str(data.get(HASH_SESSION_KEY, "")))


def _digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()[:16]


def ended(tickets: Collection[Ticket]) -> set[Ticket]:
    """Those that are good no more: signed out, expired, revoked, another password, or the member is not active."""
    passwords = dict(_rows_of(_ACTIVE, {ticket.member_id for ticket in tickets}))
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
    now = connection.ops.adapt_datetimefield_value(clock.now())
    return {key for (key,) in _rows_of(_SESSIONS, keys, now)}


def _living_tokens(digests: set[str]) -> set[str]:
    return {digest for (digest,) in _rows_of(_TOKENS, digests)}


def _rows_of(sql: str, keys: Collection[int | str], *values: object) -> Iterable[Any]:
    """What a statement finds for many keys, all of one type."""
    for some in in_chunks(keys):
        given, listed = table(["bigint" if isinstance(some[0], int) else "text"], [[key] for key in some])
        yield from rows_of(sql.format(given), [*listed, *values])
