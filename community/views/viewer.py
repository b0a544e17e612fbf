"""Who is asking."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from community.models import Member
from community.queries.frame import frame_statements
from community.queries.sessions import SessionStore
from community.rules.ready import Statement
from community.rules.statements import ask_ahead, can_ask_ahead, forget_answers
from community.rules.viewers import Somebody

V = TypeVar("V", bound=Callable[..., Any])


def viewer(request: HttpRequest) -> Member:
    """The signed-in member; every page but those marked otherwise requires one."""
    member: Any = request.user
    if isinstance(member, SimpleLazyObject):
        # The member behind it: looking through it costs with every attribute.
        bool(member)
        member = member._wrapped
    return cast(Member, member)


def asking_ahead(statement: Callable[..., Statement | None]) -> Callable[[V], V]:
    """For a page that only reads: what it asks first, by the same arguments, is asked along with who its viewer is."""

    def told(view: V) -> V:
        view.asks_ahead = statement  # type: ignore[attr-defined]
        return view

    return told


class MemberMiddleware(AuthenticationMiddleware):
    """Django's own, with the member read in one query, organization and center along."""

    def process_request(self, request: HttpRequest) -> None:
        """Give the request its `user`, read when somebody looks."""
        super().process_request(request)
        request.user = cast(Any, SimpleLazyObject(partial(_user_of, request)))


class SignedInMiddleware(LoginRequiredMiddleware):
    """Django's, which asks who it is only where that matters, and then hands on the member without a proxy."""

    def process_view(
        self, request: HttpRequest, view_func: Any, _view_args: Any, view_kwargs: Any
    ) -> HttpResponseRedirect | None:
        """Send whoever has not signed in to do so, unless the view is for everybody."""
        if not getattr(view_func, "login_required", True):
            return None
        if hasattr(view_func, "asks_ahead") and can_ask_ahead():
            _ask_ahead(request, partial(view_func.asks_ahead, **view_kwargs))
        member: Any = viewer(request)
        if not member.is_authenticated:
            return self.handle_no_permission(request, view_func)
        request.user = member
        return None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What was asked ahead and not needed is of no use to the next."""
        if hasattr(request, "_asked_ahead"):
            forget_answers()
        return response


def _ask_ahead(request: HttpRequest, statement: Callable[[Somebody], Statement | None]) -> None:
    """Asks for whoever the session named last. Whoever else it names asks something else, which is not answered yet."""
    session = cast(SessionStore, request.session)
    expected = session.expected()
    if expected is not None and request.method == "GET":
        request._asked_ahead = True  # type: ignore[attr-defined]
        wanted = session.statement(expected), *frame_statements(expected), statement(expected)
        ask_ahead([each for each in wanted if each is not None])


def _user_of(request: HttpRequest) -> Any:
    """Whom the session names, when its password is still theirs; whatever is not so plain is left to Django."""
    if not hasattr(request, "_cached_user"):
        request._cached_user = _plainly_named(request) or get_user(request)  # type: ignore[attr-defined]
    return request._cached_user  # type: ignore[attr-defined]


def _plainly_named(request: HttpRequest) -> Member | None:
    session = cast(SessionStore, request.session)
    member = session.member()
    if member is None or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    same = constant_time_compare(session.get(HASH_SESSION_KEY) or "", _session_hash(member.password))
    return member if same else None


@lru_cache(maxsize=10_000)
def _session_hash(password: str) -> str:
    """What the sessions of whoever has this password, as it is kept, are signed with."""
    return Member(password=password).get_session_auth_hash()
