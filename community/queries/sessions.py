"""Sessions in the database, and whom they name: asked with every request, so in one query where that is possible.

The database is asked every time, so that who signed out anywhere, or was suspended, is out everywhere at once. Only
what follows from a text alone is remembered: what a session's text says, which checking its signature tells.
"""

import json
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet, Subquery
from django.db.models.base import ModelState

from community.models import Member
from community.queries.arrivals import Arrival, Ask, Marks, can_be_relied_on, marks_in
from community.queries.prepared import Answer, Prepared
from community.rules import clock
from community.rules.memo import Memo
from community.rules.numbers import whole

M = TypeVar("M", bound=Model)
_MOST_REMEMBERED = 8 * 1024 * 1024
_MOST_MEMBERS = 5_000

_said: Memo[str] = Memo(most=_MOST_REMEMBERED, size=len)
_made: Memo[Member] = Memo(most=_MOST_MEMBERS, size=lambda _member: 1, weigh=lambda _row: 0)
_marked: Memo[Member | None] = Memo(most=_MOST_MEMBERS, size=lambda _member: 1, weigh=lambda _marks: 0)
_named: dict[str, int] = {}
_MOST_NAMED = 50_000


class SessionStore(db.SessionStore):
    """Django's, with what was read told once, and read along with its member where that is known."""

    def _get_session_from_db(self) -> Any:
        found = _kept(key=self.session_key or "").first()
        if found is not None and found.expire_date > clock.now():
            return found
        self._session_key = None
        return None

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What a session's text says; nothing when it is not signed by this site."""
        said = _said.get(session_data, lambda: json.dumps(super(SessionStore, self).decode(session_data)))
        read: dict[str, Any] = json.loads(said)
        return read

    def member(self) -> Member | None:
        """The active member whom the session names, with organization and center; None when it names none."""
        key = self.session_key or ""
        guess = _named.get(key)
        if guess is not None and "_session_cache" not in self.__dict__:
            return self._member_of(guess, key)
        number = self._number()
        return None if number is None else _member(pk=number).first()

    def arrive(self, ask: Ask) -> Arrival | None:
        """The member whom the session named last, when it does so still, with what `ask` asks along with it.

        None where `member` has to find out; it asks anew.
        """
        key = self.session_key or ""
        guess = _named.get(key)
        if guess is None or "_session_cache" in self.__dict__ or not can_be_relied_on():
            return None
        row = ask(guess, key)
        marks = marks_in(row) if row.rows and _time(row.value("expire_date")) > clock.now() else None
        if marks is None:
            _named.pop(key, None)
            return None
        self._session_cache = self.decode(row.value("session_data"))
        member = _member_with(guess, marks) if self._number() == guess else None
        return None if member is None else Arrival(member, marks, row)

    def _member_of(self, guess: int, key: str) -> Member | None:
        found: Any = _member_in(_member_and_session(pk=guess, key=key))
        if found is None or found.session_data is None or found.session_ends <= clock.now():
            _named.pop(key, None)
            return self.member()
        self._session_cache = self.decode(found.session_data)
        return cast(Member, found) if self._number() == found.pk else self.member()

    def _number(self) -> int | None:
        number = whole(str(self.get(SESSION_KEY, "")))
        if number is not None and self.session_key:
            if len(_named) >= _MOST_NAMED:
                _named.clear()
            _named[self.session_key] = number
        return number


def active_member(pk: int) -> Member | None:
    """The member as a session of theirs gives them, with organization and center; None when they are not active."""
    return _member(pk=pk).first()


def _time(said: str) -> datetime:
    """A time as the database wrote it. SQLite leaves out the zone, which is UTC."""
    at = datetime.fromisoformat(said)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _member_with(pk: int, marks: Marks) -> Member | None:
    """The active member as they are while their marks are these, for one request."""
    kept = _marked.get((pk, marks), lambda: _member(pk=pk).first())
    return None if kept is None else _copied(kept)


def _member_in(answer: Answer[Member]) -> Member | None:
    """The member of these rows, put together once from the same row: a copy, because requests keep things with it."""
    if not answer.rows:
        return None
    return _copied(_made.get(answer.rows[0], lambda: answer[0]))


def _copied(one: M) -> M:
    """A model of its own, with what was read along, at a tenth of what Django takes to make one."""
    made = one.__class__.__new__(one.__class__)
    made.__dict__.update(one.__dict__)
    state = made._state = ModelState()
    state.db, state.adding = one._state.db, False
    state.fields_cache = {
        name: _copied(thing) if isinstance(thing, Model) else thing for name, thing in one._state.fields_cache.items()
    }
    return made


def _sessions(key: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key)


def _with_place(pk: int) -> QuerySet[Member]:
    return Member.objects.filter(pk=pk, is_active=True).select_related("organization", "center")


def _with_session(pk: int, key: str) -> QuerySet[Member]:
    session = _sessions(key)
    data, ends = Subquery(session.values("session_data")), Subquery(session.values("expire_date"))
    return _with_place(pk).annotate(session_data=data, session_ends=ends)


_kept = Prepared(_sessions)
_member = Prepared(_with_place)
_member_and_session = Prepared(_with_session)
